"""An answer that no reader can take costs its article at most, live and by batch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_provider_batch import Desk, count

import batch_server
from archive_world import topic, translated
from batch_server import BatchServer, Ended, line
from fault_server import Reply, Seen, completion
from presseschau.llm.retry import Policy

DIGITS = "9" * 5_000
NESTED = "[" * 100_000 + "]" * 100_000
LIVE: dict[str, Any] = {"delivery": None, "policy": Policy(attempts=6, base=0.001, cap=0.002, patience=5.0)}


def rows(english: str) -> Reply:
    return completion(json.dumps({"sentences": [{"n": n, "en": english} for n in range(1, 6)]}), prompt_tokens=90)


UNREADABLE = {
    "nested": completion('{"sentences":' + NESTED + "}", prompt_tokens=90),
    "a number without end for a sentence": completion(f'{{"sentences":[{{"n":{DIGITS},"en":"On Monday"}}]}}'),
    "nested around it": Reply(200, b'{"choices":' + NESTED.encode() + b"}"),
    "a number without end around it": Reply(200, b'{"choices":[],"created":' + DIGITS.encode() + b"}"),
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.fault("answers", "costs its article alone", name="in a run")
@pytest.mark.parametrize("more", [LIVE, {}], ids=["live", "by batch"])
@pytest.mark.parametrize("reply", UNREADABLE.values(), ids=UNREADABLE)
async def test_an_unreadable_answer_costs_its_article_alone(desk: Desk, reply: Reply, more: dict[str, Any]) -> None:
    def answer(seen: Seen) -> Reply:
        return reply if topic(seen) == 3 else translated(seen)

    def ending(server: BatchServer, rows: list[Any]) -> Ended:
        made = [spliced(row, reply.body) if of(row) == 3 else batch_server.worked(server, [row])[0] for row in rows]
        return Ended(output=made)

    async with BatchServer([ending], answer=answer) as server:
        report = await desk.run(server, desk.articles(6), **more)
        assert (report.complete, report.error) == (True, None)
        assert count(report) == {"done": 5, "failed": 1}
        assert set(report.failed) <= {"malformed", "provider-down"}


def of(row: Any) -> int:
    return topic(Seen("", {}, b"", row["body"]))


def spliced(row: Any, body: bytes) -> bytes:
    """A result whose body is these very bytes."""
    return line(row, {"here": 0}).replace(b'{"here": 0}', body)


@pytest.mark.fault("answers", "a finding", name="a number without end in a sentence")
@pytest.mark.parametrize(
    ("number", "more"),
    [(DIGITS, LIVE), (",".join(["999"] * 2_000), {}), (f"1.{DIGITS}", LIVE), (f"{DIGITS}:{DIGITS}", LIVE)],
    ids=["digits", "groups, by batch", "a fraction", "a score"],
)
async def test_a_number_without_end_in_a_sentence_is_only_wrong(desk: Desk, number: str, more: dict[str, Any]) -> None:
    def answer(seen: Seen) -> Reply:
        return rows(f"On Monday, {number} workers built it.") if topic(seen) == 3 else translated(seen)

    async with BatchServer(answer=answer) as server:
        report = await desk.run(server, desk.articles(4), **more)
        assert (report.complete, report.error) == (True, None)
        assert count(report) == {"done": 3, "done-with-findings": 1}
