"""Chat control tokens made harmless: an article must not be able to end its own quotation and speak as someone else.

Engines match control tokens such as `<|im_end|>` as exact strings, wherever in the prompt they stand. One space
inside the token is enough to make it plain text to every tokenizer, and a reader still reads it.
"""

from __future__ import annotations

import re

# Anything shaped like a tag: <think>, </s>, <|im_end|>, <|turn>, <turn|>, <<SYS>>, <start_of_turn>, <0x0A>, <｜User｜>.
# A rule, not a list: each model family has its own names. Full-width brackets too: some tokenizers fold them first.
_TAG = re.compile(r"(?<=[<＜])(?=[^\s<>＜＞]{1,64}[>＞]|[|｜][^\n<>＜＞]{1,64}[>＞])")

# Square brackets are ordinary in quotations ("die [SPD]"), so here only the names that models use.
_NAMES = (
    "INST|SYSTEM_PROMPT|TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CONTENT|TOOL|ARGS|CALL_ID|THINK|MODEL_SETTINGS"
    "|IMG|IMG_BREAK|IMG_END|AUDIO|BEGIN_AUDIO|PREFIX|MIDDLE|SUFFIX|CLS|SEP|PAD|UNK|[gs]?MASK|BOS|EOS|EOT|SYS|USER"
    "|ASSISTANT|SYSTEM"
)
_BRACKET = re.compile(rf"(?<=\[)(?=/?(?:{_NAMES})\])|(?<=\])(?=~!?b[\[\]])|(?<=\[)(?=e~\[)", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")


def neutralise(text: str) -> str:
    """Text in which no tokenizer finds a control token: a space follows the opening bracket of each.

    Lone surrogates, which no server accepts, become U+FFFD. Everything else is unchanged, and doing it twice
    changes nothing more. For article text and for model output that goes back into a prompt; never for the Article.
    """
    return _SURROGATE.sub("\ufffd", _BRACKET.sub(" ", _TAG.sub(" ", text)))
