"""What two papers say differently of one thing without a figure: when, for what reason, who, where, and whether at all.

Two claims are about one thing if most of their words are the same (`statements`), and each is more like the other than
any claim of its source. In doubt they are not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import combinations
from typing import NamedTuple

from presseschau.briefing.contexts import apart, differ_in, not_alone, opposed, other_subject, stands
from presseschau.briefing.matters import otherwise
from presseschau.briefing.relations import other_culprit, other_order
from presseschau.briefing.statements import ClaimWords, alike, in_common, opposite, statement, telling_words
from presseschau.checks.note.overlap import key
from presseschau.facts import facts
from presseschau.facts.speech.english import attributions, is_generic
from presseschau.facts.words import Word, words
from presseschau.lang import SOURCE, any_of, regex, vocabulary
from presseschau.models import Claim
from presseschau.notes import Comparison, Figure, Source, SourceClaim

_OF_VALUES, _OF_CLAIMS = ("date", "year", "time", "who"), ("cause", "blame", "order", "where", "whether", "figures")
KINDS = frozenset((*_OF_VALUES, *_OF_CLAIMS))
"""What a Comparison may be about that puts days, years, times or names beside each other, or whole claims."""
_SHARED = 2
"""Words that two claims must share, beside names, to be about one event."""
_DAYS, _MONTHS, _YEARS = 31, 366, 40
"""By which a day, a month (in days) or the year of something old is given differently."""
_AHEAD = ("planned", "expected")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_NAME = re.compile(r"[A-ZÄÖÜ][\w’'-]+(?: [A-ZÄÖÜ][\w’'-]+)*")
_OF_SAYING = 30
"""Code points between a day and a verb of saying, up to which it is the day on which it was said."""
_ALIKE = 0.6
"""Share of the shorter claim's words that the other must have where only a name is different."""
_HALF, _THIRD = 0.5, 0.3
_MANY = 4
"""Words behind a denial of which most must be what the other one says."""
_LEAST = 0.5
"""How alike two claims of one kind are that have no word in common: less than any others."""


_FEW = 3
"""Words that say who did it, or where."""


def wordings(
    claims: Sequence[SourceClaim], sources: Sequence[Source], whose: Mapping[int, str]
) -> tuple[Comparison, ...]:
    """The disputed Comparisons without figures, in the order of the claims.

    `claims`: those of one story that can be used; `whose`: the origin of each source, so that a copy disputes nothing.
    """
    kinds: tuple[tuple[str, Callable[[ClaimWords, ClaimWords], float]], ...] = (
        ("date", _other_date), ("year", _other_year), ("time", _other_time),
        ("cause", _other_cause), ("blame", other_culprit), ("order", other_order),
        ("who", _other_name(sources)), ("who", _decided), ("who", _other_doer),
        ("where", _other_place), ("whether", _denied), ("whether", _opposite), ("whether", otherwise(sources)),
    )  # fmt: skip
    read = [statement(claim) for claim in claims]
    found, seen = [], set[frozenset[str]]()
    for about, differs in kinds:
        for one, other in _pairs(read, whose, differs):
            if (pair := frozenset((one.told.id, other.told.id))) in seen:
                continue
            seen.add(pair)
            values = (_value(about, one, other), _value(about, other, one))
            figures = (
                Figure(value=value, claims=(side.told.id,), sources=(side.told.source,))
                for value, side in zip(values, (one, other), strict=True)
            )
            found.append(Comparison(about=about, kind="disputed", figures=tuple(figures)))
    return tuple(found)


def _pairs(
    read: Sequence[ClaimWords], whose: Mapping[int, str], differs: Callable[[ClaimWords, ClaimWords], float]
) -> Iterator[tuple[ClaimWords, ClaimWords]]:
    """Claims of two origins that differ, each more like the other than any other of its source."""
    found: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for one, other in combinations(range(len(read)), 2):
        first, second = read[one].told.source, read[other].told.source
        if whose[first] == whose[second] or apart(read[one], read[other]):
            continue
        if like := differs(read[one], read[other]):
            found.setdefault((one, second), []).append((like, other))
            found.setdefault((other, first), []).append((like, one))
    best = {
        place: max(others)[1] for place, others in found.items() if [o[0] for o in others].count(max(others)[0]) == 1
    }
    for (one, _), other in best.items():
        if one < other and best.get((other, read[one].told.source)) == one:
            yield read[one], read[other]


