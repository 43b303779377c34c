"""`model pull --best`: which is taken and why, and what is used from then on where no model is named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_kept import check

from in_process import presseschau
from presseschau.cli.measuring import ask_default, pull_best
from presseschau.errors import ConfigurationError, ModelError, ProviderDownError
from presseschau.llm.engine import choose
from presseschau.llm.local.catalog import DEFAULT_MODEL, find
from presseschau.llm.local.store import choose_default, default_model, remove

NAMES = ("large", "middle", "small")


def models():
    return [
        replace(find("qwen3-4b"), name=name, rank=rank, size=size)
        for rank, (name, size) in enumerate(zip(NAMES, (3_000_000_000, 2_040_000_000, 1_000_000_000), strict=True), 1)
    ][::-1]


def taken(verdicts, *, unreachable=(), max_size=None, capsys=None):
    """Who is taken, and who was fetched."""
    fetched = []

    def fetch(model):
        fetched.append(model.name)
        if model.name in unreachable:
            raise ProviderDownError("nobody there.")

    def measure(model):
        verdict, score = verdicts[model.name]
        if verdict == "broken":
            raise ModelError("cannot be loaded.")
        return check("sha256:0", score).models[0].model_copy(update={"verdict": verdict})

    return pull_best(max_size, fetch, measure, models()).name, fetched


@pytest.fixture(autouse=True)
def much_memory(monkeypatch):
    monkeypatch.setattr("presseschau.llm.local.server.usable_memory", lambda: 10**12)


def test_the_first_by_rank_that_passes_is_taken_and_nothing_after_it_is_fetched():
    assert taken({"large": ("facts", 60.0), "middle": ("facts", 70.0)}) == ("large", ["large"])


def test_what_cannot_be_fetched_loaded_or_is_no_better_than_a_demonstration_is_passed_over(capsys):
    verdicts = {"large": ("facts", 60.0), "middle": ("demonstration", 44.0), "small": ("first look", 52.0)}
    assert taken(verdicts, unreachable=["large"]) == ("small", [*NAMES])
    said = capsys.readouterr().err
    assert "large: not taken. nobody there." in said
    assert "middle: chrF 44.0" in said
    assert "small is taken: the first that passes" in said
    assert taken({"large": ("broken", 0.0), "middle": ("facts", 61.0)})[0] == "middle"


def test_if_none_passes_the_best_that_was_measured_is_taken(capsys):
    verdicts = {"large": ("unfit", 12.0), "middle": ("demonstration", 44.0), "small": ("demonstration", 43.0)}
    assert taken(verdicts) == ("middle", [*NAMES])
    assert "none passes" in capsys.readouterr().err


def test_nothing_larger_than_asked_for_or_than_the_memory_is_fetched(monkeypatch, capsys):
    verdicts = dict.fromkeys(NAMES, ("facts", 60.0))
    assert taken(verdicts, max_size=2.5) == ("middle", ["middle"])
    assert taken(verdicts, max_size=2.0) == ("middle", ["middle"])  # 2.04 GB, listed as 2.0
    with pytest.raises(ConfigurationError, match="too large"):
        taken(verdicts, max_size=0.5)
    monkeypatch.setattr("presseschau.llm.local.server.usable_memory", lambda: 3_000_000_000)
    assert taken(verdicts) == ("small", ["small"])
    assert "GB of memory" in capsys.readouterr().err


def test_if_none_can_be_had_that_is_said():
    with pytest.raises(ProviderDownError):
        taken({}, unreachable=NAMES)


def test_the_command_says_of_each_why_not(tmp_path, monkeypatch):
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # the discard port: nothing listens
    ended = presseschau("model", "pull", "--best", "--source", "huggingface", "--models", str(tmp_path), "-q")
    assert ended.code == 75
    assert ended.out == ""
    for name in ("hy-mt2-7b", "gemma-4-e4b", "qwen3-4b", "hy-mt2-1.8b", DEFAULT_MODEL):
        assert f"{name}: not taken. " in ended.err


@pytest.mark.parametrize("wrong", [["--best", "qwen3-4b"], ["--max-size", "2"], ["qwen3-4b", "--use"]])
def test_what_does_not_go_together_is_a_usage_error(wrong):
    assert presseschau("model", "pull", *wrong).code == 2


def test_what_was_chosen_is_used_where_no_model_is_named(tmp_path):
    assert choose(models=tmp_path).endpoint.model == f"local:{DEFAULT_MODEL}"
    choose_default("qwen3-4b", tmp_path)
    assert choose(models=tmp_path).endpoint.model == "local:qwen3-4b"
    assert choose(f"local:{DEFAULT_MODEL}", models=tmp_path).endpoint.model == f"local:{DEFAULT_MODEL}"
    assert choose("m", base_url="http://127.0.0.1:9/v1", models=tmp_path).endpoint.model == "m"
    said = presseschau("doctor", "--models", str(tmp_path))
    assert "model: local:qwen3-4b (chosen on 20" in said.out
    assert "worth: never measured" in said.out
    listed = presseschau("model", "list", "--models", str(tmp_path)).out
    assert "qwen3-4b (default)" in listed
    assert f"{DEFAULT_MODEL} (default)" not in listed
    remove("qwen3-4b", tmp_path)
    assert default_model(tmp_path).name == DEFAULT_MODEL


@pytest.mark.parametrize("text", ["", "[]", '{"model": 3}', "[" * 100_000])
def test_a_damaged_choice_is_none(tmp_path, text):
    (tmp_path / "default.json").write_text(text)
    assert default_model(tmp_path).name == DEFAULT_MODEL


class Terminal:
    def isatty(self):
        return True


@pytest.mark.parametrize(("answer", "used"), [(True, "qwen3-4b"), (False, DEFAULT_MODEL)])
def test_it_is_asked_once(tmp_path, monkeypatch, answer, used):
    asked = []
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("typer.confirm", lambda question, err: asked.append(question) or answer)
    for _ in range(2):
        ask_default(find("qwen3-4b"), tmp_path, use=None)
    assert len(asked) == 1
    assert default_model(tmp_path).name == used
    ask_default(find("qwen3-4b"), tmp_path, use=True)
    assert default_model(tmp_path).name == "qwen3-4b"
    assert len(asked) == 1


def test_where_nobody_can_be_asked_nothing_changes_and_that_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", None)
    ask_default(find("qwen3-4b"), tmp_path, use=None)
    assert default_model(tmp_path).since == ""
    assert "--use changes that" in capsys.readouterr().err
