"""A claim list against a labelled one: found, split, merged, doubled, of nothing; on cases and on the labels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from presseschau.checks.claim.labelled import ClaimCounts, LabelledClaim, claims_against
from presseschau.models import Claim

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = json.loads((FIXTURES / "claims/against_labels.json").read_text("utf-8"))
ARTICLES = sorted((FIXTURES / "models/articles").glob("*.json"))


def labels(rows: list[dict[str, object]]) -> list[LabelledClaim]:
    return [LabelledClaim.model_validate(row) for row in rows]


def listed(labelled: list[LabelledClaim]) -> list[Claim]:
    return [
        Claim(id=f"c{i}", text=one.text, sentences=one.sentences, evidence=(), speaker=one.speaker, stance=one.stance)
        for i, one in enumerate(labelled, 1)
    ]


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_cases(case: dict[str, object]) -> None:
    found = [Claim.model_validate({"id": f"c{i}", "evidence": (), **row}) for i, row in enumerate(case["claims"], 1)]
    sure = {"labelled": len(CASES["labelled"]), "claims": len(found), "supported": len(found)}
    assert claims_against(labels(CASES["labelled"]), found) == ClaimCounts(**(sure | case["counts"]))


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_labels_against_themselves(path: Path) -> None:
    labelled = labels(json.loads(path.read_text("utf-8"))["claims"])
    n, every = len(labelled), listed(labelled)
    whole = ClaimCounts(labelled=n, found=n, claims=n, supported=n, speaker=n, stance=n)
    assert claims_against(labelled, every) == whole
    for i, claim in enumerate(every):
        without = claims_against(labelled, [*every[:i], *every[i + 1 :]])
        assert (without.found, without.split, without.extra) == (n - 1, 0, 0)
        twice = claims_against(labelled, [*every, claim])
        assert (twice.found, twice.doubled) == (n, 1)
        if i + 1 < n and labelled[i].sentences == labelled[i + 1].sentences:
            both = claim.model_copy(update={"text": f"{claim.text} {every[i + 1].text}"})
            assert claims_against(labelled, [*every[:i], both, *every[i + 2 :]]).merged == 1
