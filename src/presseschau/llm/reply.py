"""The one reader of answers: from bytes to what was asked for, complete, not refused, and nothing guessed.

    bytes ──▶ JSON, or the pieces of a stream ──▶ Completion ──▶ the first object in it that fits the answer's schema

What servers put around an answer is taken off (`wrapping.py`), in whatever way it was asked for, and noted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from textwrap import shorten
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from presseschau.errors import AnswerError, MalformedAnswer, RefusedAnswer, TruncatedAnswer, misfit
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.faults import Failure, Retryable, clean, holds_key, of_error_in_200
from presseschau.llm.local.grammar import lines_json, lines_of
from presseschau.llm.profiles import Profile
from presseschau.llm.sureness import WrittenToken, pieces_of, sureness
from presseschau.llm.token_count import TokenEstimate
from presseschau.llm.wrapping import candidates, mended
from presseschau.models import AnswerModel, Request, Sureness, Usage

_LONGEST_COUNT = 9
"""Digits; no request has a thousand million tokens."""


class Completion(NamedTuple):
    """What one chat completion says. `text` is what was written, or thought if nothing was written. `usage` is None if
    the server does not say what it used in figures that can be so; `seen_tokens` is the prompt as it read it, 0 if it
    does not say; `model` the name it gives, "" if none; `more` what its further choices say, `pieces` the tokens
    with their probabilities, if it gives them."""

    text: str
    finish: str | None
    refusal: str
    reasoning: str
    usage: Usage | None
    seen_tokens: int
    model: str = ""
    notes: tuple[str, ...] = ()
    more: tuple[Completion, ...] = ()
    pieces: tuple[WrittenToken, ...] = ()


class Received(NamedTuple):
    """A body that came with a success status. `pause`: seconds until the server's rate limit has room again."""

    content_type: str
    content: bytes
    pause: float | None = None


def read_completion(received: Received) -> Completion | Failure:
    """The completion in a body that came with status 200, or why there is none.

    The content type only serves the message: servers send good JSON as text/plain and web pages as anything.
    """
    try:
        text = received.content.decode("utf-8")
        data = _joined(text) if _is_stream(received) else strict_loads(text)
    except ValueError as error:  # UnicodeDecodeError is one
        why = f"the answer is not JSON but {_what(received)} ({_unread(error)})"
        damaged = isinstance(error, json.JSONDecodeError | UnicodeDecodeError)
        return Retryable(why, billed=True, outage=damaged)  # JSON that nobody should read is this answer's fault
    return completion_of(data)


def completion_of(data: object) -> Completion | Failure:
    """The completion that a JSON value is, or why it is none."""
    if not isinstance(data, dict):
        return Retryable(f"the answer is a JSON {type(data).__name__}, not an object", billed=True, outage=True)
    choices = data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    error = data.get("error") or (choice.get("error") if isinstance(choice, dict) else None)
    if error:
        return of_error_in_200(error)
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return Retryable("the answer holds no message", billed=True)
    finish = choice.get("finish_reason")
    text, refusal = _text(message.get("content")), _text(message.get("refusal"))
    reasoning = _text(message.get("reasoning_content")) or _text(message.get("reasoning"))
    used, seen = _usage(data.get("usage"), wrote=bool(text or refusal or reasoning))
    thought = not text.strip() and "{" in reasoning
    return Completion(
        reasoning if thought else text, str(finish) if finish else None, refusal, reasoning, used, seen,
        model=_text(data.get("model")), notes=(_THOUGHT,) if thought else (), more=_further(data, choices),
        pieces=pieces_of(choice),
    )  # fmt: skip


def _further(data: Mapping[str, Any], choices: object) -> tuple[Completion, ...]:
    """Choices after the first, those that can be read."""
    rest = choices[1:] if isinstance(choices, list) else []
    found = [completion_of({**data, "choices": [choice]}) for choice in rest]
    return tuple(one for one in found if isinstance(one, Completion))


_THOUGHT = "The server sent the answer as reasoning."


def _is_stream(received: Received) -> bool:
    return "event-stream" in received.content_type or received.content.lstrip()[:6].startswith((b"data:", b"event:"))


