"""`meaning.turned`: the words of content are there, what stands between them is turned round.

Because of for despite, may for must, has done for will do, hardly for nearly, until for from. The kinds stand in
`de/turned.toml`, what keeps and what turns each of them in `en/turned.toml`. A kind that good translations put in many
ways is found only where the English says what turns it, and no other German accounts for that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from presseschau.checks.bitext import Bitext
from presseschau.findings import Remark
from presseschau.lang import SOURCE, Pattern, any_of, rules
from presseschau.patterns import late

CODE = "meaning.turned"
_BEFORE, _AFTER = late(r"\w+ $"), late(r" \w+")


@cache
def _kinds() -> Pattern:
    """The German rules of all kinds."""
    return Pattern(*(rule for rule in rules(SOURCE, "turned").values() if not rule.kind.startswith("allows ")))


@cache
def _can_turn() -> frozenset[str]:
    """The kinds that must be turned to be found, not merely lost."""
    return frozenset(
        rule.kind.removeprefix("turns ") for rule in rules("en", "turned").values() if "turns " in rule.kind
    )


def turned(pair: Bitext, but: Collection[str] = ()) -> Iterator[Remark]:
    """At most one remark: the first kind, `but` those, that the English does not keep, with the German words and what
    turns them."""
    for rule in _kinds().rules_for(pair.de):
        if rule.kind in but or (said := rule.regex.search(pair.de)) is None:
            continue
        if any_of("en", "turned", f"keeps {rule.kind}").search(pair.en):
            continue
        before, after = _BEFORE.search(pair.de, 0, said.start()), _AFTER.match(pair.de, said.end())
        if before and after and pair.de[before.start() : after.end()] in pair.en:  # a society called Zug statt Flug
            continue
        by = any_of("en", "turned", f"turns {rule.kind}").search(pair.en) if rule.kind in _can_turn() else None
        if (by or rule.kind not in _can_turn()) and not any_of(SOURCE, "turned", f"allows {rule.kind}").search(pair.de):
            yield Remark(CODE, said.span(), by.span() if by else None)
            return
