"""`agent.changed` beyond names beside a verb: two nouns that have changed places.

Who does it by the cases of a German clause (`facts/polarity/clauses.py`) does it in the English where the verb is the
same. Who opens the German sentence before its verb does it; who stands behind the verb in another case, or behind
gegen, an, von, für, does not, and must not open an English sentence that puts the first one there. Whose something is
(the opposition's demand) it must stay. Only words with one counterpart each are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from presseschau.checks.bitext import Bitext
from presseschau.facts.lexicon import english, infinitives
from presseschau.facts.polarity.clauses import NOBODY, Deed, Phrase, deeds, english_active, english_doer, gender
from presseschau.facts.words import Word
from presseschau.findings import Remark
from presseschau.lang import SOURCE, Pattern, regex, rules

CODE = "agent.changed"

REACH = 120
"""Characters behind the verb in which the other one is looked for."""
BEFORE = 40
"""Characters before an English noun in which its preposition stands."""

LONGEST = 20
"""Words of a German sentence in which it is plain whose something is."""
CLOSE = 2
"""Blanks between an owner and the thing that make one phrase of them."""

SHORTEST_VERB = 3
"""Letters of a verb's rendering by which it is known."""

Nouns = Mapping[int, Word]
"""Where the capitalised words of the German start."""
Swap = tuple[Word, Word]
"""Who does it in the German, and in the English."""


def changed(pair: Bitext) -> Iterator[Remark]:
    """At most one remark, with both nouns."""
    nouns = {item.start: item for item in pair.german.words if item.text[0].isupper()}
    for swapped in (_deed, _asked, _behind_the_verb, _beside, _denied, _whose, _beaten, _names):
        if found := swapped(pair, nouns):
            de, en = found
            yield Remark(CODE, (de.start, de.end), (en.start, en.end))
            return


def _deed(pair: Bitext, nouns: Nouns) -> Swap | None:
    """Who does it to whom in a clause of the German, and in the English."""
    named = {fact.start for fact in (*pair.german.facts.persons, *pair.german.facts.places)}
    for deed in deeds(pair.de, named):
        if deed.doer is not NOBODY and not (deed.sure or _both_act(deed)):
            continue  # only one sign is left
        there, whom = _counterpart(pair, deed.doer), _counterpart(pair, deed.other)
        if deed.doer is NOBODY:
            if whom and _does_it(pair, deed, whom):
                return deed.other.nouns[0], whom
            continue
        if there and not deed.other.nouns:
            subjects = [w for w in pair.english.words if w.lower in ("he", "she", "they") and w.end < there.start]
            whom = subjects[-1] if subjects else None
        elif whom and not deed.doer.nouns:
            there = next((w for w in pair.english.words if w.lower in ("him", "them") and w.start > whom.end), None)
        if there and whom and there.start != whom.start:
            first, second = sorted((there, whom), key=lambda word: word.start)
            verb = _same_verb(pair, deed, first, second)
            signs = (verb is not None, deed.sure, _both_act(deed))
            if sum(signs) > 1 and english_doer(pair.en, first, second, verb, signs[2]) == whom:
                return (deed.doer.nouns or deed.other.nouns)[0], whom
    return None


def _does_it(pair: Bitext, deed: Deed, whom: Word) -> bool:
    """Does the English say that who suffers the German verb is the one who does it?"""
    if not gender(deed.other.nouns[0].lower):
        return False
    verb = _same_verb(pair, deed, whom, Word("", len(pair.en), len(pair.en), ""))
    return verb is not None and english_active(pair.en, whom, verb)


def _both_act(deed: Deed) -> bool:
    """Can either of them do it?"""
    return all(phrase.nouns and gender(phrase.nouns[0].lower) for phrase in (deed.doer, deed.other))


def _same_verb(pair: Bitext, deed: Deed, first: Word, second: Word) -> Word | None:
    """The English word between the two, or behind them in a relative clause, that renders a verb of the German one."""
    verbs: list[str] = []
    for item in pair.german.words:
        if (item.text[0].islower() or item.start == deed.start) and deed.start <= item.start < deed.end:
            _, whole = pair.german.separated.get(item.start, (0, ""))
            verbs += (whole or item.lower, *infinitives(item.lower))
    said = tuple(one for verb in verbs for one in english(verb) if len(one) >= SHORTEST_VERB)
    end = second.end + BEFORE if deed.relative else second.start
    near = (word for word in pair.english.words if first.end <= word.start < end and word.start != second.start)
    return next((word for word in near if word.lower.startswith(said)), None)


def _counterpart(pair: Bitext, phrase: Phrase) -> Word | None:
    found = (pair.place(noun.start) for noun in reversed(phrase.nouns))
    return next((pair.english.at[place] for place in found if place is not None), None)


def _asked(pair: Bitext, nouns: Nouns) -> Swap | None:
    """Wen schickt Russland: who is sending Russia."""
    asked = regex(SOURCE, "agents", "asks_whom").match(pair.de)
    doer = _there(pair, nouns.get(asked.start("doer"))) if asked else None
    if asked and doer and regex("en", "agents", "asks_who").fullmatch(pair.en, 0, doer.start):
        return nouns[asked.start("doer")], pair.english.words[0]
    return None


def _behind_the_verb(pair: Bitext, nouns: Nouns) -> Swap | None:
    opening = regex(SOURCE, "agents", "opening").match(pair.de)
    if opening is None or regex("en", "agents", "done_by").search(pair.en):
        return None
    named = {fact.start for fact in (*pair.german.facts.persons, *pair.german.facts.places)}
    said = regex(SOURCE, "agents", "as_said").search(pair.de)
    if said or not (opening["article"] or opening.start("doer") in named):
        return None
    doer = _there(pair, nouns[opening.start("doer")])
    behind = regex(SOURCE, "agents", "one" if opening["article"] == "Ein " else "behind")
    for match in behind.finditer(pair.de, opening.end(), opening.end() + REACH) if doer else ():
        other = _there(pair, nouns.get(match.start(match.lastgroup or "noun")))
        if doer and other and other.start < doer.start and _opens(pair, other):
            if pair.en[other.end - 2 : other.end + 1].strip("s") in ("'", "’"):
                continue  # the employers' offer
            if regex("en", "agents", "tells").search(pair.en, other.end, doer.start):
                continue
            return nouns[opening.start("doer")], other
    return None


@cache
def _beside_rules() -> Pattern:
    return Pattern(*(rule for rule in rules(SOURCE, "agents").values() if rule.kind.startswith("beside ")))


def _beside(pair: Bitext, nouns: Nouns) -> Swap | None:
    """Who stands behind gegen opens the English, and another one stands behind against."""
    for rule in _beside_rules().rules_for(pair.de):
        found = list(rule.regex.finditer(pair.de))
        for match in found:
            one = _there(pair, nouns.get(match.start("noun")))
            if one is None or not (
                (_opens(pair, one) and not pair.en[one.end + 1 : one.end + 2].isupper()) or _owns(pair, one)
            ):
                continue
            for other in nouns.values():
                inside = any(match.start() <= other.start < match.end() for match in found)
                place = _there(pair, other) if not inside else None
                if place and place.start > one.end and _stands_behind(pair, place, rule.id):
                    return other, one
    return None


def _denied(pair: Bitext, nouns: Nouns) -> Swap | None:
    """Nicht der Händler, sondern der Hersteller: not the manufacturer."""
    for match in regex(SOURCE, "agents", "not_but").finditer(pair.de):
        denied, meant = (_there(pair, nouns.get(match.start(name))) for name in ("denied", "meant"))
        if denied and meant and _stands_behind(pair, meant, "not") and not _stands_behind(pair, denied, "not"):
            return nouns[match.start("denied")], meant
    return None


def _stands_behind(pair: Bitext, word: Word, preposition: str) -> bool:
    found = regex("en", "agents", preposition).search(pair.en, max(0, word.start - BEFORE), word.start)
    return found is not None


