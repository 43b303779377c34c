"""An engine that answers from a script: the fake beside the seam."""

from __future__ import annotations

import json
import re

from presseschau.errors import MalformedAnswer, PresseschauError
from presseschau.llm.local.grammar import lines_of
from presseschau.models import Answer, EngineInfo, Usage


class ScriptedEngine:
    """Answers each request with `reply(request)`: a value to be sent as JSON, or an error to raise."""

    def __init__(self, reply, *, english_first=False, small=False, context_tokens=32_000):
        self.reply = reply
        self.info = EngineInfo("scripted", "scripted", context_tokens, english_first, small, "Scripted.")
        self.requests = []

    def count_tokens(self, text):
        return len(text) // 3

    async def ask(self, request):
        self.requests.append(request)
        answer = self.reply(request)
        if isinstance(answer, PresseschauError):
            raise answer
        text = json.dumps(answer)
        try:
            value = request.answer.model_validate_json(text)
        except ValueError as error:
            raise MalformedAnswer("not the schema", raw=text) from error
        return Answer(value, text, Usage(prompt_tokens=10, completion_tokens=5, requests=1), cached=False)

    def asked(self, task):
        return [request for request in self.requests if request.task == task]


def wanted(request):
    """The sentence numbers that a translate or claims request asks for."""
    if lines := lines_of(request.tight):
        return list(lines.numbers)
    return numbers_in(request.messages[-1].content)


def numbers_in(text):
    """The sentence numbers that a task text asks for: `sentences 1-3, 7:`."""
    runs = re.search(r"sentences ([\d, -]+)(?: into|:)", text)[1]
    numbers = []
    for run in runs.split(","):
        first, _, last = run.strip().partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers
