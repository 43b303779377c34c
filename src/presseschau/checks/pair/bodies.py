"""`body.changed`: a public body or an office became another one (government for Kreistag, judge for Staatsanwältin).

What may stand for what are the sorts of `institutions.csv`, and the portfolios of ministers. Nothing is said where the
English has any word of the body's own sorts, or one for any body (officials), leaves it out, names whoever holds the
office, or has the other body for another German word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from presseschau.checks.bitext import Bitext
from presseschau.facts.lexicon import english, first_part
from presseschau.facts.words import Word, words
from presseschau.findings import Remark
from presseschau.lang import PAIR, SOURCE, cuts, regex, table
from presseschau.patterns import cached_on_disk

CODE = "body.changed"
ANY = "*"
SHORTEST = 4
"""Letters of the first part of a compound."""


class _Institution(NamedTuple):
    """A line of `institutions.csv`, which says what its columns mean; `region` is said by `tables`."""

    sort: str
    german: tuple[str, ...]
    english: tuple[str, ...]
    use: tuple[str, ...]
    region: tuple[str, ...]


class _Portfolio(NamedTuple):
    german: tuple[str, ...]
    english: tuple[str, ...]


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    sorts: frozenset[str]
    proves: bool


class _Stretch(NamedTuple):
    """A phrase of the English: its place among the words and in the text."""

    at: int
    phrase: _Phrase
    start: int
    end: int

    @property
    def behind(self) -> int:
        return self.at + len(self.phrase.words)

    @property
    def head(self) -> str:
        """council, of council of states and of city council."""
        own = self.phrase.words
        return own[own.index("of") - 1] if "of" in own[1:] else own[-1]


def bodies(pair: Bitext, article: str = "") -> Iterator[Remark]:
    """At most one remark: the first German body or office of which the English says another one, that no other word of
    the German accounts for, nor of `article`, which a claim may draw on."""
    if not (own := list(_german(pair.german.words, pair.de))):
        return
    said = _english(pair.english.words)
    if not any(one.phrase.proves for one in said):
        return
    for item, sorts in own:
        if item.lower in pair.english.known or any(part in pair.english.known for part in item.lower.split("-")):
            continue
        others = [word for word in pair.german.words if word.start != item.start]
        if any(_may_mean(one, sorts, others) for one in said):
            continue
        for one in said:
            if one.phrase.proves and not _vague(one, said) and not _accounted(one, others, article):
                yield Remark(CODE, (item.start, item.end), (one.start, one.end))
                return


def is_body(low: str) -> bool:
    """Is a lower-case German noun a body or office of the table, and no compound that only ends in one?"""
    return low in _nouns()


def may_be(german: str, english: str) -> bool:
    """Does `english` name a body or office that one in `german` may be called, and that tells it from others?"""
    said = [one for one in _english(words(english)) if one.phrase.proves]
    return any(not sorts.isdisjoint(one.phrase.sorts) for _, sorts in _german(words(german), german) for one in said)


def is_institution(german: str) -> bool:
    """Is a public body or an office named?"""
    return any(True for _ in _german(words(german), german))


def _german(tokens: tuple[Word, ...], text: str) -> Iterator[tuple[Word, frozenset[str]]]:
    """The bodies and offices of a German text, each with the sorts that it may be of."""
    before = ""
    for item in tokens:
        governed = item.lower in _governed() and regex(SOURCE, "bodies", "governed").match(text, item.end)
        if item.text[0].isupper() and not governed and (sorts := _phrase_sorts(before, item.lower)):
            yield item, sorts
        before = item.lower


def _phrase_sorts(before: str, word: str) -> frozenset[str]:
    """Of a word behind another (Regierende Bürgermeister); of the word alone where these are no phrase."""
    adjective = re.sub(r"(?<=e)[mnrs]$", "", before)
    if adjective not in _first_words():
        return _sorts(word)
    phrases = (f"{adjective} {form}" for form in _forms(word))
    return next((_nouns()[phrase] for phrase in phrases if phrase in _nouns()), _sorts(word))


@lru_cache(maxsize=8_192)
def _sorts(word: str) -> frozenset[str]:
    """The sorts of a lower-case German noun in any case and gender, or of the compound that it is."""
    found = [_nouns()[form] for form in _forms(word) if form in _nouns()]
    if found:
        return frozenset().union(*found)
    if "-" in word:
        return _sorts(word.rpartition("-")[2])
    ministry = regex(SOURCE, "bodies", "of_portfolio").fullmatch(word)
    if ministry and (portfolios := _of_part(ministry["part"])):
        return portfolios | {"ministry"}
    heads = tuple(_heads())
    forms = [form for form in _forms(word) if form.endswith(heads)]
    ends = (
        sorts for head, sorts in _heads().items() if any(f.endswith(head) and len(f) > len(head) + 2 for f in forms)
    )
    return next(ends, frozenset())


@lru_cache(maxsize=512)
def _forms(word: str) -> tuple[str, ...]:
    """The word, and without its endings and the umlaut of these: Landräte, Anwältinnen."""
    bases = dict.fromkeys((word, *(base for base, _ in cuts(SOURCE, word, "listed"))))
    bare = [form for base in bases for form in (base, base.removesuffix("in"))]
    return tuple(dict.fromkeys(one for form in bare for one in (form, form.translate(_PLAIN))))


_PLAIN = str.maketrans("äöü", "aou")


@cache
def _nouns() -> dict[str, frozenset[str]]:
    """German noun, in lower case -> its sorts."""
    return _by_german(head=False)


@cache
def _first_words() -> frozenset[str]:
    """The first words of those that are phrases."""
    return frozenset(noun.split()[0] for noun in _nouns() if " " in noun)


@cache
def _heads() -> dict[str, frozenset[str]]:
    """The same for last parts of compounds."""
    return _by_german(head=True)


def _by_german(head: bool) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for row in table(PAIR, "institutions", _Institution):
        for noun in row.german:
            if noun.startswith("-") is head:
                low = noun.removeprefix("-").lower()
                found[low] = found.get(low, frozenset()) | {row.sort}
    return found


@cache
def _governed() -> frozenset[str]:
    rows = table(PAIR, "institutions", _Institution)
    return frozenset(noun.lower() for row in rows if "governed" in row.use for noun in row.german)


def _of_part(part: str) -> frozenset[str]:
    """The sorts of the ministries that a German first part says, in lower case."""
    return frozenset(f"ministry {said}" for said in _portfolios().get(part, ()))


@cache
def _portfolios() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in table(PAIR, "portfolios", _Portfolio):
        for part in row.german:
            for form in (part.lower(), part.lower().removesuffix("s")):
                found[form] = (*found.get(form, ()), *row.english)
    return found


# The English


@lru_cache(maxsize=256)
def _english(own: tuple[Word, ...]) -> tuple[_Stretch, ...]:
    """The phrases for bodies and offices, none within another; where two overlap the later (works council chair)."""
    tokens = [(_plain(part), word.start, word.end) for word in own for part in word.lower.split("-")]
    tokens = [token for token in tokens if token[0] != "the"]
    low = [token[0] for token in tokens]
    found = [
        _Stretch(at, phrase, tokens[at][1], tokens[at + len(phrase.words) - 1][2])
        for at, word in enumerate(low)
        for phrase in map(_Phrase._make, _phrases().get(word, ()))
        if tuple(low[at : at + len(phrase.words)]) == phrase.words
    ]
    found.sort(key=lambda one: (-len(one.phrase.words), -one.at))
    taken: set[int] = set()
    kept = []
    for one in found:
        places = range(one.at, one.behind)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(one)
    return tuple(sorted(kept))


def _plain(word: str) -> str:
    """Without the endings of genitive and plural."""
    bare = re.sub(r"['’]s?$", "", word)
    if bare.endswith("ies"):
        return bare[:-3] + "y"
    return re.sub(r"men$", "man", re.sub(r"(?<=[^su])s$", "", bare))


@cache
@cached_on_disk
def _phrases() -> dict[str, list[tuple[tuple[str, ...], frozenset[str], bool]]]:
    """First word -> the phrases that begin with it, each the fields of a `_Phrase`."""
    sorts: dict[tuple[str, ...], set[str]] = {}
    proving: set[tuple[str, ...]] = set()
    for row in table(PAIR, "institutions", _Institution):
        for said in row.english:
            own = tuple(_plain(word) for word in said.strip("()").replace("-", " ").split())
            sorts.setdefault(own, set()).add(row.sort)
            if said[0] != "(" and row.sort != ANY:
                proving.add(own)
    for own, portfolio, proves in _ministries():
        sorts.setdefault(own, set()).update({portfolio, "any ministry"})
        proving |= {own} if proves else set()
    found: dict[str, list[tuple[tuple[str, ...], frozenset[str], bool]]] = {}
    for own, of in sorts.items():
        found.setdefault(own[0], []).append((own, frozenset(of), own in proving and ANY not in of))
    return found


def _ministries() -> Iterator[tuple[tuple[str, ...], str, bool]]:
    """finance, which proves nothing, and finance minister, minister of finance, minister for finance; and the sort."""
    for said in dict.fromkeys(word for row in table(PAIR, "portfolios", _Portfolio) for word in row.english):
        own, sort = tuple(map(_plain, said.split())), f"ministry {said}"
        yield own, sort, False
        for head in _minister_words():
            yield from ((phrase, sort, True) for phrase in ((*own, head), (head, "of", *own), (head, "for", *own)))


@cache
def _minister_words() -> tuple[str, ...]:
    return next(row.english for row in table(PAIR, "institutions", _Institution) if row.sort == "minister word")


# Both


def _may_mean(one: _Stretch, sorts: frozenset[str], others: list[Word]) -> bool:
    """May it stand for a body of these sorts? One for any body (officials) only if no other German word is its own."""
    if not sorts.isdisjoint(one.phrase.sorts):
        return True
    return ANY in one.phrase.sorts and not _rendered(one.head, others)


def _vague(one: _Stretch, said: tuple[_Stretch, ...]) -> bool:
    """Is it part of a description (council leader, head of the court), so that it is another's?"""
    return any(
        ANY in other.phrase.sorts and (other.at == one.behind or other.behind in (one.at - 1, one.at)) for other in said
    )