def _mostly_shared(one: ClaimWords, other: ClaimWords, fewest: int = _SHARED, most: float = _ALIKE) -> int:
    """How many words they share, if these are most of the shorter one's."""
    shared, shorter = alike(one, other), min(len(one.words), len(other.words))
    return shared if shared >= fewest and shared >= most * shorter else 0


def day_of(one: ClaimWords) -> str:
    """The day or month that the claim is about: that of its evidence, if the English gives one as well."""
    when = one.told.claim.when
    day = when.date if when and when.date and len(when.date) >= len("2026-05") else ""
    of_saying = regex("en", "disputes", "announced_on").search(one.text)
    if not when or not day or of_saying or not facts(one.text, "en").dates:
        return ""
    there, verb = one.there, one.told.claim.verb or "\n"
    return "" if verb in there and abs(there.find(verb) - there.find(when.text)) <= _OF_SAYING else day


def day_in_words(claim: Claim) -> str:
    """The day or month that a claim is about, as a Comparison gives it; "" for none."""
    day = claim.when.date if claim.when and claim.when.date else ""
    if len(day) < len("2026-05"):
        return ""
    return f"{date.fromisoformat(f'{day}-01'[:10]):{'%-d ' if len(day) == len('2026-05-13') else ''}%B %Y}"


def _other_date(one: ClaimWords, other: ClaimWords) -> float:
    """Der Prozess beginnt im September; er soll am 5. Oktober beginnen."""
    a, b = day_of(one), day_of(other)
    precision = min(len(a), len(b))
    if not a or not b or a[:precision] == b[:precision]:
        return 0
    if one.denies != other.denies and not differ_in("until", one, other):
        return 0
    planned = [side.told.claim.stance in _AHEAD for side in (one, other)]
    if planned[0] != planned[1] and not all(regex("en", "disputes", "ahead").search(s.text) for s in (one, other)):
        return 0
    apart = abs((date.fromisoformat(f"{a}-01"[:10]) - date.fromisoformat(f"{b}-01"[:10])).days)
    if apart > (_DAYS if precision == len("2026-05-13") else _MONTHS):
        return 0
    if not one.words or not other.words or not (other.has(one.words[0]) or one.has(other.words[0])):
        return 0  # of the hearing, of the verdict
    fewest, most = (1, _HALF) if any(planned) and len(a) == len(b) else (_SHARED, _ALIKE)
    return _mostly_shared(one, other, fewest, most)


def _year(one: ClaimWords) -> str:
    """The one year that a claim and its German give, without a day or month."""
    years = set(_YEAR.findall(one.text)) & set(_YEAR.findall(one.there))
    return years.pop() if len(years) == 1 and not facts(one.text, "en").dates else ""


def _other_time(one: ClaimWords, other: ClaimWords) -> float:
    """Der Notruf ging um 2.15 Uhr ein, um 3.40 Uhr."""
    clock = regex("en", "disputes", "clock").findall
    a, b = clock(one.text), clock(other.text)
    return _mostly_shared(one, other) if len(a) == len(b) == 1 and a != b else 0


def _other_year(one: ClaimWords, other: ClaimWords) -> float:
    """Der Turm, 1958 gebaut; der Turm von 1962."""
    a, b = _year(one), _year(other)
    return _mostly_shared(one, other, _SHARED, _HALF) if a and b and a != b and abs(int(a) - int(b)) <= _YEARS else 0


