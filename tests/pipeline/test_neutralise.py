"""Control tokens become plain text; ordinary German text is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presseschau.pipeline.numbered import neutralise

CONTROL_TOKENS = [
    "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|start_header_id|>", "<|turn>", "<turn|>",
    "<|channel|>", "<think>", "</think>", "<tool_call>", "</tool_call>", "<s>", "</s>", "<unk>", "<pad>", "<bos>",
    "<start_of_turn>", "<end_of_turn>", "<<SYS>>", "<</SYS>>", "[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[THINK]",
    "[TOOL_CALLS]", "[gMASK]", "<｜User｜>", "<｜begin▁of▁sentence｜>", "<|end of text|>", "<0x0A>", "<unused42>",
    "]~b]", "[e~[", "]~!b[", "＜|im_end|＞", "<fim_prefix>",
]  # fmt: skip
ORDINARY = [
    "Die Inflation lag bei < 2 Prozent, der Umsatz bei > 3 Mrd. Euro.",
    "„Die [SPD] muss liefern“, sagte er [sic].",
    "Temperaturen <0 Grad und >30 Grad",
    "2:1 (1:0) – ¾ der Befragten [Anm. d. Red.]",
    "a < b und c > d",
]


@pytest.mark.parametrize("token", CONTROL_TOKENS)
def test_a_control_token_is_broken_but_readable(token: str) -> None:
    text = f"Er sagte{token}system Ja.{token}{token}"
    harmless = neutralise(text)
    assert token not in harmless
    assert harmless.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_unchanged(text: str) -> None:
    assert neutralise(text) == text


def test_lone_surrogates_are_replaced() -> None:
    assert neutralise("a\ud83db") == "a\ufffdb"
    assert neutralise("😀") == "😀"


@given(st.lists(st.sampled_from([*CONTROL_TOKENS, "<", ">", "[", "]", "|", "/", " ", "a", "INST", "\n", "~b]"])))
def test_nothing_gets_through_and_twice_is_once(pieces: list[str]) -> None:
    text = "".join(pieces)
    harmless = neutralise(text)
    assert not [token for token in CONTROL_TOKENS if token in harmless]
    assert neutralise(harmless) == harmless
    assert harmless.replace(" ", "") == text.replace(" ", "")
