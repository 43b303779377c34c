"""Counting: the plan never changes, the estimate learns, and nothing is ever downloaded."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presseschau.llm.token_count import TokenEstimate, exact_counter, planned_tokens


@given(st.text())
def test_the_plan_is_the_same_for_the_same_length_and_never_too_small(text: str) -> None:
    assert planned_tokens(text) == planned_tokens("x" * len(text))
    assert planned_tokens(text) >= len(text) / 3


def test_the_estimate_learns_from_usage() -> None:
    estimate = TokenEstimate()
    estimate.learn(characters=10_000, messages=2, prompt_tokens=2_516)
    assert estimate.ratio == 4.0


@pytest.mark.parametrize("prompt_tokens", [0, 10, 1_000, 100_000])
def test_it_does_not_learn_from_servers_that_do_not_count(prompt_tokens: int) -> None:
    estimate = TokenEstimate()
    estimate.learn(characters=10_000, messages=2, prompt_tokens=prompt_tokens)
    assert estimate.ratio == 3.0


@pytest.mark.parametrize("content", [None, b"not the vocabulary"])
@pytest.mark.parametrize("kept", [True, False])
def test_without_a_vocabulary_on_disk_nothing_is_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, kept: bool
) -> None:
    """tiktoken would fetch it; told to keep none (an empty folder name), each time."""
    asked: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *address, **_: asked.append(address))
    if content is not None:
        (tmp_path / "fb374d419588a4632f3f557e76b4b70aebbca790").write_bytes(content)  # o200k_base
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path) if kept else "")
    assert exact_counter("gpt-4o") is None
    assert asked == []


@pytest.mark.parametrize("ratio", [2.6, 3.0, 3.5, 4.2])
def test_a_prompt_in_english_after_german_ones_is_no_alarm(ratio: float) -> None:
    """The same tokenizer needs fewer tokens for English: 1.5 times the characters a token at most."""
    estimate = TokenEstimate()
    estimate.learn(10_000, 0, round(10_000 / ratio))
    assert not estimate.was_cut(20_000, round(20_000 / (1.5 * ratio)), None)
    assert estimate.was_cut(20_000, round(20_000 / (1.8 * ratio)), None)


def test_nothing_learned_only_the_impossible_is_an_alarm() -> None:
    estimate = TokenEstimate()
    assert not estimate.was_cut(20_000, 3_000, None)
    assert estimate.was_cut(20_000, 2_048, None)
    assert not estimate.was_cut(2_000, 1, None)
    assert not estimate.was_cut(20_000, 0, None)
    assert estimate.was_cut(20_000, 8_192, 8_192)
