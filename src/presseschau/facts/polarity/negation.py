"""Negation: what is denied in the German must be denied in the English, and nothing else.

Three strengths are read. `strong` is a word that denies its clause (nicht, kein, nie; not, no, never). `weak` is a word
that another language may well put with a denial: a negative word (ohne, ablehnen, arbeitslos; without, refuse,
jobless). `loose` is what says no in other words (geschlossen, blieb aus; came to a standstill): it may answer a denial
but needs no answer. Turns of phrase that hold a negator and deny nothing (nicht nur, nicht zuletzt; not only, no doubt)
are not read at all. A clause counts once: weder ... noch is one denial, not two.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.facts.words import Word, words
from presseschau.lang import any_of, vocabulary


def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The negations of `text`: facts whose `kind` is "negation" and whose `value` is "strong", "weak" or "loose".

    Offsets are code points, 0-based, end exclusive. Correlated negators (weder ... noch, neither ... nor) give one
    fact.
    """
    negators = [(word, how) for word in words(text) if (how := strength(word.lower, lang))]
    neutral = [m.span() for m in any_of(lang, "negation", "neutral").finditer(text)] if negators else []
    loose = [m.span() for m in any_of(lang, "negation", "loose").finditer(text)]
    found = [Fact("negation", "weak", text[start:end], start, end) for start, end in loose]
    found += [
        Fact("negation", "loose", match[0], *match.span())
        for match in any_of(lang, "negation", "phrase").finditer(text)
    ]
    idioms = [m.span() for m in any_of(lang, "negation", "idiom").finditer(text)] if negators else []
    found += [Fact("negation", "loose", text[start:end], start, end) for start, end in idioms]
    before: Word | None = None
    for word, how in negators:
        if any(start < word.end and word.start < end for start, end in neutral + loose + idioms):
            continue
        if before is None or not _same_denial(before, word, text):
            found.append(Fact("negation", how, word.text, word.start, word.end))
        before = word
    return tuple(sorted(found, key=lambda fact: fact.start))


def _same_denial(before: Word, word: Word, text: str) -> bool:
    """Does `word` go on with the denial `before`: neither ... nor, or the same word again (nie, nie, nie)?"""
    first = before.lower
    return (first, word.lower) == ("neither", "nor") or (
        first == word.lower and not any(c.isalnum() for c in text[before.end : word.start])
    )


@lru_cache(maxsize=32_768)
def strength(lower: str, lang: Lang) -> str | None:
    """Whether this word denies its clause, has a denial in it, or says no in its own way (geschlossen)."""
    if lower in vocabulary(lang, "negation", "strong") or any_of(lang, "negation", "strong").fullmatch(lower):
        return "strong"
    denies = _holds(lower, lang, "") or lower.endswith(_parts(lang, "ends"))
    if (denies or any_of(lang, "negation", "weak").match(lower)) and not _holds(lower, lang, "not_"):
        return "weak"
    return "loose" if _holds(lower, lang, "loose_") else None


def _holds(lower: str, lang: Lang, use: str) -> bool:
    """Is it one of the words of `negative_words.csv` for this use, or does it begin like one?"""
    whole, begins = _listed(lang, use)
    return lower in whole or lower.startswith(begins)


@lru_cache(maxsize=8)
def _listed(lang: Lang, use: str) -> tuple[Mapping[str, str], tuple[str, ...]]:
    return vocabulary(lang, "negative_words", f"{use}word"), _parts(lang, f"{use}begins")


@lru_cache(maxsize=8)
def _parts(lang: Lang, use: str) -> tuple[str, ...]:
    return tuple(vocabulary(lang, "negative_words", use))


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """`negation.lost` where the source denies and the target does not, `negation.added` the other way round.

    Sure when one side denies more often than the other side could say with denials and negative words together; weak
    when the other side's negative words could make it up. With `within` a lost denial is weak: a claim may leave the
    denying clause out.
    """
    part = direction == "within"
    if moved := _moved(source, target):
        return (moved,)
    return (
        *(Difference("negation.lost", source=fact, weak=weak or part) for fact, weak in _surplus(source, target)),
        *(Difference("negation.added", target=fact, weak=weak) for fact, weak in _surplus(target, source)),
    )


SCOPES = ("only", "until")


def _moved(source: Facts, target: Facts) -> Difference | None:
    """Not only, not until: words that a denial stands with, or that English denies to say, without which it denies
    something else."""
    for scope in SCOPES:
        said = any_of(source.lang, "negation", f"with {scope}").search(source.text)
        if said is None or any_of(target.lang, "negation", f"keeps {scope}").search(target.text):
            continue
        others = sum(f.value == "strong" and not said.start() <= f.start < said.end() for f in source.negations)
        denials = [fact for fact in target.negations if fact.value == "strong"]
        if len(denials) > others:
            return Difference("negation.scope", Fact("negation", scope, said[0], *said.span()), denials[-1])
    return None


def _surplus(more: Facts, fewer: Facts) -> list[tuple[Fact, bool]]:
    """The last denial of `more` if it denies more often than `fewer`, and whether that is weak.

    Negative words answer each other first (ohne = without); only those left over, and loose ones, can answer a denial.
    Words left in the other language (the title of an album) answer themselves.
    """
    strong = [fact for fact in more.negations if fact.value == "strong" and not _quoted(fact, more.text, fewer.text)]
    answered = sum(fact.value == "strong" for fact in fewer.negations)
    if len(strong) <= answered:
        return []
    own = sum(fact.value == "weak" for fact in more.negations)
    theirs = max(0, sum(fact.value == "weak" for fact in fewer.negations) - own)
    loose = sum(fact.value == "loose" for fact in fewer.negations)
    return [(strong[-1], len(strong) <= answered + theirs + loose)]


def _quoted(fact: Fact, text: str, other: str) -> bool:
    return text[fact.start : fact.end + 8] in other
