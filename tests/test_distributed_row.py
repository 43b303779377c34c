"""The row of a distributed job, without Daft: whatever happens is a value. With Daft and Ray: tests/scale."""

from __future__ import annotations

import asyncio
import pickle
import time
from dataclasses import replace
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from archive_world import german, translated
from fault_server import FaultServer, Reply, Seen, completion, error, html
from postgres import name_of, new_database, server
from presseschau.distributed import KEY, DistributedJob, Worker, _keep_once, _remove_torn, analyze_frame
from presseschau.errors import ConfigurationError
from presseschau.llm.pacing import OwnPace, Rate, SharedPace
from presseschau.llm.retry import Policy
from presseschau.models import Analysis
from presseschau.output.tables import RESULTS

pytestmark = pytest.mark.slow

SOON = Policy(attempts=2, base=0.001, cap=0.002)
ROW = {"id": "a1", "text": german(1), "headline": "Ein Titel"}


def job(endpoint: FaultServer, folder: Path, **more: object) -> DistributedJob:
    known: dict[str, object] = {"tasks": ("translate",), "cache": str(folder / "a.sqlite3"), "policy": SOON, **more}
    return DistributedJob("m", endpoint.base_url, **known)  # type: ignore[arg-type]


LATE = 11_000.0
"""Seconds, beyond every deadline."""

FAULTS = {
    "refused": (error(400), "failed"),
    "no right": (error(401), "failed"),
    "down": (error(503), "failed"),
    "throttled": (error(429), "failed"),
    "a web page": (html(), "failed"),
    "empty": (Reply(200, b""), "failed"),
    "not JSON": (Reply(200, b"{"), "failed"),
    "nested without end": (Reply(200, b"[" * 100_000), "failed"),
    "no choices": (Reply(200, b'{"choices": []}'), "failed"),
    "cut": (Reply(200, b'{"ch', ending="cut"), "failed"),
    "reset": (Reply(200, b'{"ch', ending="reset"), "failed"),
    "closed": (Reply(ending="close"), "failed"),
    "not HTTP": (Reply(ending="garbage"), "failed"),
    "silent": (Reply(ending="hang", passing=LATE), "failed"),
    "a byte now and then": (Reply(200, b'{"id": "', ending="drip", passing=LATE), "failed"),
    "without end": (Reply(200, b'{"id": "', ending="flood"), "failed"),
    "an error without end": (Reply(500, b'{"id": "', ending="flood"), "failed"),
    "another schema": (completion('{"other": 1}'), "failed"),
    "truncated": (completion('{"sentences": [', finish="length"), "failed"),
    "filtered": (completion(None, finish="content_filter"), "failed"),
}


@pytest.mark.parametrize(("reply", "state"), FAULTS.values(), ids=FAULTS)
async def test_a_fault_of_the_endpoint_is_a_value(tmp_path: Path, reply: Reply, state: str) -> None:
    async with FaultServer([reply]) as endpoint:
        worker = Worker(job(endpoint, tmp_path))
        row = await worker.row(ROW)
        await worker.close()
    assert list(row) == list(RESULTS)
    assert row["state"] == state
    assert row["failure"]


@pytest.mark.parametrize("given", [
    {"id": "x", "text": ""}, {"id": "x", "text": None}, {"id": "x"}, {}, {"id": None, "text": 3},
    {"id": "x", "text": "This is an English text that nobody would take for German, or so I think."},
    {"id": "x", "text": "\x00\ud800"}, {"id": "x", "text": {"a": [1, {"b": None}]}}, {"id": "x", "text": b"\xff" * 99},
])  # fmt: skip
async def test_whatever_a_row_holds_is_a_value(tmp_path: Path, given: dict[str, object]) -> None:
    async with FaultServer([error(500)]) as endpoint:
        worker = Worker(job(endpoint, tmp_path))
        row = await worker.row(given)
        await worker.close()
    assert row["state"] in ("failed", "skipped")
    assert row["failure"]


async def test_a_wrong_configuration_is_a_value(tmp_path: Path) -> None:
    worker = Worker(
        DistributedJob("m", "http://127.0.0.1:9/v1", cache="postgresql://u:geheim@127.0.0.1:9/x", policy=SOON)
    )
    row = await worker.row(ROW)
    assert row["state"] == "failed"
    assert str(row["failure"]).startswith("configuration: The shared cache postgresql://u@127.0.0.1:9/x cannot be used")
    assert "geheim" not in str(row) + repr(worker._job)