def _joined(text: str) -> dict[str, Any]:
    """The completion that the events of a stream add up to; some servers send one although none was asked for.

    Raises ValueError for events that are not JSON, and for a stream that does not end.
    """
    written: dict[str, list[str]] = {}
    whole: dict[str, Any] = {}
    choice: dict[str, Any] = {}
    ended = False
    for line in text.split("\n"):
        said = line.removeprefix("data:").strip() if line.startswith("data:") else ""
        if not said:
            continue
        if said == "[DONE]":
            ended = True
            break
        event = strict_loads(said)
        if not isinstance(event, dict):
            raise ValueError("an event is not an object")
        whole |= {name: value for name, value in event.items() if name != "choices" and value is not None}
        choices = event.get("choices")
        first = choices[0] if isinstance(choices, list) and choices else None
        if isinstance(first, dict):
            delta = first.get("delta") or first.get("message")
            for name, part in delta.items() if isinstance(delta, dict) else ():
                written.setdefault(name, []).append(_text(part))
            choice |= {name: first[name] for name in ("finish_reason", "error") if first.get(name)}
    if not whole or not (ended or choice.get("finish_reason") or whole.get("error")):
        raise ValueError("a stream without an end")
    return {**whole, "choices": [{**choice, "message": {name: "".join(parts) for name, parts in written.items()}}]}


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


_CUT = frozenset({"length", "max_tokens", "max_output_tokens", "model_length"})
_STOPPED = frozenset({"content_filter", "safety", "recitation", "blocklist", "prohibited_content", "spii"})


def check(completion: Completion) -> AnswerError | Retryable | None:
    """Why the completion is not a complete answer; None if it can be one. Read before anything is parsed.

    A reason to finish that nobody knows is judged by what was written: `accepted`.
    """
    finish = (completion.finish or "").lower()
    if completion.refusal:
        return RefusedAnswer(f"The model refused: {clean(completion.refusal)}", raw=completion.refusal)
    if finish in _STOPPED:
        return RefusedAnswer("A content filter stopped the answer.", raw=completion.text)
    if finish in _CUT:
        thoughts = completion.reasoning and completion.text in ("", completion.reasoning)
        why = " (all of it spent on reasoning)" if thoughts else ""
        return TruncatedAnswer(f"The answer was cut off at its token cap{why}.", raw=completion.text)
    if finish == "error" or (finish not in ("", "stop") and "{" not in completion.text):
        return Retryable(f"the answer ended with {clean(completion.finish or '', 40)!r}", billed=True)
    if not completion.text.strip():
        why = ": the model only reasoned" if completion.reasoning else ""
        return MalformedAnswer(f"The answer is empty{why}.", raw=completion.reasoning)
    return None


_QUOTED = 60
"""Characters of an answer that holds none."""


def parse(text: str, answer: type[AnswerModel]) -> AnswerModel:
    """The answer in a JSON text. Raises MalformedAnswer with what is wrong: not JSON, a key twice, not the schema.

    Half of a surrogate pair, raw or escaped, is rejected too: it is not text, and can be neither stored nor printed.
    """
    try:
        text.encode()
        strict_loads(text)
    except ValueError as error:
        printable = text.encode(errors="replace").decode()
        raise MalformedAnswer(f"The answer is not JSON: {_unread(error, printable)}.", raw=printable) from None
    try:
        return answer.model_validate_json(text, strict=True, extra="forbid")
    except ValidationError as error:
        raise MalformedAnswer(f"The answer does not fit: {clean(misfit(error), 200)}.", raw=text) from None