def _other_cause(one: ClaimWords, other: ClaimWords) -> float:
    """Both say why it came about, and have few words but that in common."""
    first, second = _why(one), _why(other)
    if not first or not second or one.denies != other.denies or any(map(_unknown, (one, other))):
        return 0
    both = first.plain and second.plain
    if _known(other, first.cause, second, both) or _known(one, second.cause, first, both):
        return 0
    if not first.effect or not second.effect:  # what came about is what the story is of
        return _LEAST if both else 0
    shared = sum(map(other.has, first.effect)) + sum(map(one.has, second.effect))
    fewer, more = sorted((len(first.effect), len(second.effect)))
    mostly = shared > 1 and shared >= (fewer + more) / 2
    if not both:
        return shared if mostly and (first.plain or second.plain) else 0
    named = more <= _SHARED and (first.mishap or second.mishap)
    subject = other.has(first.effect[0]) and one.has(second.effect[0])
    enough = mostly or (subject and shared > 1 and shared >= fewer)
    return shared + _LEAST if enough or named else 0


def _known(other: ClaimWords, cause: Sequence[str], why: _Why, plain: bool) -> bool:
    """Does the other claim give the same cause, or tell what that one came from?"""
    shared = sum(map(other.has, cause))
    return in_common(cause, (*why.cause, *why.effect)) or 2 * shared > len(cause) or (shared > 0 and not plain)


def _unknown(one: ClaimWords) -> bool:
    """Is it still looked for, or not known?"""
    rules = regex(SOURCE, "disputes", "sought"), any_of(SOURCE, "not_known", "not known")
    return any(rule.search(one.there) for rule in rules)


class _Why(NamedTuple):
    """What came about, and why; `plain`: it is said, not only that it came after; `mishap`: of any event."""

    effect: tuple[str, ...]
    cause: tuple[str, ...]
    plain: bool
    mishap: bool


_PARTS = ("effect", "what"), ("cause", "why")
"""How the groups are called that match what came about, and why."""


def _mishap(effect: str) -> bool:
    """Does a word for any event name what came about?"""
    return regex("en", "disputes", "mishap").search(effect) is not None


@lru_cache(maxsize=1024)
def _why(one: ClaimWords) -> _Why | None:
    for name in ("given", "reason_is", "because", "caused", "points_to", "after"):
        if found := regex("en", "disputes", name).search(one.text):
            told = found.groupdict()
            parts = [" ".join(told[k] for k in told if k.startswith(keys) and told[k]) for keys in _PARTS]
            if cause := _in(one, parts[1]):
                return _Why(_in(one, parts[0]), cause, name != "after", _mishap(parts[0]))
    return None


def _in(one: ClaimWords, part: str) -> tuple[str, ...]:
    """The content words of a part of the claim."""
    return tuple(word.lower for word in words(part) if word.lower in one.words)


def _other_name(sources: Sequence[Source]) -> Callable[[ClaimWords, ClaimWords], float]:
    """Measures two claims that say the same of two names which no sentence of the sources has side by side."""
    texts = [sentence.de for source in sources for sentence in source.sentences]

    def differs(one: ClaimWords, other: ClaimWords) -> float:
        first, second = _names(one), _names(other)
        mine, others = first - second, second - first
        if (
            len(mine) != 1
            or len(others) != 1
            or facts(one.text, "en").numbers
            or facts(other.text, "en").numbers
            or any(map(not_alone, (one, other)))
        ):
            return 0
        (a,), (b,) = mine, others
        fewest = min(len(one.shared(other)), len(other.shared(one)))
        beside = any(a in text and b in text for text in texts)
        return 0 if beside or fewest < _SHARED else _mostly_shared(one, other)

    return differs


def _other_doer(one: ClaimWords, other: ClaimWords) -> float:
    """Two say that another one did the same: a teacher rescued the child, it was rescued by a driver."""
    if any(map(not_alone, (one, other))) or one.denies != other.denies or one.figures or other.figures:
        return 0
    if any(why and why.plain for why in (_why(one), _why(other))) or opposed(one, other):
        return 0
    (first, passive), (second, too) = doer(one, other), doer(other, one)
    shared = _but_for(one, other, first, second)
    rest = min(len(set(one.words) - set(first)), len(set(other.words) - set(second)))
    return shared if passive or too or shared >= max(_SHARED, rest) else 0


