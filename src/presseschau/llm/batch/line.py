"""One line of a batch file, there and back: a request as OpenAI Batch and vLLM run-batch read it, and its result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from presseschau.errors import PresseschauError
from presseschau.llm import strict_json
from presseschau.llm.faults import Retryable, Unsupported, clean, of_status
from presseschau.llm.reply import Completion, check, completion_of
from presseschau.models import Usage

PATH: Final = "/v1/chat/completions"
NOT_SENT = frozenset({"batch_expired", "batch_cancelled"})
"""Codes of rows that the provider never worked on; they cost nothing."""


@dataclass(frozen=True)
class Result:
    """How one request of a batch ended. `failure` None: `completion` is complete. `usage` is what it cost, None if the
    answer does not say."""

    custom_id: str
    completion: Completion | None
    failure: PresseschauError | Retryable | Unsupported | None
    usage: Usage | None


def custom_id(key: str) -> str:
    """The cache key without its version: 64 characters, as long as a custom_id may be everywhere."""
    return key.rpartition(":")[2]


def request_line(custom_id: str, body: Mapping[str, Any]) -> bytes:
    """The line, with its line feed."""
    line = {"custom_id": custom_id, "method": "POST", "url": PATH, "body": body}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_result(line: bytes) -> Result | None:
    """What a line of an output or error file says; None if it cannot be read (cut off, not JSON, without an id)."""
    try:
        data = strict_json.loads(line.decode("utf-8"))
    except ValueError:
        return None
    name = data.get("custom_id") if isinstance(data, dict) else None
    if not isinstance(name, str):
        return None
    response = data.get("response")
    if not isinstance(response, dict):
        return Result(name, None, _of_error(data.get("error")), Usage())
    status, body = response.get("status_code", 200), response.get("body")
    if status != 200 or (body is None and data.get("error")):
        words = body if isinstance(body, dict) else {"error": data.get("error") or body}
        return Result(name, None, of_status(status if isinstance(status, int) else 500, words), Usage())
    found = completion_of(body)
    if not isinstance(found, Completion):
        return Result(name, None, found, Usage())
    return Result(name, found, check(found), found.usage)


def _of_error(error: object) -> Retryable:
    code = error.get("code") if isinstance(error, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    words = clean(str(message or code or "no reason given"))
    return Retryable(f"the batch gave no answer: {words}", billed=code not in NOT_SENT)
