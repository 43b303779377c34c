"""Daft and Ray for real: `make test-scale` runs this in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

daft = pytest.importorskip("daft", reason="no Daft here: make test-scale", exc_type=ImportError)

import pyarrow  # noqa: E402
from endpoint import REFUSED, endpoint  # noqa: E402
from pyarrow import parquet  # noqa: E402

from archive_world import german  # noqa: E402
from postgres import name_of, new_database, server  # noqa: E402
from presseschau.distributed import DistributedJob, analyze_frame  # noqa: E402
from presseschau.llm.pacing import Rate  # noqa: E402
from presseschau.models import Analysis  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.timeout(600), pytest.mark.filterwarnings("ignore")]


def articles(folder: Path, count: int, files: int = 4) -> str:
    folder.mkdir()
    for number in range(files):
        mine = range(number, count, files)
        rows = {"id": [f"a{n}" for n in mine], "text": [german(n, 1) for n in mine]}
        parquet.write_table(pyarrow.table(rows), folder / f"{number}.parquet")
    return str(folder / "*.parquet")


def test_every_row_once_within_the_limit_and_failures_are_values(tmp_path: Path) -> None:
    """On Daft's own runner. What cannot be analysed is a value, as is the one article that is refused."""
    source, url = articles(tmp_path / "in", 200), new_database()
    with endpoint() as served:
        job = DistributedJob("m", served.base_url, concurrency=16, tasks=("translate",), cache=url.url)
        more = daft.from_pydict(
            {"id": ["english", "empty", "none"], "text": ["This is English text, no doubt.", "", None]}
        )
        rows = analyze_frame(daft.read_parquet(source).concat(more), job).to_pylist()
        assert Counter(row["key"] for row in rows) == Counter(
            [*(f"a{n}" for n in range(200)), "english", "empty", "none"]
        )
        by_key = {row["key"]: row for row in rows}
        assert {by_key[key]["state"] for key in ("english", "empty", "none")} <= {"failed", "skipped"}
        assert (by_key["a13"]["state"], by_key["a13"]["failure"]) == ("failed", "translation: failed")
        assert {row["state"] for key, row in by_key.items() if key[0] == "a" and key != "a13"} == {"done-with-findings"}
        assert Analysis.model_validate_json(by_key["a1"]["analysis"]).article.id == by_key["a1"]["id"]
        assert served.stats["most"] <= 16
        asked = served.stats["asked"]
        assert {number: times for number, times in asked.items() if times != 1} == {str(REFUSED): 3}  # in three forms
        again = analyze_frame(daft.read_parquet(source), job).to_pylist()
        assert served.stats["asked"] == asked | {str(REFUSED): served.stats["asked"][str(REFUSED)]}
        assert sorted(row["analysis"] for row in again if row["key"] != "a13") == sorted(
            row["analysis"] for row in rows if row["state"] == "done-with-findings"
        )


def test_a_rate_is_kept(tmp_path: Path) -> None:
    source, url = articles(tmp_path / "in", 40), new_database()
    with endpoint() as served:
        job = DistributedJob("m", served.base_url, tasks=("translate",), cache=url.url, rate=Rate(requests=600))
        analyze_frame(daft.from_pydict({"id": ["warm"], "text": [german(999, 1)]}), job).to_pylist()
        began = time.monotonic()
        analyze_frame(daft.read_parquet(source), job).to_pylist()
        assert time.monotonic() - began > 40 / 10 - 1 - 0.5  # 10 a second, and a second's worth at once


def test_kills_and_a_restart(tmp_path: Path) -> None:
    """Workers killed -9 five times, the driver once, PostgreSQL restarted once: every row once in the output, every key
    bought once plus what was in flight."""
    count, limit = 2000, 64
    source, url, out = articles(tmp_path / "in", count, 20), new_database(), tmp_path / "out"
    with endpoint(0.3) as served:
        command = [
            sys.executable, str(ROOT / "examples" / "distributed.py"), source, str(out), "-m", "m",
            "--base-url", served.base_url, "--workers", "2", "--concurrency", str(limit), "--tasks", "translate",
            "--checkpoint", str(tmp_path / "checkpoints"),
        ]  # fmt: skip
        environment = {**os.environ, "PRESSESCHAU_CACHE": url.url, "PYTHONPATH": str(ROOT / "src")}

        def run() -> subprocess.Popen[str]:
            log = (tmp_path / "log").open("a")
            return subprocess.Popen(command, env=environment, stdout=log, stderr=log, text=True, start_new_session=True)

        def bought(least: int) -> None:
            while (held := len(served.stats["asked"])) < least:
                assert driver.poll() is None, (held, (tmp_path / "log").read_text()[-3000:])
                time.sleep(0.2)

        driver = run()
        for kill in range(5):
            bought(100 + 300 * kill)
            os.kill(_a_worker(url), 9)
            if kill == 2:
                server().stop()
                server().start()
            if kill == 3:
                os.killpg(driver.pid, 9)
                driver.wait()
                driver = run()
        assert driver.wait() == 0, (tmp_path / "log").read_text()[-3000:]
        asked = served.stats["asked"]
    rows = parquet.read_table(out).to_pylist()
    assert Counter(row["key"] for row in rows) == Counter(f"a{n}" for n in range(count))
    failed = {row["key"]: row["failure"] for row in rows if row["state"] == "failed"}
    assert failed == {f"a{REFUSED}": "translation: failed"}
    assert {row["state"] for row in rows if row["key"] not in failed} == {"done-with-findings"}
    twice = sum(asked.values()) - asked[str(REFUSED)] - (count - 1)
    assert twice <= 7 * limit, twice
    print(f"bought twice: {twice}; in flight: {limit}")


def _a_worker(url: Any) -> int:
    """The process id of one that is at work: it stands in the name under which it buys."""
    while True:
        alive = server().run(
            "SELECT owner FROM presseschau.owners WHERE until > now() ORDER BY until DESC, owner", name_of(url)
        )
        for (owner,) in alive:
            process = int(owner.split(" ")[1])
            if Path(f"/proc/{process}").exists():
                return process
        time.sleep(0.2)
