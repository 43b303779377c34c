"""Which sentences claims and a summary must not miss, how far a summary reaches, and which claims say the same."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from presseschau.checks.claim.speaker import voices_in
from presseschau.checks.note.overlap import content, key
from presseschau.facts import facts
from presseschau.facts.speech.english import attributions
from presseschau.facts.words import ratio
from presseschau.findings import Found, badness, flag
from presseschau.lang import SOURCE, any_of, regex
from presseschau.models import EVIDENCE_ROLES, Article, Claim, Sentence, Summary

ALIKE, ALMOST = 88, 94
"""Likeness (token sort ratio, 0 to 100) of the texts of two claims from which they say the same; on other sentences."""


def without_repeats(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims without those that repeat another, in the order of their first sentence; the better one stays."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda one: badness(one.findings)):
        if not any(same(claim, other) for other in kept):
            kept.append(claim)
    return tuple(sorted(kept, key=lambda one: one.sentences))


def same(one: Claim, other: Claim) -> bool:
    """Do two claims say the same, on the same sentences or almost word for word? Their figures and denials must not
    differ, nor on other sentences their names."""
    if one.text == other.text:
        return True
    least = ALIKE
    if not set(one.sentences) & set(other.sentences):
        large = [{word for word in claim.text.split()[1:] if word[0].isupper()} for claim in (one, other)]
        least = ALMOST if large[0] == large[1] else sys.maxsize
    read = [facts(claim.text, "en") for claim in (one, other)]
    figures = [{fact.value for fact in side.numbers} for side in read]
    return (
        figures[0] == figures[1]
        and bool(read[0].negations) == bool(read[1].negations)
        and ratio(_sorted(one.text), _sorted(other.text)) >= least
    )


def _sorted(text: str) -> str:
    return " ".join(sorted(text.split()))


def telling(sentences: Sequence[Sentence], most: int) -> tuple[int, ...]:
    """At most `most` numbers of lead and body sentences, in order: first those with speech, figures and names.

    Lead sentences come before body sentences that tell as much; among equals the earlier one. A question tells nothing.
    """
    citable = [s for s in sentences if s.role in EVIDENCE_ROLES and not _asks(s.text)]
    if len(citable) > most:
        citable = sorted(citable, key=lambda s: (-_weight(s), s.n))[:most]
    return tuple(sorted(s.n for s in citable))


def must_cite(article: Article) -> frozenset[int]:
    """The numbers of the body sentences with a figure, a quotation or reported speech: some claim should cite each."""
    voices, body = voices_in(article), [s for s in article.sentences if s.role == "body" and not _asks(s.text)]
    return frozenset(s.n for s in body if s.n in voices or _has_figure_or_quote(s))


def _asks(text: str) -> bool:
    """Is all of it a question, as an interviewer puts it?"""
    return text.rstrip("“”\"«»’‘')]").endswith("?")


def _has_figure_or_quote(sentence: Sentence) -> bool:
    read = facts(sentence.text, SOURCE)
    return bool(read.numbers or read.quotes)


def _weight(sentence: Sentence) -> int:
    read = facts(sentence.text, SOURCE)
    kinds = (read.voices, read.quotes, read.numbers, read.dates, read.persons, read.places)
    return sum(bool(kind) for kind in kinds) + bool(read.voices or read.quotes) + 2 * (sentence.role == "lead")


_REPEATED = 0.75
"""Share of the words of a point from which another says the same."""
_WORDS = 3
"""Content words, without which a sentence says nothing."""


def stands_alone(english: str) -> bool:
    """Can a sentence be understood without the one before it: it does not open with he, this or but, nor inside a
    quotation, is no question, and says enough?"""
    quoted = english.count("“") != english.count("”") or english.count('"') % 2
    return not (_leans(english) or quoted or _asks(english)) and len(content(english)) >= _WORDS


def _leans(english: str) -> bool:
    """Does it open with a word for something before it, and not say itself who is meant (He would stay, Berg said)?"""
    opens = regex("en", "standing", "leans").match(english)
    return opens is not None and not any(one.name for one in attributions(english))


def repeated(made: Summary) -> Iterator[Found]:
    """`summary.repeated` for each point that says what a point before it says."""
    for i, point in enumerate(made.points, 1):
        if any(_says(other.text, point.text) for other in made.points[: i - 1]):
            yield flag("summary.repeated", scope="claim", said={"n": i})


def _says(one: str, other: str) -> bool:
    """Does one text say nothing that the other does not: most of its words, and all of its figures?"""
    shared = {fact.value for fact in facts(other, "en").numbers} <= {fact.value for fact in facts(one, "en").numbers}
    words = {key(word) for word in content(other)}
    return shared and len(words & {key(word) for word in content(one)}) >= _REPEATED * len(words) > 0


def leaning(made: Summary) -> Iterator[Found]:
    """`summary.leaning` for each point, and the bottom line, that cannot stand alone."""
    points = ((f"Point {i}", point.text) for i, point in enumerate(made.points, 1))
    for name, text in (("The bottom line", made.bottom_line or ""), *points):
        if _leans(text):
            yield flag("summary.leaning", scope="claim", said={"part": name})


SHORT = 6
"""Articles with fewer citable sentences than this have no part that a summary could leave out."""


def reach(made: Summary, article: Article) -> float:
    """The share of the quarters of the citable text that some point cites; 1.0 for a short article."""
    quarters = _quarters(article)
    cited = {n for point in made.points for n in point.sentences}
    return sum(bool(cited & set(quarter)) for quarter in quarters) / len(quarters) if quarters else 1.0


def lead_only(made: Summary, article: Article) -> Iterator[Found]:
    """`coverage.lead` (a warning) if no point cites anything of the second half of a longer article."""
    quarters = _quarters(article)
    cited = {n for point in made.points for n in point.sentences}
    if quarters and cited and not cited & {n for quarter in quarters[2:] for n in quarter}:
        yield flag("coverage.lead", scope="claim")


def _quarters(article: Article) -> list[Sequence[int]]:
    numbers = [s.n for s in article.sentences if s.role in EVIDENCE_ROLES]
    if len(numbers) < SHORT:
        return []
    return [numbers[i * len(numbers) // 4 : (i + 1) * len(numbers) // 4] for i in range(4)]


def not_known(article: Article) -> tuple[int, ...]:
    """The numbers of the lead and body sentences that say so, in order. A question alone says nothing."""
    says_so = any_of(SOURCE, "not_known", "not known")
    return tuple(s.n for s in article.sentences if s.role in EVIDENCE_ROLES and says_so.search(s.text))
