"""`negation.lost` and `negation.added` for claims, clause by clause.

A claim tells a part of its evidence. Only the denials of the clauses that it tells must be in it, and only they may
answer its own: "Opfer gebe es nicht" is turned round by "there are victims", and is no answer to "the dam is not wet".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, partial

from presseschau.checks.bitext import Bitext, English
from presseschau.checks.bitext import german as german_side
from presseschau.facts import Fact
from presseschau.findings import Found, flag
from presseschau.lang import SOURCE, alternation, regex, rules, vocabulary
from presseschau.models import Article, Severity, Span
from presseschau.patterns import compiled

_rule = partial(regex, SOURCE, "denial")

TOLD = 0.6
"""Share of the content words around a denial that the claim has if it tells that clause (tests/measure)."""
UNTOLD = 0.3
"""Share up to which it surely does not."""
RELATED = 0.3
"""Share of the words of a sentence that the claim has if it rests on it at all."""
NEAR = 4
"""So many content words of the clause, the nearest to the denial, say what is denied."""
FEW = 2
"""With fewer words around a word with a denial in it that anything is known about, the claim may tell the clause."""


@cache
def _edge() -> re.Pattern[str]:
    """What stands between clauses."""
    return compiled(rf"[,;:.!?–—()„“”»«\"\n]+|\s{alternation(SOURCE, 'denial', 'edge')}\s")


def denials(pair: Bitext) -> Iterator[Found]:
    """At most one finding: a denial of a clause that the English tells is lost, or the English denies what nothing told
    denies.

    The German is the joined evidence. Words with a denial in them (ohne, fail) answer each other first; those left over
    may answer a denial on the other side.
    """
    source, text, english = pair.de, pair.en, pair.english.facts.negations
    strong = [fact for fact in english if fact.value == "strong"]
    denied = [
        f for f in pair.german.facts.negations if not (_possible(f, source, text) or _put_without(f, source, text))
    ]
    german = [(fact, told_of(fact, pair)) for fact in denied]
    told = [fact for fact, share in german if fact.value == "strong" and share >= TOLD]
    may_answer = sum(fact.value == "strong" and (share > UNTOLD or _paired(fact, strong)) for fact, share in german)
    words = sum(fact.value == "weak" and share > UNTOLD for fact, share in german)
    words -= sum(fact.value == "weak" for fact in english)
    loose = sum(fact.value == "loose" for fact in english), sum(fact.value == "loose" for fact, _ in german)
    both = _rule("denies").search(source) and regex("en", "denial", "denies").search(text)  # denied it: es sei nicht so
    if len(told) > len(strong) + max(0, loose[0] - words) + bool(both):
        yield _flag("negation.lost", source=told[-1])
    elif denied and not english and (lost := _silent(pair, denied)):
        yield _flag("negation.lost", source=lost)
    elif len(strong) - _idioms(source, text) > may_answer + max(0, words + loose[1]):
        many = sum(fact.value == "strong" for fact, _ in german)
        grade: Severity = "info" if many == len(strong) and "\n" not in source else "warning" if many else "error"
        yield _flag("negation.added", target=strong[-1], grade=grade)


def _silent(pair: Bitext, denied: list[Fact]) -> Fact | None:
    """The denial of one German statement that an English without any word to deny, limit or leave open has lost."""
    if not one_statement(pair):
        return None
    lost = [f for f in denied if f.value == "strong" and not _rule("attribute").match(pair.de, f.start)]
    return lost[-1] if lost and not regex("en", "denial", "cue").search(pair.en) else None


def denied_in_headline(english: English, article: Article) -> bool:
    """Does the headline deny what the English tells (darf nicht geschossen werden, for darf weiterleben)?"""
    pairs = (Bitext(german_side(one.text), english) for one in article.sentences if one.role == "headline")
    return any(f.value == "strong" and told_of(f, p) >= TOLD for p in pairs for f in p.german.facts.negations)


def _paired(denial: Fact, english: list[Fact]) -> bool:
    """Is the denial of a rarer kind (nie, niemand), and one of the English ones of the same?"""
    kind = vocabulary(SOURCE, "denial", "denial").get(denial.text.lower())
    return kind is not None and any(
        vocabulary("en", "denial", "denial").get(fact.text.lower()) == kind for fact in english
    )


def _idioms(source: str, text: str) -> int:
    """How many turns of phrase of the English deny where the German needs no denial."""
    return sum(
        bool(rule.regex.search(source) and regex("en", "denial", rule.id).search(text))
        for rule in rules(SOURCE, "denial").values()
        if rule.kind == "no denial"
    )


def _possible(denial: Fact, source: str, text: str) -> bool:
    """Is this of "nicht ausschließen", which the English puts as a possibility?"""
    found = _rule("not_excluded").search(source)
    own = found and (found.start() == denial.start or _rule("exclude").search(denial.text))
    return bool(own and regex("en", "denial", "possible").search(text))


def _put_without(denial: Fact, source: str, text: str) -> bool:
    """Is it part of a turn of phrase that the English has without a denial (nicht vor Mai: in May at the earliest)?"""
    return any(
        (found := rule.regex.search(source))
        and found.start() <= denial.start < found.end()
        and regex("en", "denial", rule.id).search(text)
        for rule in rules(SOURCE, "denial").values()
        if rule.kind == "denied here only"
    )


def one_statement(pair: Bitext) -> bool:
    """Is the German one sentence that says one thing, and the English about it, so that it must tell that?"""
    known = [word.covered for word in pair.coverage if word.covered or word.known]
    related = sum(known) >= RELATED * max(1, len(known))
    return related and "\n" not in pair.de and _rule("apart").search(pair.de) is None


def told_of(denial: Fact | Span, pair: Bitext) -> float:
    """The share of the content words around the denial (or reservation) that the English has.

    Words that nothing is known about are left out. A denied attribute (der nicht beteiligte Forscher) is told only if
    the attribute is.
    """
    source = pair.de
    edges = [0, *(at for m in _edge().finditer(source) for at in m.span()), len(source)]
    start = max(edge for edge in edges if edge <= denial.start)
    end = min(edge for edge in edges if edge >= denial.end)
    attribute = _rule("attribute").match(source, denial.start)
    if attribute:
        start, end = attribute.span("word")
    named = {name.text for name in pair.german.facts.persons}  # who is not what
    seen = [
        word
        for word in pair.coverage
        if start <= word.start < end
        and (word.covered or word.known)
        and word.text not in vocabulary(SOURCE, "denial", "adverb")
        and word.text not in named
        and not word.start <= denial.start < word.end
    ]
    seen.sort(key=lambda word: abs(word.start - denial.start))
    share = sum(word.covered for word in seen[:NEAR]) / max(1, len(seen[:NEAR]))
    weak = isinstance(denial, Fact) and denial.value == "weak"  # unbekannt: not known, unless it is there as unknown
    kept = any(word.covered for word in pair.coverage if word.start <= denial.start < word.end)
    few = FEW if weak and not kept else 1
    return share if attribute or len(seen) >= few else max(share, (TOLD + UNTOLD) / 2)


def _flag(code: str, source: Fact | None = None, target: Fact | None = None, grade: Severity | None = None) -> Found:
    return flag(code, scope="claim", de=_place(source), en=_place(target), grade=grade)


def _place(fact: Fact | None) -> Span | None:
    return Span(start=fact.start, end=fact.end, text=fact.text) if fact else None