def _accounted(one: _Stretch, others: list[Word], article: str) -> bool:
    """Does another German word say it, or its first part (Regierungskrise)?"""
    if _rendered(one.head, others):
        return True
    return not (_sorts_of(others) | _sorts_within(article)).isdisjoint(one.phrase.sorts)


def _rendered(word: str, others: list[Word]) -> bool:
    return any(
        word.startswith(begin) if len(begin) >= SHORTEST else word == begin
        for other in others
        for part in other.lower.split("-")
        for begin in (*english(part), *first_part(part))
    )


@lru_cache(maxsize=64)
def _sorts_within(text: str) -> frozenset[str]:
    return _sorts_of(words(text))


def _sorts_of(german: Iterable[Word]) -> frozenset[str]:
    """The sorts of all nouns and their first parts."""
    nouns = [word.lower for word in german if word.text[0].isupper()]
    return frozenset().union(*map(_sorts, nouns), *map(_first_sorts, nouns))


@lru_cache(maxsize=8_192)
def _first_sorts(word: str) -> frozenset[str]:
    """The sorts of the first part of a compound: Polizeieinsatz, Innenpolitik."""
    for i in range(len(word) - 2, SHORTEST - 1, -1):
        for part in (word[:i], word[: i - 1] if word[i - 1] == "s" else ""):
            if known := _nouns().get(part) or _of_part(part):
                return known
    return _of_part(word)
