"""A sentence of the note against exactly the claims that it cites."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presseschau.checks.note.check import Basis, check, check_title
from presseschau.models import Claim, Evidence
from presseschau.notes import Source, SourceClaim
from searching import examples

CASES = json.loads((Path(__file__).parents[2] / "fixtures/briefing/statements.json").read_text("utf-8"))
SOURCES = (
    Source(n=1, id="a", outlet="Der Hansebote", agency="dpa", published="2026-03-12T09:41:05", sentences=()),
    Source(n=3, id="b", outlet="Kieler Rundschau", published="2026-03-12T15:20", sentences=()),
)


def claim(row):
    n = int(row["id"].split("c")[1])
    evidence = (Evidence(n=n, start=0, end=len(row["de"]), text=row["de"]),)
    made = Claim(
        id=f"c{n}", text=row["text"], sentences=(n,), evidence=evidence, speaker=row["speaker"], stance=row["stance"]
    )
    return SourceClaim(id=row["id"], source=int(row["id"][0]), claim=made)


CLAIMS = {row["id"]: claim(row) for row in CASES["claims"]}


def errors(text, ids):
    found = check(text, Basis(tuple(CLAIMS[name] for name in ids if name in CLAIMS), SOURCES), ids)
    return {finding.code for finding in found if finding.severity == "error"}


@pytest.mark.parametrize("case", CASES["good"], ids=lambda case: case["text"][:50])
def test_a_sentence_that_says_no_more_than_its_claims_holds(case):
    assert errors(case["text"], case["claims"]) == set()


@pytest.mark.parametrize("case", CASES["bad"], ids=lambda case: case["text"][:50])
def test_a_sentence_that_says_more_or_something_else_is_found(case):
    assert set(case["codes"]) <= errors(case["text"], case["claims"])


@pytest.mark.parametrize("row", CASES["claims"], ids=lambda row: row["id"])
def test_a_claim_in_its_own_words_with_its_speaker_holds(row):
    assert errors(f"{row['text'].rstrip('.')}, according to {row['speaker'] or 'Der Hansebote'}.", [row["id"]]) <= {
        "speaker.wrong"  # where the paper of another source is named
    }
    assert "citation.unrelated" not in errors(row["text"], [row["id"]])


@settings(max_examples=examples(40))
@given(st.integers(min_value=18, max_value=9_999).filter(lambda n: str(n) not in ("17", "20")))
def test_another_figure_is_always_found(figure):
    text = f"The number of people injured has risen to {figure:,}, said a spokeswoman for Kiel University Hospital."

    assert errors(text, ["3.c1"]) & {"number.added", "number.scale"}


@settings(max_examples=examples(40))
@given(st.sampled_from(sorted(CLAIMS)), st.sampled_from(sorted(CLAIMS)))
def test_the_claims_of_another_sentence_do_not_bear_it(one, other):
    if one != other and {one, other} not in ({"3.c6", "3.c7"}, {"1.c1", "3.c1"}):
        assert errors(CLAIMS[one].claim.text, [other])


def test_a_citation_of_nothing_is_found():
    assert errors("17 people were injured.", []) == {"citation.unknown"}
    assert "citation.unknown" in errors(CLAIMS["1.c2"].claim.text, ["1.c2", "9.c9"])


def test_a_title_may_leave_out_who_says_so_and_add_nothing():
    basis = Basis((CLAIMS["3.c1"],), SOURCES)

    assert not [f for f in check_title("17 injured in Nordlack fire", basis) if f.severity == "error"]
    assert [f.code for f in check_title("71 injured in Nordlack fire", basis) if f.severity == "error"] == [
        "number.added"
    ]


def test_german_is_no_sentence_of_the_note():
    german = CLAIMS["1.c1"].claim.evidence[0].text

    assert errors(german, ["1.c1"]) == {"language.untranslated"}
