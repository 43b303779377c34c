"""What speed is promised: deadlines rest on it."""

import os

import pytest

from presseschau.llm.local.server import expected_speed, usable_cores


def test_the_measured_model_on_two_cores():
    speed = expected_speed(1_117_320_768, 2)
    assert 60 < speed.reads < 72
    assert 22 < speed.writes < 26


def test_larger_models_are_slower_and_more_cores_faster_up_to_a_bound():
    assert expected_speed(2_000_000_000, 2).writes == pytest.approx(expected_speed(1_000_000_000, 2).writes / 2)
    assert expected_speed(10**9, 4).reads == pytest.approx(2 * expected_speed(10**9, 2).reads)
    assert expected_speed(10**9, 64) == expected_speed(10**9, 4)


@pytest.mark.parametrize(
    ("quota", "cores"), [("100000 100000", 1), ("50000 100000", 1), ("0 100000", 1), ("max 100000", None), ("", None)]
)
def test_a_containers_quota_counts(tmp_path, quota, cores):
    file = tmp_path / "cpu.max"
    file.write_text(quota)
    assert usable_cores(file) == (cores or usable_cores(tmp_path / "absent"))


def test_affinity_counts(tmp_path):
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert usable_cores(tmp_path / "absent") == 1
    finally:
        os.sched_setaffinity(0, before)