def doer(one: ClaimWords, other: ClaimWords) -> tuple[tuple[str, ...], bool]:
    """The words for the one who did it, behind a passive (True) or before the first word that both have; none for
    one whom the text has named before (the company)."""
    behind = regex("en", "disputes", "doer").search(one.text)
    phrase = next(filter(None, behind.groups()), "") if behind else ""
    known = [word for word in one.words if other.has(word)]
    end = min((at for word in known if (at := one.text.lower().find(word)) >= 0), default=0)
    said = phrase or one.text[:end]
    verb = not phrase and regex("en", "disputes", "ends_in_verb").fullmatch(said.rstrip())
    return (() if is_generic(said) or verb else _in(one, said)), bool(phrase)


def _other_place(one: ClaimWords, other: ClaimWords) -> float:
    """The same, but for where: in the cellar, in the roof."""
    if one.denies != other.denies or not (one.words and other.has(one.words[0])):
        return 0
    shared = _but_for(one, other, _place(one), _place(other))
    return shared if shared >= _SHARED else 0


def _place(one: ClaimWords) -> tuple[str, ...]:
    found = regex("en", "disputes", "where").search(one.text)
    return _in(one, found["where"]) if found else ()


def _but_for(a: ClaimWords, b: ClaimWords, first: Sequence[str], second: Sequence[str]) -> float:
    """How much they share, if these words are all that is different."""
    if not 0 < len(first) <= _FEW or not 0 < len(second) <= _FEW:
        return 0
    if any(map(b.has, first)) or any(map(a.has, second)):
        return 0
    return _rest_shared(a, b, first, second)


def _rest_shared(
    a: ClaimWords, b: ClaimWords, first: Sequence[str], second: Sequence[str], most: float = _ALIKE
) -> float:
    """How many words they share beside those that differ, if these are `most` of what is left of either."""
    if a.figures != b.figures:
        return 0
    mine, others = ([w for w in side.words if w not in out] for side, out in ((a, first), (b, second)))
    shared, rest = (sum(map(b.has, mine)) + sum(map(a.has, others)) + 1) // 2, min(len(mine), len(others))
    return shared if shared >= min(_SHARED, rest) and rest and shared >= most * rest else 0


def _decided(one: ClaimWords, other: ClaimWords) -> float:
    """Another one decided it: the office ordered the closure, the town had the roads closed."""
    found = [regex("en", "disputes", "decided").search(side.text) for side in (one, other)]
    first, second = (
        _decider(side, match) if match else _NOBODY for side, match in zip((one, other), found, strict=True)
    )
    if not first.who or not second.who or first.who & second.who or one.denies != other.denies:
        return 0
    if one.figures != other.figures or not {*first.who, *second.who}.isdisjoint(
        vocabulary("en", "mentions", "generic")
    ):
        return 0
    if not first.what or not second.what:
        return _LEAST
    return sum(map(other.has, first.what)) + sum(map(one.has, second.what))


class _Decision(NamedTuple):
    who: frozenset[str]
    what: tuple[str, ...]


_NOBODY = _Decision(frozenset(), ())


def _decider(one: ClaimWords, verb: re.Match[str]) -> _Decision:
    """Who opens the sentence, or stands behind "by"."""
    before, behind = one.text[: verb.start()], one.text[verb.end() :]
    who, what = (behind, before) if verb[0].endswith(" by") else (before.rpartition(",")[2], behind)
    told = () if verb["whole"] else _in(one, what)
    return _Decision(frozenset(telling_words(who)), told)


