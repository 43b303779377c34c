"""The scripts of examples/ as a reader runs them, against a scripted endpoint."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from note_server import endpoint, everything
from presseschau import results

ROOT = Path(__file__).parent.parent
ARTICLES = ROOT / "fixtures/briefing"


@pytest.fixture(scope="module")
def server():
    with endpoint([everything]) as known:
        yield known


@pytest.fixture
def run(server, tmp_path):
    def example(name, *arguments, asks=True):
        asked = ["-m", "m", "--base-url", server["url"]] if asks else []
        command = [sys.executable, ROOT / "examples" / name, *arguments, *asked]
        settings = {
            "PATH": os.environ["PATH"],
            "XDG_CACHE_HOME": str(tmp_path),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        done = subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return example


def files(number):
    return sorted(ARTICLES.glob("*.txt"))[:number]


@pytest.mark.slow
def test_one_article(run, tmp_path):
    told = run("one_article.py", *files(1), "-o", "article.json")
    (analysis,) = results.read_results(tmp_path / "article.json")
    assert analysis.claims
    for claim in analysis.claims:
        assert f"{claim.text}  ({claim.speaker or 'the paper'}: {claim.stance})\n    [{claim.sentences[0]}] " in told


@pytest.mark.slow
def test_an_archive_is_continued(run, server, tmp_path):
    first = run("archive.py", *files(3))
    assert first.startswith("complete {")
    assert first.endswith("0 claims have an error: see their findings\n")
    sent = len(server["requests"])
    assert run("archive.py", *files(3)) == first
    assert len(server["requests"]) == sent
    assert len(first.splitlines()) == 2 + sum(len(one.claims) for one in results.read_results(tmp_path / "out.jsonl"))


@pytest.mark.slow
def test_a_briefing(run, tmp_path):
    told = run("briefing.py", *files(3), "-o", "note.json")
    note = results.read_note(tmp_path / "note.json")
    assert len(note.sources) == 3
    assert f"{note.key_points[0].text} [" in told


@pytest.mark.slow
def test_the_sample_archive_is_the_same_each_time(run, tmp_path):
    assert run("make.py", "--sample", "sample.db", asks=False) == "22 new, 0 replaced, 0 known.\n"
    assert run("make.py", "--sample", "sample.db", asks=False) == "0 new, 0 replaced, 22 known.\n"
    read = list(results.read_results(tmp_path / "sample.db"))
    assert all(one.translation and one.summary and one.claims for one in read)
    assert not any(finding.code == "task.failed" for one in read for finding in one.findings)
    assert sum(one.provenance.model.startswith("local:") for one in read) == 4


def test_every_example_is_run():
    tried = Path(__file__).read_text("utf-8")
    with_ray = (Path(__file__).parent / "scale" / "test_distributed.py").read_text("utf-8")
    assert '"distributed.py"' in with_ray
    elsewhere = {"distributed.py"}
    assert all(f'run("{path.name}"' in tried for path in (ROOT / "examples").glob("*.py") if path.name not in elsewhere)
