"""`agent.changed` beyond names beside a verb: who opens the German sentence before its verb does it.

Who stands behind the verb in another case does not, and must not open an active English sentence of which the first one
is the object.
"""

from __future__ import annotations

from collections.abc import Iterator

from presseschau.checks.bitext import Bitext
from presseschau.facts.words import Word
from presseschau.findings import Found, flag, span
from presseschau.lang import SOURCE, regex

CODE = "agent.changed"

REACH = 120
"""Characters behind the verb in which the other one is looked for."""


def changed(pair: Bitext) -> Iterator[Found]:
    """At most one finding, with both nouns."""
    opening = regex(SOURCE, "agents", "opening").match(pair.de)
    if opening is None or regex("en", "agents", "done_by").search(pair.en):
        return
    nouns = {item.start: item for item in pair.german.words}
    named = {fact.start for fact in (*pair.german.facts.persons, *pair.german.facts.places)}
    said = regex(SOURCE, "agents", "as_said").search(pair.de)
    if said or not (opening["article"] or opening.start("doer") in named):
        return
    doer = _there(pair, nouns[opening.start("doer")])
    behind = "one" if opening["article"] == "Ein " else "behind"
    for match in (
        regex(SOURCE, "agents", behind).finditer(pair.de, opening.end(), opening.end() + REACH) if doer else ()
    ):
        other = _there(pair, nouns[match.start(match.lastgroup or "noun")])
        if (
            doer
            and other
            and other.start < doer.start
            and regex("en", "agents", "first").fullmatch(pair.en, 0, other.start)
        ):
            if pair.en[other.end - 2 : other.end + 1].strip("s") in ("'", "’"):
                continue  # the employers' offer
            if regex("en", "agents", "tells").search(pair.en, other.end, doer.start):
                continue
            de = nouns[opening.start("doer")]
            yield flag(CODE, de=span(pair.de, de.start, de.end), en=span(pair.en, other.start, other.end))
            return


def _there(pair: Bitext, noun: Word) -> Word | None:
    place = pair.places.get(noun.start)
    return next((word for word in pair.english.words if word.start == place), None)
