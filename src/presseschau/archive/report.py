"""What a run leaves beside its output, in OUT.d: failures, duplicates, and the manifest that adds it all up."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, get_args

from presseschau.archive.journal import GO_ON, STATES, Journal, Row, State
from presseschau.archive.near_duplicates import near_duplicates, recorded
from presseschau.archive.progress import Spent
from presseschau.library.schema import is_archive
from presseschau.llm.spending import Price
from presseschau.models import Part
from presseschau.storage.files import cannot_write, write_file

SCHEMA = "presseschau/run/1"

_HINTS = {
    "provider-down": "Run the same command again.",
    "refused": "Asking again will not help; try another model with another -o.",
    "truncated": "Use a model with a larger context or longer answers, and --retry-failed.",
    "malformed": "Run again with --retry-failed, or take a larger model.",
    "lost": "Run again with --retry-failed; it may be paid a second time.",
    "internal-error": "Please report it; use --retry-failed with the next version.",
    "language": "Use --lang-check off to read it anyway.",
    "passed": "Nothing: they hold no page.",
    "withdrawn": "Nothing: its agency took it back.",
    "repeated": "Nothing: the page is read once.",
    "follow": "Use --follow to fetch it.",
    "fetch": "Run again with --retry-failed, or save the page and give the file.",
}
_OF_A_RUN = re.compile(
    rb'\{\s*"(?:schema": "presseschau/run/|id": (?:null|"\w+"), "source": |kind": "(?:exact|near)", ")'
)
_MENDED_INPUT = "Fix the input; the same command reads it again."
_OTHER = "Run again with --retry-failed."
_HARMLESS = frozenset({"link", "special", "empty", "article", "language", "passed", "repeated", "withdrawn"})
"""Skipped for these reasons an item is no German article, or is not to be used; for any other, it could not be read."""


@dataclass(frozen=True)
class RunFiles:
    """The files that belong to an output, in the folder OUT.d beside it; those of a run that an earlier version began
    stay where it put them, as OUT.journal, OUT.failed.jsonl and so on. An archive file takes many runs: what belongs to
    each, by what it reads (`run`), lies in a folder of its own in OUT.d."""

    out: Path
    run: str = ""

    @classmethod
    def of(cls, out: Path, sources: Sequence[str]) -> RunFiles:
        """Those of a run from these sources into `out`."""
        read = "\n".join(sources)
        return cls(out, hashlib.sha256(read.encode(errors="surrogatepass")).hexdigest()[:12] if is_archive(out) else "")

    @property
    def folder(self) -> Path | None:
        """OUT.d; None for a run that an earlier version began."""
        old = (self.out.with_name(f"{self.out.name}.{name}") for name in ("journal", "batches"))
        return None if any(path.exists() for path in old) else self.out.with_name(f"{self.out.name}.d") / self.run

    def make_folder(self) -> None:
        """Raises OutputError if it cannot be made."""
        try:
            if self.folder:
                self.folder.mkdir(exist_ok=True, parents=bool(self.run))
        except OSError as error:
            raise cannot_write(self.out, error) from None

    def _named(self, name: str) -> Path:
        folder = self.folder
        return folder / name if folder else self.out.with_name(f"{self.out.name}.{name}")

    @property
    def journal(self) -> Path:
        return self._named("journal")

    @property
    def failed(self) -> Path:
        return self._named("failed.jsonl")

    @property
    def duplicates(self) -> Path:
        return self._named("duplicates.jsonl")

    @property
    def manifest(self) -> Path:
        return self._named("manifest.json")

    @property
    def files(self) -> tuple[Path, ...]:
        """All that are written in any run."""
        return (self.journal, self.failed, self.duplicates, self.manifest)

    @property
    def batches(self) -> Path:
        """A folder: what was handed to a provider, or is to be handed to one."""
        return self._named("batches")


@dataclass(frozen=True)
class Report:
    """How a run ended. `ended` is "complete", "stopped", "waiting" (for batch files) or the class of the error that
    ended it. `waiting` says what is under way elsewhere and how to go on; `batches` counts them by how they
    ended, and rows of their files that were repeated or could not be read.

    `certainty`: requests, tokens and US dollars by how sure they are: known (as the server said), assumed (the most,
    where the server does not say), possible (the most, for what may have been billed without an answer).

    `failed` and `skipped` count by class and by reason; `unread` are the skipped that could not be read at all. Of the
    items of which something failed `partly` have something all the same; `parts` counts which, and what failed of all.
    """

    complete: bool
    ended: str
    counts: Mapping[State, int]
    failed: Mapping[str, int]
    skipped: Mapping[str, int]
    spent: Spent
    price: Price | None
    near: int
    paths: RunFiles
    waiting: tuple[str, ...] = ()
    batches: Mapping[str, int] = field(default_factory=dict)
    partly: int = 0
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    certainty: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    error: BaseException | None = field(default=None, compare=False)

    @property
    def items(self) -> int:
        return sum(self.counts.values())

    @property
    def usable(self) -> int:
        return self.counts["done"] + self.counts["done-with-findings"]

    @property
    def unread(self) -> int:
        return sum(count for reason, count in self.skipped.items() if reason not in _HARMLESS)


def left_by_a_run(file: Path) -> bool:
    """Is it empty, or what a run wrote beside its output?"""
    with file.open("rb") as opened:
        head = opened.read(200)
    return not head or bool(_OF_A_RUN.match(head))


def write_failures(journal: Journal, path: Path) -> None:
    """One line for each task that failed and each item that was skipped, in input order."""
    write_lines(
        path,
        (
            {
                "id": row.article,
                "source": row.source,
                "task": failure.task,
                "class": failure.kind,
                "attempts": row.attempts,
                "tokens": row.tokens,
                "message": failure.message,
                "hint": _HINTS.get(failure.kind, _MENDED_INPUT if failure.task == "read" else _OTHER),
                **row.own_id,
            }
            for row in journal.rows(records=False)
            for failure in row.failed
        ),
    )


def write_duplicates(journal: Journal, path: Path, record: Callable[[Row], bytes | None] = recorded) -> int:
    """One line for each exact duplicate, then for each near one; returns the number of the latter."""
    exact = (
        {
            "kind": "exact",
            "source": row.source,
            "id": row.article,
            "like": row.reason,
            "like_id": row.article,
            **row.own_id,
        }
        for row in journal.rows(records=False)
        if row.state == "duplicate"
    )
    near = 0

    def lines() -> Iterator[Mapping[str, Any]]:
        nonlocal near
        yield from exact
        for line in near_duplicates(journal, record):
            near += 1
            yield line

    write_lines(path, lines())
    return near


def tally(journal: Journal) -> tuple[dict[State, int], dict[str, int], dict[str, int]]:
    """Counts by state, failures by class, skipped by reason."""
    counts: dict[State, int] = dict.fromkeys(STATES, 0)
    failed: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for (state, reason), count in sorted(journal.counts().items()):
        for known in STATES:
            counts[known] += count if state == known else 0
        failed[reason] += count if state == "failed" else 0
        skipped[reason] += count if state == "skipped" else 0
    return counts, dict(+failed), dict(+skipped)


def parts_of_failed(
    journal: Journal, record: Callable[[Row], bytes | None] = recorded
) -> tuple[int, dict[str, dict[str, int]]]:
    """Of the items of which something failed: how many have a part all the same; and of each part how many were "made",
    and for how many it "failed", or some of its sentences did. `record` gives the line of output of a row."""
    partly, parts = 0, {part: {"made": 0, "failed": 0} for part in get_args(Part)}
    for row in journal.rows(failed=True):
        line = record(row)
        analysis, failed = json.loads(line) if line else {}, {failure.task for failure in row.failed}
        partly += any(analysis.get(part) is not None for part in parts)
        for part, counted in parts.items():
            counted["made"] += analysis.get(part) is not None
            counted["failed"] += part in failed
    return partly, {part: counted for part, counted in parts.items() if any(counted.values())}


def write_manifest(
    report: Report, path: Path, *, sources: Sequence[str], settings: Mapping[str, Any], model: str, format: str
) -> None:
    manifest = {
        "schema": SCHEMA,
        "sources": list(sources),
        "out": report.paths.out.name,
        "format": format,
        "complete": report.complete,
        "ended": report.ended,
        "items": report.items,
        "counts": dict(report.counts),
        "failed": dict(report.failed),
        **({"partly": report.partly, "parts": dict(report.parts)} if report.parts else {}),
        "skipped": dict(report.skipped),
        "near_duplicates": report.near,
        "model": model,
        "settings": dict(settings),
        "spent": {**asdict(report.spent), "seconds": round(report.spent.seconds, 1)},
        **({"certainty": report.certainty} if report.certainty else {}),
        **({"batches": dict(report.batches)} if report.batches else {}),
        "price": asdict(report.price) if report.price else None,
        "versions": {"presseschau": version("presseschau"), "python": sys.version.split()[0]},
        "written": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    write_file(path, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", advice=GO_ON)


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    write_file(path, (json.dumps(row, ensure_ascii=False) + "\n" for row in rows), advice=GO_ON)
