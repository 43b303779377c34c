"""`content.meta`: the English is talk about the task: a refusal, a preamble, an echoed instruction."""

from __future__ import annotations

import re

from presseschau.checks.echo import echoed
from presseschau.findings import Found, flag, span

CODE = "content.meta"
ECHO = "The answer holds words of the instructions that the German does not have."

_REFUSAL = re.compile(
    r"^\W*(?:(?:I['’]?m|I am) (?:sorry|afraid|unable|not able)\b"
    r"|I (?:cannot|can['’]t|won['’]t) (?:help|assist|translate|provide|comply|fulfil|complete|do that|process|summari)"
    r"|As an? (?:AI|artificial intelligence|(?:large )?language model)\b|Sorry, (?:but )?I\b|I apologi[sz]e\b"
    r"|Unfortunately, I (?:cannot|can['’]t|am unable))",
    re.IGNORECASE,
)
_PREAMBLE = re.compile(
    r"^\W*(?:(?:Sure|Certainly|Of course|Okay|OK)\s*[!,.:]\s+"
    r"(?:here(?: is| are| you|['’]s)|I(?: will| can|['’]ll) (?:translate|help|provide))\b"
    r"|Here(?: is|['’]s| are) (?:the|a|my|your) (?:\w+ ){0,2}?"
    r"(?:translation|translated|summary|English|JSON|answer|result|claims?)\b"
    r"|(?:English )?(?:translation|translated text|output|answer)\s*:\s*\S)",
    re.IGNORECASE,
)
_ECHO = re.compile(
    r"(?:\btranslate (?:the|each|every|this|these|all)\b.{0,40}"
    r"\b(?:sentence|text|article|numbers?|into English|to English)\b"
    r"|\b(?:the )?(?:German|source) (?:text|sentence|article) (?:is|reads|says|does not|doesn['’]t|was not)\b"
    r"|\bno translation (?:is )?(?:needed|available|provided|necessary)\b"
    r"|\[(?:missing|no (?:text|translation)|untranslated|translation)[^\]]*\]"
    r"|\btranslated from (?:the )?German\b|\(note: |\btranslator['’]s note\b"
    r"|^\W*(?:English )?translation of sentence \d"
    r"|^\W*(?:n/a|null|none|todo|tbd|\.{3}|…)\W*$|^\W*sentence (?:number )?\d+\W*$"
    r"|```|<\|[a-z_]+\|>|</?(?:think|s|system|user|assistant)>|\[/?INST\]|\"(?:en|n|text)\"\s*:)",
    re.IGNORECASE,
)
# The article itself may speak so ("Ich kann nicht helfen", sagte sie): then it is a translation.
_FIRST_PERSON = re.compile(r"\b(?:ich|mir|mich|wir|uns|leider|entschuldig\w*|verzeih\w*|sorry)\b", re.IGNORECASE)
_TASK_WORDS = re.compile(
    r"übersetz|deutsch|satz|sätze|anmerkung|sprachmodell|künstliche intelligenz|\bKI\b|\bnull\b|```", re.IGNORECASE
)


def meta(de: str, en: str) -> tuple[Found, ...]:
    """One finding if `en` talks about the task where `de` does not, else none."""
    match = None if _FIRST_PERSON.search(de) else _REFUSAL.search(en)
    if match is None and not _TASK_WORDS.search(de):
        match = _PREAMBLE.search(en) or _ECHO.search(en)
    if match is None:
        echo = echoed(en, de)
        return (flag(CODE, ECHO, en=span(en, *echo)),) if echo else ()
    said = span(en, match.start(), match.end())
    return (flag(CODE, f"The English talks about the task instead of translating: “{said.text.strip()}”.", en=said),)
