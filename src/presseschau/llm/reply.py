"""From the bytes of an answer to its text: complete, not refused, nothing guessed, and an answer to what was asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from presseschau.errors import AnswerError, MalformedAnswer, RefusedAnswer, TruncatedAnswer
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.faults import Failure, Retryable, clean, holds_key, of_error_in_200
from presseschau.llm.local.grammar import lines_json, lines_of
from presseschau.llm.profiles import Profile, SchemaMode
from presseschau.llm.token_count import TokenEstimate
from presseschau.llm.wire_json import strict_loads
from presseschau.models import AnswerModel, Request, Usage

_LONGEST_COUNT = 9
"""Digits; no request has a thousand million tokens."""


@dataclass(frozen=True)
class Completion:
    """What one chat completion says. `usage` is None if the server does not say what it used in figures that can be
    so; `seen_tokens` is the prompt as it read it, 0 if it does not say."""

    text: str
    finish: str | None
    refusal: str
    reasoning: str
    usage: Usage | None
    seen_tokens: int


@dataclass(frozen=True)
class Received:
    """A body that came with a success status. `pause`: seconds until the server's rate limit has room again."""

    content_type: str
    content: bytes
    pause: float | None = None


def read_completion(received: Received) -> Completion | Failure:
    """The completion in a body that came with status 200, or why there is none.

    The content type only serves the message: servers send good JSON as text/plain and web pages as anything.
    """
    try:
        data = strict_loads(received.content.decode("utf-8"))
    except ValueError as error:  # UnicodeDecodeError is one
        why = f"the answer is not JSON but {_what(received)} ({clean(str(error), 80)})"
        damaged = isinstance(error, json.JSONDecodeError | UnicodeDecodeError)
        return Retryable(why, billed=True, outage=damaged)  # JSON that nobody should read is this answer's fault
    return completion_of(data)


def completion_of(data: object) -> Completion | Failure:
    """The completion that a JSON value is, or why it is none."""
    if not isinstance(data, dict):
        return Retryable(f"the answer is a JSON {type(data).__name__}, not an object", billed=True, outage=True)
    if data.get("error"):
        return of_error_in_200(data["error"])
    choices = data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return Retryable("the answer holds no message", billed=True)
    if choice.get("error"):
        return of_error_in_200(choice["error"])
    return _completion(choice, message, data.get("usage"))


def _completion(choice: Mapping[str, Any], message: Mapping[str, Any], usage: object) -> Completion:
    finish = choice.get("finish_reason")
    text, refusal = _text(message.get("content")), _text(message.get("refusal"))
    reasoning = _text(message.get("reasoning_content")) or _text(message.get("reasoning"))
    used, seen = _usage(usage, wrote=bool(text or refusal or reasoning))
    return Completion(text, str(finish) if finish else None, refusal, reasoning, used, seen)


def _usage(said: object, *, wrote: bool) -> tuple[Usage | None, int]:
    """What an answer cost, None if that is not known, and the prompt's tokens as the server read them.

    Nothing else reads `usage`. Both halves must be there and possible: no prompt has 0 tokens, and no text either.
    """
    used = said if isinstance(said, dict) else {}
    details = used.get("prompt_tokens_details")
    prompt, completion = _count(used.get("prompt_tokens")), _count(used.get("completion_tokens"))
    cached = _count(details.get("cached_tokens") if isinstance(details, dict) else None) or 0
    seen = prompt or 0
    seen = seen + cached if cached > seen else seen  # some servers count only what was not cached
    if prompt is None or completion is None or not seen or (wrote and not completion):
        return None, seen
    return Usage(prompt_tokens=prompt, completion_tokens=completion, requests=1), seen


