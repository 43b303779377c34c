"""Hedges: angeblich, mutmaßlich, offenbar, vermutlich. A statement that lost its hedge has become a fact."""

from __future__ import annotations

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.facts.words import Word, lower_words, words
from presseschau.lang import SOURCE, any_of, regex, vocabulary


def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The hedges of `text`: facts whose `kind` is "hedge" or, for words with another sense as well, "weak hedge", and
    whose `value` is alleged, apparent, likely, reported, or in English voiced or planned. German "soll" is weak,
    rumour or plan, unless a perfect infinitive goes with it."""
    known, sure = vocabulary(lang, "hedges"), vocabulary(lang, "hedges", "sure")
    if lower_words(text).isdisjoint(known):
        return ()
    hearsay = {match.start() for match in regex(lang, "hedges", "hearsay").finditer(text)}
    found = []
    for word in words(text):
        if (how := known.get(word.lower)) and not _not_a_hedge(text, word, lang):
            heard = word.start in hearsay
            kind = "hedge" if heard or word.lower in sure else "weak hedge"
            found.append(Fact(kind, "reported" if heard else how, word.text, word.start, word.end))
    return tuple(found)


def _not_a_hedge(text: str, word: Word, lang: Lang) -> bool:
    """A noun (das Wohl; May, the month), or wohl that is none."""
    if word.text[0].isupper() and word.start > 0:
        title_case = text[word.end + 1 : word.end + 2].isupper()
        return word.lower == "wohl" or (word.text in vocabulary(lang, "months") and not title_case)
    return word.lower == "wohl" and any(
        m.start() <= word.start < m.end() for m in regex(SOURCE, "hedges", "well").finditer(text)
    )


_ANSWERS = {
    "alleged": {"alleged", "reported", "apparent", "likely"},
    "apparent": {"alleged", "reported", "apparent", "likely", "voiced"},
    "reported": {"alleged", "reported", "apparent", "likely", "planned", "voiced"},
    "likely": {"alleged", "reported", "apparent", "likely", "planned", "voiced"},
    "planned": {"alleged", "reported", "apparent", "likely", "planned", "voiced"},
}
"""A hedge of one kind is kept by a hedge of these kinds; `planned` (will, is set to) keeps only an expectation.
`voiced` (said, according to) keeps no doubt: who says so does not say that it is only alleged."""


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """`hedge.lost` for the first hedge of the source if the target has no hedge that keeps it; weak for weak hedges.

    A claim may say less than its evidence but not more certainly, so `within` looks as well.
    """
    if direction == "both" and (lost_open := _became_fact(source, target)):
        return (lost_open,)
    if not source.hedges:
        return ()
    kept = {str(fact.value) for fact in target.hedges}
    if target.lang != SOURCE and regex(target.lang, "hedges", "is_to").search(target.text):
        kept.add("planned")
    lost = [fact for fact in source.hedges if fact.value != "voiced" and not kept & _ANSWERS[str(fact.value)]]
    lost.sort(key=lambda fact: fact.kind != "hedge")
    return tuple(Difference("hedge.lost", source=fact, weak=fact.kind != "hedge") for fact in lost[:1])


OPEN = ("undecided", "accused", "demanded")
"""What is not settled yet, and not told as a hedge is: examined, considered, possible; alleged by someone; demanded in
court. The rules of these kinds say what shows it in the source, and what keeps it in the target."""


def _became_fact(source: Facts, target: Facts) -> Difference | None:
    for kind in OPEN:
        said = any_of(source.lang, "hedges", f"with {kind}").search(source.text)
        if said and not any_of(target.lang, "hedges", f"keeps {kind}").search(target.text):
            place = said.span("cue")
            return Difference("hedge.lost", Fact("hedge", kind, source.text[slice(*place)], *place))
    return None
