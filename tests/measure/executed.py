"""Which tests run which lines of the program, for mutations.py; kept in build/executed (half an hour for all).

    python tests/measure/executed.py [--jobs 2] [FILE or FOLDER of tests ...]

Made anew for the test files that are given, and kept for the others. Lines are those of the commit that stands in the
answer: `Executed.tests` follows a line that has moved since. Slow tests are in it, those of the model are not.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "executed"
DATA, TEST, TIMES = "EXECUTED_CONFIG", "EXECUTED_TEST", "EXECUTED_TIMES"
STARTS = f"""
import os
folder = os.path.dirname(__file__)
if {TEST!r} not in os.environ and os.path.exists(told := os.path.join(folder, str(os.getppid()))):
    os.environ[{TEST!r}] = open(told).read()  # a test started this program with an environment of its own
if {DATA!r} in os.environ or {TEST!r} in os.environ:
    import coverage
    own = os.path.join(folder, "config")
    coverage.Coverage(config_file=own, auto_data={TEST!r} in os.environ).start()  # pytest saves its own
"""
CONFIG = f"""
[run]
source = {ROOT}/src/presseschau
data_file = {{data}}
parallel = true
context = ${{{{{TEST}-}}}}
core = ctrace
disable_warnings = no-data-collected
"""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):  # type: ignore[no-untyped-def]
    """As a plugin of pytest: what runs now is run by this test, in this process and in those that it starts."""
    import coverage

    os.environ[TEST] = item.nodeid
    Path(os.environ[DATA]).with_name(str(os.getpid())).write_text(item.nodeid, "utf-8")
    if current := coverage.Coverage.current():
        current.switch_context(item.nodeid)
    return (yield)


def pytest_runtest_logreport(report):  # type: ignore[no-untyped-def]
    if report.when == "call" and "PYTEST_XDIST_WORKER" not in os.environ:
        with Path(os.environ[TIMES]).open("a", encoding="utf-8") as file:
            file.write(json.dumps([report.nodeid, round(report.duration, 3)]) + "\n")


def pytest_sessionfinish():  # type: ignore[no-untyped-def]
    import coverage

    if current := coverage.Coverage.current():
        current.stop()
        current.save()


@dataclass(frozen=True)
class Executed:
    """`lines[file][line]`: numbers of tests in `times`, which has each test and its seconds."""

    commit: str
    times: list[tuple[str, float]]
    lines: dict[str, dict[str, list[int]]]

    def tests(self, where: dict[str, list[int]]) -> dict[str, float]:
        """The tests that run one of these lines of these files as they are now, and their seconds, as far as they
        are still there: cases come and go."""
        found = {
            test
            for path, lines in where.items()
            if path in self.lines
            for line in self._before(path, lines)
            for test in self.lines[path].get(str(line), ())
        }
        return dict(self.times[test] for test in found if self.times[test][0] in self._there)

    def new(self, files: Collection[str]) -> list[str]:
        """Tests of these files that came after the record."""
        recorded = {name for name, _ in self.times}
        return sorted(test for test in self._there - recorded if test.partition("::")[0] in files)

    @cached_property
    def files(self) -> set[str]:
        """Test files that are recorded and stand as they did."""
        listed = ["git", "diff", "--name-only", self.commit, "--", "tests"]
        changed = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=False).stdout.splitlines()
        return {name.partition("::")[0] for name, _ in self.times} - {*changed}

    @cached_property
    def _there(self) -> set[str]:
        listed = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
        known = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(listed, cwd=ROOT, env=known, capture_output=True, text=True, check=True)
        return set(done.stdout.splitlines())

    def _before(self, path: str, lines: list[int]) -> list[int]:
        """Where these lines stood in the commit; lines that are new are not among them."""
        then = subprocess.run(
            ["git", "show", f"{self.commit}:{path}"], cwd=ROOT, capture_output=True, text=True, check=False
        ).stdout.splitlines()
        now = (ROOT / path).read_text("utf-8").splitlines()
        blocks = difflib.SequenceMatcher(a=then, b=now, autojunk=False).get_matching_blocks()
        return [a + line - b for line in lines for a, b, size in blocks if b < line <= b + size]


def known() -> Executed | None:
    """What was recorded, if it was."""
    path = FOLDER / "executed.json"
    return Executed(**json.loads(path.read_text("utf-8"))) if path.exists() else None


def record(tests: list[str], jobs: int) -> None:
    """Runs them and takes up what they run."""
    import coverage

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sitecustomize.py").write_text(STARTS, "utf-8")
        (folder / "config").write_text(CONFIG.format(data=folder / "data"), "utf-8")
        paths = [str(folder), str(ROOT / "src"), str(ROOT / "tests" / "measure")]
        known_by = {DATA: str(folder / "config"), TIMES: str(folder / "times"), "PYTHONPATH": os.pathsep.join(paths)}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "executed", "-p", "no:cacheprovider", "--timeout", "600"]
        command += ["-m", "not model", "-n", str(jobs), "--dist", "worksteal", *tests]
        (folder / "times").touch()
        subprocess.run(command, cwd=ROOT, env={**os.environ, **known_by}, check=False)
        times = dict(map(json.loads, (folder / "times").read_text("utf-8").splitlines()))
        data = coverage.Coverage(data_file=str(folder / "data"), config_file=False)
        data.combine([name])
        found = data.get_data()
        lines = {
            str(Path(path).relative_to(ROOT)): {
                line: [test for test in by if test in times] for line, by in found.contexts_by_lineno(path).items()
            }
            for path in found.measured_files()
        }
    write(times, lines)


def write(times: dict[str, float], lines: dict[str, dict[int, list[str]]]) -> None:
    """Takes them up beside what is known of other test files."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    again = {name.partition("::")[0] for name in times}
    runs: dict[tuple[str, int], set[str]] = defaultdict(set)
    before = known()
    if before and before.commit == commit.strip():
        kept = {n: name for n, (name, _) in enumerate(before.times) if name.partition("::")[0] not in again}
        times |= {name: before.times[n][1] for n, name in kept.items()}
        for path, of_line in before.lines.items():
            for line, numbers in of_line.items():
                runs[path, int(line)] |= {kept[n] for n in numbers if n in kept}
    for path, found in lines.items():
        for line, tests in found.items():
            runs[path, line] |= {*tests}
    numbered = {name: n for n, name in enumerate(times)}
    whole: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for (path, line), names in runs.items():
        whole[path][str(line)] = sorted(map(numbered.__getitem__, names))
    FOLDER.mkdir(parents=True, exist_ok=True)
    known_now = {"commit": commit.strip(), "times": [*times.items()], "lines": whole}
    (FOLDER / "executed.json").write_text(json.dumps(known_now, separators=(",", ":")), "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tests", nargs="*", default=["tests"])
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    record(given.tests, given.jobs)
