"""An engine that writes the note of fixtures/briefing: good sentences, and whatever falsehood a test plants."""

from __future__ import annotations

import json
import re
from pathlib import Path

from presseschau.pipeline.note import SentencesAnswer, StoryAnswer
from scripted import ScriptedEngine

FOLDER = Path(__file__).parent.parent / "fixtures/briefing"
_LINE = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)


def good():
    return json.loads((FOLDER / "note_answers.json").read_text("utf-8"))


def planted():
    return [json.loads(line) for line in (FOLDER / "planted.jsonl").read_text("utf-8").splitlines()]


class NoteEngine(ScriptedEngine):
    """Answers note requests from `good()`. `plant`: a further point of its story; `mended`: what it is written as the
    second time, or None for the same again; `others` answers requests of other tasks."""

    def __init__(self, plant=None, *, mended=None, others=None, **settings):
        super().__init__(self._answer, **settings)
        self.plant, self.mended, self.others = plant, mended, others

    def _answer(self, request):
        if request.task != "note":
            return self.others(request)
        said = request.messages[-1].content
        lines = [(int(n), text) for n, text in _LINE.findall(said)]
        answers = good()
        if request.answer is StoryAnswer:
            return self._story(answers, lines)
        assert request.answer is SentencesAnswer
        if "say something that the lines" in said:
            again = [self.mended or self.plant] if self.plant else []
            return {"sentences": [_draft(one, lines) for one in again]}
        return {"sentences": _drafts(answers["bottom_line"], lines)}

    def _story(self, answers, lines):
        whole = "\n".join(text for _, text in lines)
        story = next((one for one in answers["stories"] if one["about"] in whole), None)
        if story is None:  # a window of a story in which nothing is worth a point
            return {"points": [], "title": {"numbers": [lines[0][0]], "text": ""}}
        points = list(story["points"])
        if self.plant and self.plant["story"] == story["about"]:
            points.insert(1, self.plant)
        return {"points": _drafts(points, lines), "title": _draft(story["title"], lines)}


def _drafts(some, lines):
    """Of those whose lines are shown."""
    return [draft for one in some if (draft := _draft(one, lines))["numbers"]]


def _draft(one, lines):
    numbers = one.get("numbers") or [next((n for n, text in lines if phrase in text), None) for phrase in one["lines"]]
    return {"numbers": [n for n in numbers if n], "text": one["text"]}
