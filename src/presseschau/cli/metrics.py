"""What one run took: facts about the run, not about the article."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from presseschau.llm.spending import Spending


@dataclass(frozen=True)
class Metrics:
    """`seconds` of wall time; `requests` sent and `cached` answers; tokens of the requests sent.

    `possibly_billed` counts requests that were sent and lost, `usage_unknown` those whose answers do not say their
    tokens in usable figures; the tokens of neither are counted.
    """

    seconds: float
    requests: int
    cached: int
    prompt_tokens: int
    completion_tokens: int
    retries: int
    possibly_billed: int
    usage_unknown: int


def metrics(spending: Spending, seconds: float) -> Metrics:
    """The spending of a client and the time it took."""
    return Metrics(
        seconds=round(seconds, 2),
        requests=spending.bought.requests,
        cached=spending.cached,
        prompt_tokens=spending.bought.prompt_tokens,
        completion_tokens=spending.bought.completion_tokens,
        retries=spending.retries,
        possibly_billed=spending.possibly_billed,
        usage_unknown=spending.unknown.requests,
    )


def check_metrics(file: Path | None, inputs: Iterable[str | Path | None], *, force: bool) -> None:
    """Raises what `check_output` raises if the file may not be written; the result's file counts as an input."""
    from presseschau.cli.replacing import check_output

    if file:
        check_output(file, inputs, force=force, ours=_is_metrics)


def _is_metrics(file: BinaryIO) -> bool:
    try:
        return {*json.loads(file.read(4096))} == {field.name for field in fields(Metrics)}
    except (ValueError, TypeError, RecursionError):
        return False


def report(taken: Metrics, file: Path | None, *, quiet: bool) -> None:
    """One line on stderr, and the JSON file if one was asked for. Raises OutputError if it cannot be written."""
    if file:
        from presseschau.storage.files import write_file

        write_file(file, json.dumps(asdict(taken), indent=2) + "\n")
    if not quiet:
        lost = f", {taken.possibly_billed} possibly billed" if taken.possibly_billed else ""
        lost += f", usage unknown for {taken.usage_unknown} requests" if taken.usage_unknown else ""
        print(
            f"{taken.requests} requests sent, {taken.cached} from the cache; {taken.prompt_tokens} tokens read, "
            f"{taken.completion_tokens} written{lost}; {taken.seconds:.1f} s.",
            file=sys.stderr,
        )
