"""What is denied in the German is denied in the English, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases, sure
from hypothesis import given
from hypothesis import strategies as st

from presseschau.facts.fact import Facts
from presseschau.facts.polarity import negation


@pytest.mark.parametrize("case", cases("negation"))
def test_pairs(case: dict[str, Any]) -> None:
    assert sure(negation, "negations", case["de"], case["en"]) == case["codes"]


def test_a_claim_may_leave_the_denying_clause_out() -> None:
    de, en = "Er kam und sagte nichts.", "He came."
    source = Facts(de, "de", negations=negation.read(de, "de"))
    target = Facts(en, "en", negations=negation.read(en, "en"))
    assert [d.weak for d in negation.differences(source, target, "within")] == [True]


@given(st.text(alphabet="nicht keinowever ,.'’äüNo\n", max_size=60))
def test_facts_stand_where_they_say(text: str) -> None:
    for lang in ("de", "en"):
        found = negation.read(text, lang)  # type: ignore[arg-type]
        assert all(fact.text == text[fact.start : fact.end] for fact in found)
        assert [fact.start for fact in found] == sorted(fact.start for fact in found)
