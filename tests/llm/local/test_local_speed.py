"""What speed is promised: deadlines rest on it."""

import os
import signal

import pytest

from presseschau.llm.local.server import _reason, expected_speed, needed_memory, usable_cores
from presseschau.llm.pacing import Rate


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


def test_a_model_needs_twice_its_file_and_the_context():
    assert needed_memory(10**9) == 2 * 10**9 + 256 * 1024**2


@pytest.mark.parametrize(
    ("log", "code", "said"),
    [
        ("0.00 E load: first\n0.01 E load: second\nlast\n", 1, "first."),
        ("0.00 E load: error loading model: no file.\n", 1, "no file."),
        ("one\ntwo\nthree\nhalf a li", 1, "three."),
        ("", 3, "it ended with code 3."),
        ("one\n", -signal.SIGKILL, "it was killed, perhaps because memory ran out."),
        ("one\n", -signal.SIGTERM, "it was ended by SIGTERM."),
        ("one\n", None, "one."),
    ],
)
def test_why_the_engine_ended_is_its_first_error_or_its_last_line(log, code, said):
    assert _reason(log, code) == said


def test_a_rate_of_a_minute_is_so_many_a_second():
    assert Rate(120, 6000).a_second == (2, 100)
    assert Rate(120, 6000).divided(4).a_second == (0.5, 25)
    assert Rate(30).a_second[0] == 0.5
    assert Rate(30).a_second[1] > 10**6