def _whose(pair: Bitext, nouns: Nouns) -> Swap | None:
    """What is the one's in the German is another's in the English."""
    plain = len(pair.german.words) <= LONGEST
    covered = {item.start for item in pair.coverage if item.covered} if plain else set()
    for match in regex(SOURCE, "agents", "whose").finditer(pair.de) if plain else ():
        thing, owner = (_there(pair, nouns.get(match.start(name))) for name in ("thing", "owner"))
        if not thing or (owner is None and match.start("owner") in covered):
            continue
        others = list(nouns.values())
        if owner and owner.start > thing.end and _owner_of(pair, thing, owner):  # of the one: unless it is another's
            others = [
                other for other in others if (word := _there(pair, other)) and _owns(pair, word) and word != owner
            ]
        elif owner and (_owner_of(pair, thing, owner) or _close_before(pair, owner, thing)):
            continue
        for other in others:
            if match.start() <= other.start < match.end() or _same_phrase(pair.de, match, other):
                continue
            place = _there(pair, other)
            if place and _owner_of(pair, thing, place):
                return nouns[match.start("owner")], place
    return None


def _owner_of(pair: Bitext, thing: Word, owner: Word) -> bool:
    if owner.start > thing.end:
        return regex("en", "agents", "owned_by").fullmatch(pair.en, thing.end, owner.start) is not None
    end = owner.end - 2 if owner.text[-2:] in ("'s", "’s") else owner.end
    return regex("en", "agents", "owns").fullmatch(pair.en, end, thing.start) is not None


def _close_before(pair: Bitext, owner: Word, thing: Word) -> bool:
    """Liberal criticism."""
    return owner.end < thing.start and pair.en.count(" ", owner.end, thing.start) <= CLOSE


def _same_phrase(text: str, match: re.Match[str], other: Word) -> bool:
    return other.start > match.end() and bool(
        regex(SOURCE, "agents", "same_phrase").fullmatch(text, match.end(), other.start)
    )


def _owns(pair: Bitext, word: Word) -> bool:
    return pair.en[word.end : word.end + 1] in ("'", "’") or word.text[-2:] in ("'s", "’s")


def _beaten(pair: Bitext, nouns: Nouns) -> Swap | None:
    """Two names, and which of them wins."""
    winners = []
    for side, lang in ((pair.german, SOURCE), (pair.english, "en")):
        named = sorted((*side.facts.places, *side.facts.persons), key=lambda fact: fact.start)
        wins, loses = (regex(lang, "agents", how).search(side.text) is not None for how in ("wins", "loses"))
        if len(named) != 2 or wins == loses:
            return None
        winners.append(named if wins else named[::-1])
    german, english = winners
    if [fact.value for fact in german] != [fact.value for fact in reversed(english)] or german[0].start not in nouns:
        return None
    word = next((word for word in pair.english.words if word.start == english[0].start), None)
    return (nouns[german[0].start], word) if word else None


def _names(pair: Bitext, nouns: Nouns) -> Swap | None:
    """Meier warf Schulze vor: two names that no list knows, the one before the verb, the other right behind it."""
    listed = [word for word in nouns.values() if not english(word.lower)]
    first, rest = listed[:1], listed[1:]
    if not first or first[0].start or regex("en", "agents", "passive").search(pair.en):
        return None
    there = {word.text: word for word in pair.english.words}
    for other in rest:
        doer, patient = there.get(first[0].text), there.get(other.text)
        if (
            doer
            and patient
            and patient.start == 0
            and pair.de[other.end : other.end + 1] not in ("'", "’")
            and regex(SOURCE, "agents", "between").fullmatch(pair.de, first[0].end, other.start)
            and regex("en", "agents", "between").fullmatch(pair.en, patient.end, doer.start)
        ):
            return first[0], patient
    return None


def _opens(pair: Bitext, word: Word) -> bool:
    return regex("en", "agents", "first").fullmatch(pair.en, 0, word.start) is not None


def _there(pair: Bitext, noun: Word | None) -> Word | None:
    place = pair.place(noun.start) if noun else None
    return pair.english.at[place] if place is not None else None
