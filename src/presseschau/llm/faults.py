"""Every way a call can fail, put into one of five classes.

    run-fatal    CredentialsError, ModelError, ConfigurationError: stop at once, nothing else will work either
    item-fatal   RefusedAnswer, TruncatedAnswer, AnswerError: this request only; asking the same again is pointless
    retryable    Retryable: the same request may succeed later; after the last attempt it becomes ProviderDownError
    step         Unsupported: the server does not take the request in this shape; `ladder.py` tries the next one
    repairable   MalformedAnswer: bought, but unusable; the task may be asked again in other words

The functions here return the failure instead of raising it: no SDK exception, which holds the request's headers and
so the key, ever becomes the context of one of ours.
"""

from __future__ import annotations

import json
import re
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from presseschau.errors import (
    AnswerError,
    ConfigurationError,
    CredentialsError,
    ModelError,
    PresseschauError,
    RefusedAnswer,
    TruncatedAnswer,
)
from presseschau.llm.limits import limit_of
from presseschau.patterns import late


class Retryable(Exception):
    """The same request may succeed later. `after`: seconds the server asked to wait; `lasting`: a day's limit is used
    up, and the server does not say until when; `billed`: it may have been paid; `lost`: no connection, so an engine of
    ours may have to be started again; `overloaded`: the server has too much to do (429, 503, a missed deadline);
    `outage`: it is the endpoint that fails, whatever is asked; `nobody`: nothing there speaks HTTP."""

    def __init__(
        self, reason: str, *, after: float | None = None, billed: bool = False, lost: bool = False,
        overloaded: bool = False, outage: bool = False, lasting: bool = False, nobody: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(reason)
        self.after = after
        self.lasting = lasting
        self.billed = billed
        self.lost = lost
        self.overloaded = overloaded
        self.outage = outage or lost
        self.nobody = nobody
        self.spared = False  # set by the gate: it shall not use up the request's attempts

    @property
    def until(self) -> str:
        """A sentence about how long the server asked to wait, after a blank; "" if it did not."""
        if self.lasting:
            return " The daily limit is used up; the server does not say until when."
        if self.after is None:
            return ""
        end = datetime.now().astimezone() + timedelta(seconds=self.after)
        return f" It asked to wait {self.after:.0f} s, until {end:%Y-%m-%d %H:%M %Z}."


class Unsupported(Exception):
    """The server refused the request (400, 404, 422) with words that may name what it does not know.

    `failure` is what the refusal means if nothing that was sent is named; `room`: the tokens that an answer may have,
    if it was the cap that did not fit.
    """

    def __init__(self, words: str, failure: PresseschauError, room: int | None = None) -> None:
        super().__init__(words)
        self.failure = failure
        self.room = room


Failure = PresseschauError | Retryable | Unsupported
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_SHORTEST_KEY = 8  # a shorter one ("none", "EMPTY") is not a secret, and may be a word

_TOO_LONG = late(r"context_length|exceed_context|maximum context|context (?:size|window|length)|too long", re.I)
_FILTERED = late(
    r"content.?(?:filter|policy|moderation)|content management policy|ResponsibleAIPolicy|moderation_(?:block|reject)|"
    r"safety.?(?:check|filter)|guardrail|data_inspection|prohibited_content|invalid_prompt|content exists risk|"
    r"\b(?:input|prompt|content|request|message|text|output)s?\b[^.]{0,80}?\b"
    r"(?:flagged|moderated|inappropriate|high risk|violat\w+\b[^.]{0,40}\b(?:usage|safety) (?:polic|guideline))",
    re.I,
)
"""Words about what was sent, not about who sent it."""
_ACCOUNT = late(r"\b(?:account|organi[sz]ation|project|api.?key|key|user|access)s?\b", re.I)
_NO_MODEL = late(r"model_not_found|model .{0,80}(not (found|exist|loaded)|does not exist)|no such model", re.I)
_KEY_LIKE = late(r"\b(?:sk|pk|gsk|xai)-[\w*.-]{6,}", re.I)
_CONTROL = late(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


def of_status(status: int, body: Mapping[str, Any], headers: Mapping[str, str] = _NO_HEADERS) -> Failure:
    """The failure that an HTTP status (or the code of an error inside a 200), the error's body and the headers mean.

    `headers` have lower-case names.
    """
    error = _error(body)
    message, marks = _message(error)
    said = f": {message.rstrip('.')}." if message else "."
    limit = limit_of(error, headers, time.time())
    if status == 402 or (status in (400, 429) and limit.no_credit):
        return CredentialsError(f"The account has no credit or quota left (HTTP {status}){said}")
    if _moderated(error, marks):
        return RefusedAnswer(f"A content filter refused the request (HTTP {status}){said}")
    if status in (401, 403):
        return CredentialsError(f"The server refused the key (HTTP {status}){said} Check the key and its rights.")
    if status == 413 or (status in (400, 422) and _TOO_LONG.search(marks)):
        too_long = TruncatedAnswer(f"The prompt is too long for this server (HTTP {status}){said}")
        room = room_for_answer(marks)
        return Unsupported(marks, too_long, room) if room else too_long
    if status in (400, 404, 422):
        return Unsupported(marks, _bad_request(status, message, marks), room_for_answer(marks))
    if status in (408, 409, 425, 429) or status >= 500:
        if headers.get("x-should-retry") == "false":
            return AnswerError(f"The server will not take this request, now or later (HTTP {status}){said}")
        overloaded = status in (429, 503, 529)
        return Retryable(
            f"HTTP {status}{said}",
            after=limit.after,
            lasting=limit.lasting,
            overloaded=overloaded,
            outage=status >= 500,
        )
    if 300 <= status < 400:
        return ConfigurationError(
            f"The server redirects (HTTP {status}); redirects are not followed, since the article and the key would go "
            "elsewhere. Give the final address as base URL."
        )
    return ConfigurationError(f"The server answered HTTP {status}{said} Check the base URL.")


_COUNT = r"(\d{1,3}(?:,\d{3})+|\d{1,9})"
_CONTEXT = late(rf"context (?:length|window|size)\D{{0,30}}?{_COUNT}", re.I)
_PROMPT = late(
    rf"{_COUNT} (?:input tokens|(?:tokens )?(?:in|of|from) (?:the|your) (?:messages|prompt|input)|prompt tokens)|"
    rf"prompt (?:contains|has|is|of)\D{{0,20}}?{_COUNT}",
    re.I,
)
_MOST_WRITTEN = late(rf"at most {_COUNT} (?:completion|output|new|generated)", re.I)
_LEAST_ROOM = 64
"""Tokens; less is not an answer to anything that is asked here."""


def room_for_answer(words: str) -> int | None:
    """The tokens that an answer may have, if a refusal says so: the most a model writes, or what the prompt leaves of
    its context; None if that is too little for any answer."""
    most, context, prompt = _MOST_WRITTEN.search(words), _CONTEXT.search(words), _PROMPT.search(words)
    if most:
        room = _figure(most)
    elif context and prompt:
        room = _figure(context) - _figure(prompt)
    else:
        return None
    return room if room >= _LEAST_ROOM else None


def _figure(found: re.Match[str]) -> int:
    return int(next(filter(None, found.groups())).replace(",", ""))


def _bad_request(status: int, message: str, marks: str) -> PresseschauError:
    if status == 404 or _NO_MODEL.search(marks):
        return ModelError(
            f"The server does not know this model or address (HTTP {status}): {message or 'no reason given'}. "
            "Check the model's name, and whether the base URL should end in /v1."
        )
    return AnswerError(f"The server rejected the request (HTTP {status}): {message or 'no reason given'}")


def of_exception(error: BaseException, address: str) -> Failure:
    """The failure that an exception below HTTP means, found in its chain of causes; its own text is not passed on."""
    chain = list(_causes(error))
    names = [type(link).__name__ for link in chain]
    if any(isinstance(link, ssl.SSLError) for link in chain) or _any(names, "Certificate", "SSL"):
        return ConfigurationError(
            f"No secure connection to {address}: its certificate is not trusted here, or it does not speak TLS. If a "
            "proxy or an authority of your own is in between, set SSL_CERT_FILE to its certificate."
        )
    if _any(
        names, "InvalidURL", "InvalidUrl", "UnsupportedProtocol", "NonHttpUrl", "LocalProtocolError", "UnicodeError"
    ):
        return ConfigurationError(
            f"The address {address} cannot be used, or that of the proxy in HTTP_PROXY, HTTPS_PROXY or ALL_PROXY."
        )
    if _any(names, "DNSError", "gaierror"):
        return Retryable(f"the host of {address} is not found (no network, or a wrong name)", lost=True, nobody=True)
    if _any(names, "ConnectorError", "ConnectionRefused", "ConnectionTimeout", "ProxyError", "ProxyConnection"):
        tls = " Does it speak TLS? If not, the base URL begins with http://" if address.startswith("https:") else ""
        hint = f" (is the server running?{tls})"
        return Retryable(f"no connection to {address}{hint}", lost=True, nobody=True)
    if _any(names, "Timeout") and not _any(names, "Disconnected", "ClientOSError", "Reset"):
        return Retryable(f"{address} did not answer in time", billed=True, overloaded=True, outage=True)
    # The SDK's transport reports a closed connection as a connect timeout: the cause says what it was.
    if _any(names, "Disconnected", "Reset", "ClientOSError", "Payload", "ReadError", "RemoteProtocol", "BrokenPipe"):
        return Retryable(f"{address} closed the connection midway", billed=True, lost=True)
    hint = "; does it want https://?" if address.startswith("http:") else ""
    return Retryable(f"{address} sent something that is not HTTP ({names[-1]}){hint}", outage=True, nobody=True)


def of_error_in_200(error: object) -> Failure:
    """The failure behind an `error` that came with status 200, as routers send it once an answer has begun."""
    body = {"error": error}
    message, _ = _message(_error(body))
    code = error.get("code", error.get("status")) if isinstance(error, Mapping) else None
    if isinstance(code, str) and code.isascii() and code.isdigit():
        code = int(code)
    if isinstance(code, int) and 400 <= code < 600:
        return of_status(code, body)
    failure = of_status(400, body)
    if isinstance(failure, CredentialsError | RefusedAnswer | TruncatedAnswer):
        return failure
    limit = limit_of(_error(body), _NO_HEADERS, time.time())
    why = f"an error inside the answer: {message or 'no reason given'}"
    return Retryable(why, after=limit.after, lasting=limit.lasting, billed=True)


def without_key(failure: Failure, key: str) -> Failure:
    """The failure with the key cut out of its texts: some servers repeat what they were sent."""
    if len(key) >= _SHORTEST_KEY:
        inner = failure.failure if isinstance(failure, Unsupported) else failure
        for error in (failure, inner):
            error.args = tuple(arg.replace(key, "[key]") if isinstance(arg, str) else arg for arg in error.args)
        if isinstance(inner, AnswerError):
            inner.raw = inner.raw.replace(key, "[key]")
    return failure


def holds_key(text: str, key: str) -> bool:
    """Whether an answer repeats the key, which must reach neither the cache nor the output."""
    return len(key) >= _SHORTEST_KEY and key in text


def clean(text: str, limit: int = 300) -> str:
    """A server's words fit for one line of a message: no control characters, nothing that looks like a key."""
    return _KEY_LIKE.sub("[key]", " ".join(_CONTROL.sub(" ", text).split()))[:limit]


def _error(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object with code and message in an error body, whoever made it: within `error`, in a list, beside a text, or
    as JSON in the message of a router."""
    error = body.get("error", body)
    if isinstance(error, list) and error:
        error = error[0]
    if not isinstance(error, Mapping):
        return {**body, "message": str(error or "")}
    message = error.get("message")
    if isinstance(message, str) and message.lstrip().startswith("{"):
        with suppress(ValueError, RecursionError):
            inner = json.loads(message)
            return {**error, **_error(inner)} if isinstance(inner, dict) else error
    return error


def _moderated(error: Mapping[str, Any], marks: str) -> bool:
    """Whether what was sent was judged, and not who sent it: OpenRouter says so with 403, as do others."""
    metadata = error.get("metadata")
    if isinstance(metadata, Mapping) and (metadata.get("reasons") or "flagged_input" in metadata):
        return True
    inner = error.get("innererror")
    if any(_FILTERED.search(str(said)) for said in (error.get("code"), error.get("type"), inner) if said):
        return True
    found = _FILTERED.search(marks)
    return bool(found and not _ACCOUNT.search(marks, 0, found.start()))


def _message(error: Mapping[str, Any]) -> tuple[str, str]:
    """The human message of an error, and all its texts in one string to search in."""
    fields = [str(error.get(key) or "") for key in ("message", "detail", "code", "type", "param")]
    inner = error.get("innererror")
    marks = clean(" ".join(fields) + (f" {inner}" if inner else ""), 2_000)
    return clean(fields[0] or fields[1]), marks


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _any(names: list[str], *parts: str) -> bool:
    return any(part in name for name in names for part in parts)