async def test_rows_are_analysed_and_never_more_at_once_than_allowed(tmp_path: Path) -> None:
    under_way = most = 0

    async def reply(seen: Seen) -> Reply:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        return translated(seen)

    async with FaultServer([reply]) as endpoint:
        worker = Worker(pickle.loads(pickle.dumps(job(endpoint, tmp_path, workers=2, concurrency=9))))
        rows = await asyncio.gather(*(worker.row({"id": n, "text": german(n)}) for n in range(30)))
        await worker.close()
    assert most == 4
    assert len({row["id"] for row in rows}) == 30
    assert {row["state"] for row in rows} == {"done"}
    analysis = Analysis.model_validate_json(str(rows[7]["analysis"]))
    assert (analysis.article.id, analysis.article.source) == (rows[7]["id"], "7")
    with pytest.raises(ConfigurationError):
        DistributedJob("m", workers=9, concurrency=8)


def test_without_the_extra_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "daft", None)
    with pytest.raises(ConfigurationError, match=r"presseschau\[daft\]"):
        analyze_frame(None, DistributedJob("m"))  # type: ignore[arg-type]


async def took(*paces: OwnPace | SharedPace, turns: int, tokens: int = 1) -> float:
    began = time.monotonic()
    await asyncio.gather(*(pace.turn(tokens) for pace in paces for _ in range(turns)))
    return time.monotonic() - began


async def test_a_pace_is_kept_by_one_process_and_by_all() -> None:
    """A second's worth at once, then in a row."""
    assert await took(OwnPace(Rate(requests=3000)), turns=75) > 0.4
    assert await took(OwnPace(Rate(tokens=60_000)), turns=15, tokens=100) > 0.4
    assert await took(OwnPace(Rate()), turns=1000) < 10  # not the 20 s of the first
    assert Rate(100, None).divided(4) == Rate(25, None)
    url = new_database()
    shared = [SharedPace(url, "http://a", Rate(requests=3000)) for _ in range(3)]
    assert await took(*shared, turns=25) > 0.4
    server().run("UPDATE presseschau.rates SET since = since - interval '1 hour'", name_of(url))
    assert shared[0]._take([1] * 25) == [0.0] * 25  # seconds to wait; a busy machine may take longer for it
    for pace in shared:
        await pace.close()


async def test_a_worker_that_starts_while_the_database_is_away_waits_for_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = new_database()
    async with FaultServer([translated]) as endpoint:
        worker = Worker(job(endpoint, tmp_path, cache=url.url, policy=replace(SOON, patience=60)))
        server().stop()
        try:
            row = asyncio.create_task(worker.row(ROW))
            async with asyncio.timeout(60):
                while "waiting for it at the start" not in capsys.readouterr().err:  # noqa: ASYNC110 - print has no event
                    await asyncio.sleep(0.05)
        finally:
            await asyncio.to_thread(server().start)
        assert (await row)["state"] in ("done", "done-with-findings")
        await worker.close()


def test_what_a_killed_writer_left_is_taken_away(tmp_path: Path) -> None:
    whole, empty, torn = (tmp_path / name for name in ("a.parquet", "b.parquet", "c.parquet"))
    whole.write_bytes(b"PAR1 rows PAR1")
    empty.write_bytes(b"")
    torn.write_bytes(b"PAR1 row")
    _remove_torn(tmp_path)
    assert list(tmp_path.iterdir()) == [whole]


def test_a_row_that_was_written_twice_is_kept_once(tmp_path: Path) -> None:
    for name, keys in (("a", ["1", "2"]), ("b", ["2", "3", None])):  # two papers print one text: `id` is the same
        parquet.write_table(pyarrow.table({KEY: keys, "id": ["same text"] * len(keys)}), tmp_path / f"{name}.parquet")
    _keep_once(tmp_path)
    rows = [row[KEY] for file in sorted(tmp_path.iterdir()) for row in parquet.read_table(file).to_pylist()]
    assert rows == ["1", "2", "3", None]
