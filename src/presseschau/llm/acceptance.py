"""Whether a completion is an answer: the prompt was read whole, the key is not in it, the text fits the schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from presseschau.errors import MalformedAnswer, TruncatedAnswer
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.faults import holds_key
from presseschau.llm.local.lines import lines_json, lines_of
from presseschau.llm.profiles import Profile, Rung
from presseschau.llm.reply import parse, unwrap
from presseschau.llm.token_count import TokenEstimate
from presseschau.models import Request


def accepted(
    text: str, request: Request[Any], *, messages: Sequence[str], seen: int, rung: Rung, endpoint: Endpoint,
    profile: Profile, estimate: TokenEstimate,
) -> str:  # fmt: skip
    """The JSON of the answer. `messages` are the prompt's texts, `seen` its tokens as the server read it (0: unknown).

    Raises TruncatedAnswer for a prompt that was cut, MalformedAnswer for a text that is not the answer asked for.
    """
    characters = sum(map(len, messages))
    if profile.cuts and estimate.was_cut(characters, seen, endpoint.context_tokens):
        raise TruncatedAnswer(
            f"The server read only {seen} tokens of a prompt of {characters} characters: it "
            "silently cut the prompt. Give it a larger context (for Ollama: num_ctx).",
            raw=text,
        )
    if holds_key(text, endpoint.api_key.get_secret_value()):
        raise MalformedAnswer("The answer repeats the key.")
    whole = unwrap(text) if rung == "text" else text
    if lines := lines_of(request.tight):
        whole = lines_json(whole, lines)
    parse(whole, request.answer)
    estimate.learn(characters, len(messages), seen)
    return whole
