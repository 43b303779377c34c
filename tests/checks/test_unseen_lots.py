"""The lots that were written before the rules were read (`tests/measure/unseen.py` prints what each pair says)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from presseschau.checks import check_pair

CASES = Path(__file__).parents[2] / "fixtures" / "checks"
LOTS = ("unseen_third", "unseen_fourth", "unseen_fifth")


def alarms(de: str, en: str) -> set[str]:
    return {item.code for item in check_pair(de, en) if item.severity != "info"}


@pytest.mark.parametrize("lot", LOTS)
def test_few_good_pairs_have_an_alarm_and_most_planted_errors_have_a_new_one(lot: str) -> None:
    rows = [json.loads(line) for line in (CASES / f"{lot}.jsonl").read_text("utf-8").splitlines()]
    good = {row["de"]: alarms(row["de"], row["en"]) for row in rows if row["planted"] is None}
    found = [bool(alarms(row["de"], row["en"]) - good[row["de"]]) for row in rows if row["planted"]]

    assert sum(map(bool, good.values())) <= 0.02 * len(good)
    assert sum(found) >= 0.92 * len(found)
