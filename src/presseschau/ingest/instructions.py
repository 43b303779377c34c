"""Passages that address a language model instead of a reader. They stay in the article; they are only flagged.

Wordings are countless, so kinds of evidence are counted: somebody gives an order, speaks to a "you", speaks of a
summary or of the text itself, against earlier instructions, to a machine, in English amid the German. One or two of
these stand in many sentences of the news, above all of news about language models; three hardly ever do. The marks of
chats and of data are enough by themselves. What a longer sentence has in quotation marks is reported, not said.
The wordings stand in `addressed.txt`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from presseschau.lang import lines

ENOUGH = 3
"""Kinds of evidence from which a sentence is flagged; to be spoken to as a machine, and in English, is worth two."""

_MARK, _MACHINE = "mark", "spoken to a machine"
_READ, _THIS = "read by a machine", "about this very text"
_NEEDED = (_MACHINE, _THIS, "about what a model is asked")
_ENGLISH = re.compile(
    r"\b(?:the|of|and|to|is|are|were|be|this|that|with|by|for|if|it|as|all|every|your|you|must|should|now|not)\b", re.I
)
_GERMAN = re.compile(r"\b(?:der|die|das|und|ist|ein|eine|den|dem|zu|auf|mit|im|sich|von|für|wurde|hat|bei)\b", re.I)
_QUOTED = re.compile(r"[„“»«\"][^„“”»«\"]{3,}[“”»«\"]")


def triggers(text: str) -> tuple[str, ...]:
    """The letters of `text` without which no wording fits: found once a text, they spare most sentences the rest."""
    lowered = text.lower()
    return tuple(letters for letters in _wordings()[0] if letters in lowered)


def find_instruction(sentence: str, letters: tuple[str, ...] | None = None) -> tuple[int, int] | None:
    """The passage of `sentence` that addresses a language model, as (start, end); None if there is none.

    `letters` may be the `triggers` of the text that the sentence is from.
    """
    lowered = sentence.lower()
    if not any(some in lowered for some in (triggers(sentence) if letters is None else letters)):
        return None
    kinds = _wordings()[1]
    if mark := kinds[_MARK].search(sentence):
        return mark.span()
    own = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), sentence)
    said = own if len(own.split()) >= 3 else sentence
    if not any(kinds[kind].search(said) for kind in _NEEDED):
        return None
    found = {kind: match for kind, pattern in kinds.items() if kind != _MARK and (match := pattern.search(said))}
    if _THIS not in found:
        found.pop(_READ, None)  # news about machines
    weight = len(found) + (_MACHINE in found) + 2 * (len(_ENGLISH.findall(own)) > 1 + 2 * len(_GERMAN.findall(own)))
    spans = [match.span() for match in found.values()]
    return (min(start for start, _ in spans), max(end for _, end in spans)) if weight >= ENOUGH else None


@lru_cache(maxsize=1)
def _wordings() -> tuple[tuple[str, ...], dict[str, re.Pattern[str]]]:
    """The letters without which no wording fits, and the wordings of each kind of evidence."""
    sections: dict[str, list[str]] = {}
    for _, line in lines("de_en", "addressed.txt"):
        if heading := re.fullmatch(r"\[([a-z ]+)\]", line):
            sections[heading[1]] = []
        else:
            list(sections.values())[-1].append(line)
    letters = tuple("|".join(sections.pop("letters")).split("|"))
    parts = {name: f"(?:{'|'.join(sections.pop(name))})" for name in ("machine", "order")}
    kinds = {
        kind: re.compile("|".join(rows).replace("{machine}", parts["machine"]).replace("{order}", parts["order"]), re.I)
        for kind, rows in sections.items()
    }
    return letters, kinds