def _denied(one: ClaimWords, other: ClaimWords) -> float:
    """The one says what the other one denies."""
    if one.denies == other.denies or any(map(_unknown, (one, other))) or not one.words or not other.words:
        return 0
    if differ_in("intended", one, other) and differ_in("did_not", one, other):
        return 0
    if not other.has(one.words[0]) and not one.has(other.words[0]) and not one.names & other.names:
        return 0  # of two persons
    if day_of(one) and day_of(other) and day_of(one) != day_of(other):
        return 0
    no, yes = (one, other) if one.denies else (other, one)
    said = no.denied[:_MANY] or no.words[-_SHARED:]
    if other_subject(no, yes, said, [word for word in yes.words if no.has(word)]):
        return 0
    told = yes.has(said[0]) and 2 * sum(map(yes.has, said)) > len(said)
    return _rest_shared(one, other, (), ()) if told else 0


def _opposite(one: ClaimWords, other: ClaimWords) -> float:
    """One pole of a concept here, the other there: approved, rejected."""
    if differ_in("until", one, other) or differ_in("again", one, other):
        return 0
    for pole, mine in one.poles:
        for against, others in other.poles:
            if not opposite(pole, against) or (pole.kind and any(map(not_alone, (one, other)))):
                continue
            if not any(side.denies and "no" not in keys for side, keys in ((one, mine), (other, others))):
                first, second = ([w for w in s.words if key(w) in keys] for s, keys in ((one, mine), (other, others)))
                kept = any(map(other.has, first)) or any(map(one.has, second))
                opens = not kept and not other_subject(one, other, first, second) and _opens(one, other, first, second)
                most = _THIRD if one.names & other.names else _HALF
                if opens and (shared := _rest_shared(one, other, first, second, most)):
                    return shared
    return 0


@cache
def _no() -> frozenset[str]:
    """The words that deny of themselves, as `key` has them."""
    return frozenset(map(key, vocabulary("en", "negation", "pole")))


def _own_no(one: ClaimWords, keys: frozenset[str]) -> bool:
    """Does the pole itself deny (no objections), or does the denial deny something else?"""
    return bool(keys & _no()) or keys.isdisjoint(map(key, one.denied))


def _opens(one: ClaimWords, other: ClaimWords, first: Sequence[str], second: Sequence[str]) -> bool:
    """Is it of one and the same: a person whom both name, the word that opens both, or what a passive opens with?"""
    if one.names & other.names:
        return True
    passive = regex("en", "disputes", "passive").search
    mine, others = (_first(side, out) for side, out in ((one, first), (other, second)))
    told = stands(mine, other), stands(others, one)
    return all(told) or bool((told[0] and passive(one.text)) or (told[1] and passive(other.text)))


def _first(one: ClaimWords, out: Sequence[str]) -> str:
    """The word that opens the claim, a name too."""
    return next((w.lower for w in words(one.text) if (w.lower in one.words and w.lower not in out) or _is_name(w)), "")


def _is_name(word: Word) -> bool:
    return word.start > 0 and word.text[0].isupper()


@lru_cache(maxsize=1024)
def _names(one: ClaimWords) -> frozenset[str]:
    """The names in a claim that stand in its German, each by its last word, but for those who say it."""
    speakers = " ".join([one.told.claim.speaker or "", *(by.name for by in attributions(one.text))])
    groups = (match[0].split()[not match.start() :] for match in _NAME.finditer(one.text))  # not what opens it
    found = (group[-1].removesuffix("'s") for group in groups if group)
    places = {fact.value for fact in facts(one.there, SOURCE).places}
    foreign = (fact.text.split()[-1] for fact in facts(one.text, "en").places if fact.value in places)
    named = {name for name in found if len(name) > 1 and name in one.there} | {*foreign}
    return frozenset(name for name in named if name not in speakers)


def _value(about: str, one: ClaimWords, other: ClaimWords) -> str:
    """What is put beside the other's: a day or a year, a name, else what is claimed."""
    if about == "date":
        return day_in_words(one.told.claim)
    if about == "year":
        return _year(one)
    if about == "who" and len(name := _names(one) - _names(other)) == 1:
        return next(iter(name))
    if about == "time":
        return str(regex("en", "disputes", "clock").findall(one.text)[0])
    return one.text.rstrip(".")