def check(completion: Completion) -> AnswerError | Retryable | None:
    """Why the completion is no complete answer; None if it is. Read before anything is parsed."""
    if completion.refusal:
        return RefusedAnswer(f"The model refused: {clean(completion.refusal)}", raw=completion.refusal)
    if completion.finish == "content_filter":
        return RefusedAnswer("A content filter stopped the answer.", raw=completion.text)
    if completion.finish == "length":
        why = " (all of it spent on reasoning)" if not completion.text and completion.reasoning else ""
        return TruncatedAnswer(f"The answer was cut off at its token cap{why}.", raw=completion.text)
    if completion.finish not in (None, "stop"):
        return Retryable(f"the answer ended with {clean(completion.finish, 40)!r}", billed=True)
    if not completion.text.strip():
        why = ": the model only reasoned" if completion.reasoning else ""
        return MalformedAnswer(f"The answer is empty{why}.", raw=completion.reasoning)
    return None


def parse(text: str, answer: type[AnswerModel]) -> AnswerModel:
    """The answer in a JSON text. Raises MalformedAnswer with what is wrong: not JSON, a key twice, not the schema.

    Half of a surrogate pair, raw or escaped, is rejected too: it is not text, and can be neither stored nor printed.
    """
    try:
        text.encode()
        strict_loads(text)
    except ValueError as error:
        printable = text.encode(errors="replace").decode()
        raise MalformedAnswer(f"The answer is not JSON: {clean(str(error), 120)}.", raw=printable) from None
    try:
        return answer.model_validate_json(text, strict=True, extra="forbid")
    except ValidationError as error:
        raise MalformedAnswer(f"The answer does not fit: {_first(error)}.", raw=text) from None


def unwrap(text: str) -> str:
    """The first complete JSON object in a free text: inside a code fence, after thoughts, before a farewell.

    Only for answers that were not bound to a schema. Without such an object the text comes back as it is.
    """
    text = text.rpartition("</think>")[2]
    start = text.find("{")
    for _ in range(8):  # a brace in the words before the object; not a search without end
        if start < 0:
            break
        try:
            _, end = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            start = text.find("{", start + 1)
        else:
            return text[start:end]
    return text


def fits(text: str, answer: type[BaseModel]) -> bool:
    """Whether a text, e.g. of a cached row, is an answer."""
    try:
        parse(text, answer)
    except MalformedAnswer:
        return False
    return True


def error_body(content: bytes) -> Mapping[str, Any]:
    """The error of a body that came with an error status, however it is put; {} if it says nothing readable."""
    text = content[:100_000].decode("utf-8", errors="replace").strip()
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {} if text.startswith("<") else {"error": text[:2_000]}
    if isinstance(data, list) and data:
        data = data[0]
    return data if isinstance(data, dict) else {"error": data}


def _first(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_context=False, include_input=False)
    more = f" and {len(details) - 1} more" if len(details) > 1 else ""
    place = ".".join(str(part) for part in details[0]["loc"]) or "the whole"
    return f"{place}: {clean(details[0]['msg'], 160)}{more}"


def _text(value: object) -> str:
    """Text of a message field; some servers send it in parts."""
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in value if isinstance(part, dict))
    return value if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    """A number of tokens, also one put as 12.0 or "12"; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _LONGEST_COUNT:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**_LONGEST_COUNT:
        return value
    return None


def _what(received: Received) -> str:
    content = received.content.strip()
    if not content:
        return "empty"
    if content.startswith(b"<"):
        return "a web page: is the base URL right, or is a login page or proxy in between?"
    return f"damaged or something else (content type {clean(received.content_type, 60) or 'not given'})"


def accepted(
    text: str, request: Request[Any], *, messages: Sequence[str], seen: int, schema_mode: SchemaMode,
    endpoint: Endpoint, profile: Profile, estimate: TokenEstimate,
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
    whole = unwrap(text) if schema_mode == "text" else text
    if lines := lines_of(request.tight):
        whole = lines_json(whole, lines)
    parse(whole, request.answer)
    estimate.learn(characters, len(messages), seen)
    return whole
