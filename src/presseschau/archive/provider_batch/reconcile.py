"""Result files into the ledger: each request gets one result, whatever the order, repeats and gaps of the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from presseschau.archive.provider_batch.ledger import UNSUPPORTED, Ledger, Outcome
from presseschau.errors import AnswerError, ConfigurationError, OutputError, PresseschauError
from presseschau.llm.batch.line import Result, read_result
from presseschau.llm.faults import Retryable, Unsupported
from presseschau.llm.profiles import Rung
from presseschau.models import Usage

_LONGEST = 16 * 1024 * 1024
"""Bytes; a longer line is no result."""


@dataclass
class Found:
    """What the files of one shard held. `refused`: words of servers that do not take requests in this shape;
    `fatal`: a reason why nothing else will work either."""

    entered: int = 0
    repeated: int = 0
    unreadable: int = 0
    refused: list[str] = field(default_factory=list)
    fatal: ConfigurationError | None = None


def reconcile(ledger: Ledger, shards: Iterable[tuple[int, Rung]], files: Iterable[Path]) -> Found:
    """Enters the results of these files for requests of these shards. Within the caller's transaction."""
    found = Found()
    shards = list(shards)
    for file in files:
        for line in _lines(file):
            if not line.strip():
                continue
            result = read_result(line) if len(line) < _LONGEST else None
            if result is None:
                found.unreadable += 1
            elif any(ledger.enter(number, _outcome(result, found), rung) for number, rung in shards):
                found.entered += 1
            else:
                found.repeated += 1
    return found


def _outcome(result: Result, found: Found) -> Outcome:
    failure, usage = result.failure, result.usage or Usage()
    made = partial(
        Outcome, result.custom_id, prompt_tokens=usage.prompt_tokens, completion_tokens=usage.completion_tokens,
        silent=result.usage is None,
    )  # fmt: skip
    if failure is None:
        assert result.completion is not None
        return made("answered", seen=result.completion.seen_tokens, text=result.completion.text)
    if isinstance(failure, Retryable):
        return made("open", lost=failure.billed and result.completion is None, text=str(failure))
    if isinstance(failure, Unsupported):
        found.refused.append(str(failure))
        return made("open", kind=UNSUPPORTED, text=str(failure.failure))
    if isinstance(failure, ConfigurationError):
        found.fatal = failure
        return made("open", counts=False, text=str(failure))
    return made("failed", kind=_kind(failure), text=str(failure))


def _kind(failure: PresseschauError) -> str:
    return failure.failure if isinstance(failure, AnswerError) else "failed"


def _lines(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as lines:
            yield from lines
    except OSError as error:
        raise OutputError(f"{file} cannot be read: {error.strerror or error}.") from None
