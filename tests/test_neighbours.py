"""Austrian and Swiss articles are read no worse than on 30 November 2026 (fixtures/neighbours)."""

import sys
from pathlib import Path

import pytest

from presseschau.checks import check_pair

sys.path.insert(0, str(Path(__file__).parent / "measure"))

import neighbours


@pytest.mark.parametrize(
    ("land", "least"),
    [
        ("at", {"units": 3, "fields": 11, "silent on right English": 33, "planted errors found": 11, "speakers": 23}),
        ("ch", {"units": 3, "fields": 11, "silent on right English": 32, "planted errors found": 10, "speakers": 23}),
    ],
)
def test_what_is_right_of_the_neighbours(land, least):
    right, faults = neighbours.measured(land)
    assert all(right[what][0] >= number for what, number in least.items()), faults


def test_statt_in_a_name_is_kept_and_turned_elsewhere():
    def found(de, en):
        return [one.code for one in check_pair(de, en) if one.code == "meaning.turned"]

    assert found("Der Verein „Zug statt Flug“ klagt.", "The association “Zug statt Flug” is suing.") == []
    assert found("Er nimmt den Zug statt das Flugzeug.", "He takes the train and the plane.") == ["meaning.turned"]
