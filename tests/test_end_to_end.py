"""The whole road with the real embedded model, as a newcomer walks it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from presseschau.errors import ModelError
from presseschau.facts import compare, facts
from presseschau.llm.local.store import path_of
from presseschau.models import Analysis

SAMPLE = Path(__file__).parent.parent / "fixtures/articles/000_044aac90155ef23c.txt"
MODEL = "qwen2.5-coder-1.5b"
TEASER_ONLY = (
    "Merz", "Friedrich", "CDU", "Litauen", "Lithuania", "Inga", "Ruginien", "Soldatenleichen", "Angriffspause",
    "Einreiseverbot", "Militärkooperation", "29.01.2026", "29 January", "20:20", "18:48", "14:50", "14:24", "12:21",
)  # fmt: skip
NAMES = {"Selenskyj": 5, "Umjerow": 5, "Rubio": 11, "Patruschew": 13, "Uschakow": 14, "Medinski": 14, "Dmitrijew": 15}

pytestmark = [pytest.mark.model, pytest.mark.timeout(900)]


def run(*arguments, cache):
    command = [sys.executable, "-m", "presseschau", *arguments, "-m", f"local:{MODEL}", "--cache", str(cache)]
    return subprocess.run(command, capture_output=True, text=True, timeout=800)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    try:
        path_of(MODEL)
    except ModelError as error:
        pytest.fail(f"{error} (`make test` fetches it)")
    return tmp_path_factory.mktemp("cache") / "answers.sqlite3"


@pytest.fixture(scope="module")
def analysis(cache):
    done = run("article", str(SAMPLE), "--json", cache=cache)
    assert done.returncode == 0, done.stderr
    return Analysis.model_validate_json(done.stdout)


def english_of(analysis):
    yield from (row.en for row in analysis.translation)
    yield analysis.summary.headline
    yield analysis.summary.bottom_line
    yield from (point.text for point in analysis.summary.points)
    yield from (claim.text for claim in analysis.claims)


def test_all_fifteen_units_are_translated(analysis):
    assert len(analysis.article.sentences) == 15
    assert [row.n for row in analysis.translation if row.en] == list(range(1, 16))


def test_claims_and_points_carry_evidence_from_lead_and_body(analysis):
    citable = {s.n for s in analysis.article.sentences if s.role in ("lead", "body")}
    assert 0 < len(analysis.claims) <= 15
    assert all(claim.evidence and {e.n for e in claim.evidence} <= citable for claim in analysis.claims)
    assert len(analysis.summary.points) <= 5  # those that are fit to be one
    assert all(point.sentences and set(point.sentences) <= citable for point in analysis.summary.points)
    assert all(analysis.article.text[e.start : e.end] == e.text for claim in analysis.claims for e in claim.evidence)


def test_nothing_of_the_teasers_appears(analysis):
    everything = " ".join(english_of(analysis))
    assert [word for word in TEASER_ONLY if word in everything] == []
    assert len(everything) > 1500


def test_every_name_stands_in_the_english_of_its_sentence_or_carries_a_finding(analysis):
    rows = {row.n: row for row in analysis.translation}
    lost = [
        name
        for name, n in NAMES.items()
        if any(found.code == "name.missing" for found in compare(facts(name, "de"), facts(rows[n].en, "en")))
        and not rows[n].findings
    ]
    assert lost == []


def test_every_result_says_that_a_small_model_made_it(analysis):
    assert "small demonstration model" in analysis.provenance.notice
    assert analysis.provenance.notes == ()


def test_again_it_sends_nothing_and_says_the_same(analysis, cache):
    done = run("article", str(SAMPLE), "--json", "--cache-only", cache=cache)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads(analysis.model_dump_json())


def test_a_cached_answer_loads_neither_the_sdk_nor_the_engine(analysis, cache):
    code = (
        "import sys; sys.argv[1:] = sys.argv[1:]\n"
        "from presseschau.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'openai', 'xllamacpp', 'aiohttp', 'httpx2'} & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "article", str(SAMPLE), "--json", "--cache", str(cache)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout)["translation"]
    assert done.stderr.splitlines()[-1] == "[]"
