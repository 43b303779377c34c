"""An article as a model sees it: the shared prefix of every task, and windows over a long text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from presseschau.models import Article, Message, Sentence
from presseschau.patterns import late
from presseschau.pipeline.prompts import Prompts

Item = TypeVar("Item")

CONTEXT_SENTENCES = 2
"""Sentences repeated in front of a later window so that "er" and "dort" can be understood."""

_QUOTES = str.maketrans({"„": "“", "“": "”", "‟": "”", "»": "“", "«": "”", "‚": "‘", "‘": "’", "›": "‘", "‹": "’"})
"""German marks as English ones: models close a U+201E quotation with the ASCII mark that ends a JSON string
(facts.md 0.10), but close an English one as it was opened. Only in prompts, never in the Article."""


# Anything shaped like a tag: <think>, </s>, <|im_end|>, <|turn>, <turn|>, <<SYS>>, <start_of_turn>, <0x0A>, <｜User｜>.
# A rule, not a list: each model family has its own names. Full-width brackets too: some tokenizers fold them first.
_TAG = late(r"(?<=[<＜])(?=[^\s<>＜＞]{1,64}[>＞]|[|｜][^\n<>＜＞]{1,64}[>＞])")

# Square brackets are ordinary in quotations ("die [SPD]"), so here only the names that models use.
_NAMES = (
    "INST|SYSTEM_PROMPT|TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CONTENT|TOOL|ARGS|CALL_ID|THINK|MODEL_SETTINGS"
    "|IMG|IMG_BREAK|IMG_END|AUDIO|BEGIN_AUDIO|PREFIX|MIDDLE|SUFFIX|CLS|SEP|PAD|UNK|[gs]?MASK|BOS|EOS|EOT|SYS|USER"
    "|ASSISTANT|SYSTEM"
)
_BRACKET = late(rf"(?<=\[)(?=/?(?:{_NAMES})\])|(?<=\])(?=~!?b[\[\]])|(?<=\[)(?=e~\[)", re.IGNORECASE)
_SURROGATE = late("[\ud800-\udfff]")


class Window(NamedTuple):
    """A stretch of an article small enough for one request: `own` sentences and the `context` shown before them.

    `terms` are the (German, English) names and terms that the model is told.
    """

    article: Article
    context: tuple[Sentence, ...]
    own: tuple[Sentence, ...]
    terms: tuple[tuple[str, str], ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(s.n for s in self.own)


def shown(text: str) -> str:
    """Text of an article, or of a model, as it may stand in a prompt: one line, no control tokens."""
    return " ".join(neutralise(text).split())


def german(text: str) -> str:
    """German text as it stands in a prompt."""
    return shown(text).translate(_QUOTES)


def windows(article: Article, characters: int) -> tuple[Window, ...]:
    """The article in stretches of at most `characters` German characters; one window if it fits.

    Every sentence is `own` in exactly one window. A single sentence that is longer makes a window of its own.
    """
    groups = stretches(article.sentences, lambda sentence: len(sentence.text), characters)
    return tuple(_window(article, group) for group in groups)


def stretches(items: Iterable[Item], size_of: Callable[[Item], int], most: int) -> list[list[Item]]:
    """The items in order, in stretches of at most `most` in size; one that is larger makes a stretch of its own."""
    groups: list[list[Item]] = []
    size = 0
    for item in items:
        if not groups or size + size_of(item) > most:
            groups.append([])
            size = 0
        groups[-1].append(item)
        size += size_of(item)
    return groups


def _window(article: Article, own: Sequence[Sentence]) -> Window:
    first = own[0].n
    context = [s for s in article.sentences if s.role == "headline" and s.n < first]
    before = [s for s in article.sentences if s.n < first and s not in context]
    return Window(article, tuple(context + before[-CONTEXT_SENTENCES:]), tuple(own))


def addressed_to_models(article: Article) -> frozenset[int]:
    """The sentences that are never evidence: flagged `input.instruction`, and what follows in the same paragraph."""
    spans = [f.de_span for f in article.findings if f.code == "input.instruction" and f.de_span]
    flagged = [s for s in article.sentences if any(p.start < s.end and s.start < p.end for p in spans)]
    return frozenset(
        s.n for s in article.sentences for first in flagged if s.paragraph == first.paragraph and s.n >= first.n
    )


def prefix(prompts: Prompts, window: Window) -> str:
    """The text with which every task about this window begins."""
    article = window.article
    about = [f"published {article.published[:10]}"] if article.published else []
    about += [f"by the agency {shown(article.agency)}"] if article.agency else []
    return prompts.render(
        "shared/article",
        about=f" ({', '.join(about)})" if about else "",
        sentences=numbered((*window.context, *window.own)),
        terms=terms(prompts, window),
    )


def numbered(sentences: Iterable[Sentence]) -> str:
    """The German sentences, one per line, each behind its number."""
    return "\n".join(f"[{s.n}] {german(s.text)}" for s in sentences)


def terms(prompts: Prompts, window: Window) -> str:
    """What to call whom in English, on a line of its own, or nothing."""
    said = "; ".join(f"{shown(german)} = {shown(english)}" for german, english in window.terms)
    return "\n" + prompts.render("shared/terms", terms=said) if said else ""


def messages(prompts: Prompts, window: Window, task: str, before: Sequence[Message] = ()) -> tuple[Message, ...]:
    """System text and one user turn: the article first, the task last, so that tasks share the longest prefix.

    Behind a conversation that has shown the article, `before`, the task is all that is said.
    """
    if before:
        return (*before, Message(role="user", content=task))
    return (
        Message(role="system", content=prompts.render("shared/system")),
        Message(role="user", content=f"{prefix(prompts, window)}\n\n{task}"),
    )


def number_list(numbers: Iterable[int]) -> str:
    """`1-4, 7, 9-10` for the sorted numbers."""
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in runs)


def neutralise(text: str) -> str:
    """Text in which no tokenizer finds a control token: a space follows the opening bracket of each.

    Lone surrogates, which no server accepts, become U+FFFD. Everything else is unchanged, and doing it twice
    changes nothing more. For article text and for model output that goes back into a prompt; never for the Article.
    """
    return _SURROGATE.sub("\ufffd", _BRACKET.sub(" ", _TAG.sub(" ", text)))