def strict_loads(text: str) -> Any:
    """The value of one JSON text.

    Raises ValueError (with a short reason) for what the standard reader lets through or falls over: a key given
    twice, NaN and Infinity, integers of thousands of digits, nesting without end.
    """
    try:
        return json.loads(text, object_pairs_hook=_without_double_keys, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except ValueError as error:
        if "integer string conversion" in str(error):
            raise ValueError("a number has thousands of digits") from None
        raise


def _without_double_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is given twice")
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


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


def _unread(error: ValueError, text: str = "") -> str:
    """Why a text is not JSON, in words that are not Python's."""
    if isinstance(error, json.JSONDecodeError):
        if not text[: error.pos].strip() and (begins := clean(text)):
            return f"it begins “{shorten(begins, _QUOTED, placeholder=' …')}”. If that goes on, try another model"
        return f"it goes wrong or breaks off at character {error.pos}"
    return "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else clean(str(error), 120)


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


class ReadAnswer(NamedTuple):
    """An answer that was read: its value, its JSON, and what a reader of it should know."""

    value: Any
    text: str
    notes: tuple[str, ...]
    sure: Mapping[str, Sureness]
    more: tuple[ReadAnswer, ...] = ()


def answer_in(
    completion: Completion, request: Request[Any], *, messages: Sequence[str], endpoint: Endpoint, profile: Profile,
    estimate: TokenEstimate,
) -> ReadAnswer | Failure:  # fmt: skip
    """The answer in a completion, and those in as many further ones as were asked for; or why there is none."""
    wrong = check(completion)
    if wrong is not None:
        return wrong
    try:
        reading = accepted(
            completion, request, messages=messages, endpoint=endpoint, profile=profile, estimate=estimate
        )
        further = [
            answer_in(one, request, messages=messages, endpoint=endpoint, profile=profile, estimate=estimate)
            for one in completion.more[: request.n - 1]
        ]
        return reading._replace(more=tuple(one for one in further if isinstance(one, ReadAnswer)))
    except MalformedAnswer as error:
        if completion.finish in (None, "stop"):
            return error
        return Retryable(f"the answer ended with {clean(completion.finish, 40)!r}", billed=True)  # half way, it seems
    except AnswerError as error:
        return error


def accepted(
    completion: Completion, request: Request[Any], *, messages: Sequence[str], endpoint: Endpoint, profile: Profile,
    estimate: TokenEstimate,
) -> ReadAnswer:  # fmt: skip
    """The answer in a completion. `messages` are the prompt's texts.

    Raises TruncatedAnswer for a prompt that was cut, MalformedAnswer for a text that is not the answer asked for.
    """
    text, seen, characters = completion.text, completion.seen_tokens, sum(map(len, messages))
    if profile.cuts and estimate.was_cut(characters, seen, endpoint.context_tokens):
        raise TruncatedAnswer(
            f"The server read only {seen} tokens of a prompt of {characters} characters: it "
            "silently cut the prompt. Give it a larger context (for Ollama: num_ctx).",
            raw=text,
        )
    if holds_key(text, endpoint.api_key.get_secret_value()):
        raise MalformedAnswer("The answer repeats the key.")
    if len(text) > _MOST_A_TOKEN * request.max_tokens + _MOST_MORE:
        raise MalformedAnswer(f"The answer has {len(text):,} characters, far more than it was allowed.", raw=text)
    reading = read(text, request)
    estimate.learn(characters, len(messages), seen)
    notes = (*completion.notes, *reading.notes, *_other_model(completion.model, endpoint))
    sure = sureness(reading.text, completion.pieces) if request.probabilities and completion.pieces else {}
    return reading._replace(notes=notes, sure=sure) if notes or sure else reading


_MOST_A_TOKEN, _MOST_MORE = 16, 200_000
"""Characters; texts have about four a token, a row of blanks more. What is not far longer the checks can judge."""


def read(text: str, request: Request[Any]) -> ReadAnswer:
    """The answer in a text: all of it, else the first whole object in it that fits. Raises MalformedAnswer for none."""
    if lines := lines_of(request.tight):
        text = lines_json(text, lines)
    try:
        return ReadAnswer(parse(text, request.answer), text, (), {})
    except MalformedAnswer as error:
        failure = error
    found = _loosely(text, request.answer)
    if found is not None:
        return found
    for candidate in candidates(text.removeprefix("\ufeff")):
        try:
            reading = ReadAnswer(parse(candidate.text, request.answer), candidate.text, (), {})
        except MalformedAnswer as error:
            loose = _loosely(candidate.text, request.answer)
            if loose is None:
                failure = error
                continue
            reading = loose
        around = ", ".join(candidate.around)
        return reading._replace(notes=(*reading.notes, f"Taken out of what stood around the answer: {around}."))
    raise failure


def _loosely(text: str, answer: type[BaseModel]) -> ReadAnswer | None:
    """The answer in which something has the wrong type and yet one meaning."""
    try:
        value = strict_loads(text)
        answer.model_validate_json(text, strict=True, extra="forbid")
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        if mended(value, [(detail["type"], detail["loc"]) for detail in details]):
            text = json.dumps(value, ensure_ascii=False)
            with suppress(MalformedAnswer):
                return ReadAnswer(parse(text, answer), text, ("Figures or texts came in another type.",), {})
    except ValueError:
        pass
    return None


def _other_model(said: str, endpoint: Endpoint) -> tuple[str, ...]:
    """A note if the server names a model that is not the one asked for; dates and folders in a name do not count. The
    embedded one answers under the name of its file, whose hash was checked."""
    if endpoint.profile == "embedded":
        return ()
    names = [re.sub(r"[^a-z0-9]", "", name.lower().rpartition("/")[2]) for name in (said, endpoint.model)]
    if not names[0] or not names[1] or names[0] in names[1] or names[1] in names[0]:
        return ()
    return (f"The server says that another model answered: {clean(said, 80)}.",)
