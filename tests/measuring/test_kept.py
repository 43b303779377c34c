"""Figures that are kept beside the models."""

from __future__ import annotations

import pytest

from presseschau.facts.chrf import Interval
from presseschau.measuring.figures import AnswerFigures, ModelCheck, ModelFigures, Taken, TranslationFigures
from presseschau.measuring.report import HERE, keep, known_figures


def check(identity: str, score: float, *, quick: bool = False) -> ModelCheck:
    one = ModelFigures(
        model="m",
        identity=identity,
        articles=4 if quick else 12,
        translation=TranslationFigures(
            sentences=9, missing=0, chrf=Interval(value=score, low=score, high=score), errors=0, warnings=0, codes={}
        ),
        answers=AnswerFigures(
            asked=1, at_once=1, requests=1, prompt_tokens=1, completion_tokens=1, schema_mode="strict"
        ),
        verdict="facts",
        taken=Taken(day="2026-11-30", cached=0, seconds=1.0, tokens_a_second=1.0),
    )
    return ModelCheck(presseschau="0", prompts="0", quick=quick, models=(one,))


def scores(folder):
    return {identity: one.translation.chrf.value for identity, (_, one) in known_figures(folder).items()}


def test_what_was_measured_here_comes_before_what_is_shipped(tmp_path):
    (shipped,) = known_figures(tmp_path)
    keep(check(shipped, 1.0), tmp_path)
    keep(check("sha256:other", 2.0), tmp_path)
    assert scores(tmp_path) == {shipped: 1.0, "sha256:other": 2.0}


def test_a_quick_look_does_not_replace_a_whole_check(tmp_path):
    for score, quick in ((1.0, True), (2.0, True), (3.0, False), (4.0, True)):
        keep(check("sha256:x", score, quick=quick), tmp_path)
    assert scores(tmp_path)["sha256:x"] == 3.0


@pytest.mark.parametrize("text", ["", "[1]", "{}", '[{"schema": "other/1"}]', "[" * 100_000])
def test_a_damaged_file_is_forgotten(tmp_path, text):
    before = scores(tmp_path)
    (tmp_path / HERE).write_text(text)
    assert scores(tmp_path) == before
    keep(check("sha256:x", 1.0), tmp_path)
    assert scores(tmp_path)["sha256:x"] == 1.0


def test_without_a_folder_nothing_is_kept(tmp_path):
    keep(check("sha256:x", 1.0), tmp_path / "none")
    assert not (tmp_path / "none").exists()
