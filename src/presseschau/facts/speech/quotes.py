"""Quotation marks: what is quoted, in every style that German and English papers use.

„so“ »so« «so» “so” "so" ‚so‘ ‘so’ ›so‹ 'so' and nested; ``so'' of old agency text. A mark without its partner quotes to
the edge of the text, for sentences are often cut out of a longer quotation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.patterns import late

_MARK = late(r"''|[„“”\"»«‚‘’'›‹]|``|,,(?=\w)")
# What a mark that opens may be closed by.
_CLOSES = {
    "„": '“”"',
    "“": '”"“',
    "”": "”",
    '"': '"”“',
    "»": "«",
    "«": "»",
    "‚": "‘’'",
    "‘": "’'",
    "'": "'’",
    "›": "‹",
    "‹": "›",
    "``": "''\"”",
    ",,": '"“”',
}
_DOUBLE = frozenset(["„", "“", "”", '"', "»", "«", "``", ",,"])
_AMBIGUOUS = frozenset(["“", "”", '"', "»", "«", "‘", "’", "'", "›", "‹", "''"])
# Words that begin with an apostrophe: 'em, '90s.
_CLIPPED = late(r"['’‘](?:\d|em\b|n\b|s\b|tis\b|til\b|cause\b|ne\b|nen\b)", re.IGNORECASE)


DEEPEST = 30
"""Marks without a partner that one may still be found for: more are no quotations, and would be compared each with
each."""


@dataclass
class _Reader:
    text: str
    found: list[tuple[int, int, bool]] = field(default_factory=list)
    open: list[tuple[str, int]] = field(default_factory=list)

    def see(self, mark: str, at: int) -> None:
        before = self.text[at - 1] if at else " "
        after = self.text[at + len(mark)] if at + len(mark) < len(self.text) else " "
        if mark in "'’‘" and ((before.isalnum() and after.isalnum()) or _CLIPPED.match(self.text, at)):
            return
        if self._close(mark, at, before, after):
            return
        blanks = before.isspace() and after.isspace() and not self.open and mark in _DOUBLE  # " so "
        opens = (not after.isspace() or blanks) and not before.isalnum()
        if mark not in _AMBIGUOUS or (opens and mark not in ("’", "''")):
            self.open.append((mark, at))
            del self.open[:-DEEPEST]
        elif mark in _DOUBLE and not before.isspace() and not self.open and not self.found and not before.isdigit():
            self.found.append((0, at + 1, False))

    def _close(self, mark: str, at: int, before: str, after: str) -> bool:
        for depth in range(len(self.open) - 1, -1, -1):
            opener, start = self.open[depth]
            if mark not in _CLOSES[opener]:
                continue
            if before.isspace() and not after.isspace() and at - start > 1:
                return False
            if opener in "'‘‚" and after.isalnum():
                return False
            self.found.append((start, at + len(mark), True))
            del self.open[depth:]
            return True
        return False


def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The quotations of `text`, marks included: facts whose `value` is what is quoted, folded for comparison.

    Nested quotations are facts of their own. `kind` is "quote", or "open quote" if a mark has no partner and the
    quotation runs to the edge of the text.
    """
    reader = _Reader(text)
    for mark in _MARK.finditer(text):
        reader.see(mark.group(), mark.start())
    spans = [*reader.found, *((start, len(text), False) for mark, start in reader.open if mark in _DOUBLE)]
    return tuple(
        Fact("quote" if whole else "open quote", _folded(text[start:end]), text[start:end], start, end)
        for start, end, whole in sorted(spans)
        if any(c.isalnum() for c in text[start:end])
    )


def _folded(quotation: str) -> str:
    return " ".join(re.findall(r"\w+", quotation.casefold()))


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """`quote.lost` where the source quotes and the target does not, `quote.added` the other way round.

    Sure when one side quotes nothing at all and the other quotes speech. Weak when it quotes less often, or when only
    a word or a title stands in quotation marks, which papers handle as they like, or when all of the target does: the
    marks of a quotation of several sentences are often left to its ends. Within one language a quotation
    must be found word for word in the source.
    """
    if source.lang == target.lang:
        folded = _folded(source.text)
        return tuple(Difference("quote.added", target=fact) for fact in target.quotes if str(fact.value) not in folded)
    if len(target.quotes) < len(source.quotes) and direction == "both":
        lost = _longest(source)
        return (Difference("quote.lost", source=lost, weak=bool(target.quotes) or not _is_speech(lost, target)),)
    if len(target.quotes) > len(source.quotes):
        added = _longest(target)
        weak = bool(source.quotes) or not _is_speech(added, source) or _is_all(added, target)
        return (Difference("quote.added", target=added, weak=weak),)
    return ()


def _is_all(fact: Fact, side: Facts) -> bool:
    return fact.end - fact.start >= len(side.text.strip(" .")) - 1


def _longest(side: Facts) -> Fact:
    return max(side.quotes, key=lambda fact: fact.end - fact.start)


def _is_speech(fact: Fact, other: Facts) -> bool:
    """At least three words, not all of them capitals as in a title, and not left as they are in the other text."""
    said = re.findall(r"\w+", fact.text)
    small = sum(word[0].islower() for word in said)
    return fact.kind == "quote" and len(said) >= 3 and small >= 2 and str(fact.value) not in _folded(other.text)
