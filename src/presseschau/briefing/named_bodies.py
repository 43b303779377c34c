"""The company, union or party of an event, where independent papers name the same one: "der Firma Nordlack"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from presseschau.notes import Comparison, Figure, Source, SourceClaim

_ROLES = {
    "company": r"Unternehmens?|Firma|Konzerns?|Herstellers?|Bauträgers?|Anbieters?|Start-ups?",
    "operator": r"Betreibers?|Betreiberin|Betreiberfirma",
    "shipping company": r"Reederei",
    "union": r"Gewerkschaft",
    "party": r"Partei",
    "association": r"Vereins?|Verbands?|Verbandes",
    "group": r"Gruppe|Gruppierung|Komitees?",
}
_NAMED = {
    role: re.compile(rf"\b(?:{words})\s[„»«“\"]?(?P<name>[A-ZÄÖÜ][\w&-]+(?:\s[A-ZÄÖÜ][\w&-]+){{0,2}})")
    for role, words in _ROLES.items()
}


def named_bodies(
    claims: Sequence[SourceClaim], sources: Sequence[Source], whose: Mapping[int, str]
) -> tuple[Comparison, ...]:
    """One agreed Comparison a name that claims of two independent sources give, by role and name.

    The role stands before the name in the German of one of the sources at least; the claims have the name in English.
    """
    found: defaultdict[tuple[str, str], list[SourceClaim]] = defaultdict(list)
    roles = {
        match["name"]: role
        for source in sources
        for sentence in source.sentences
        for role, pattern in _NAMED.items()
        for match in pattern.finditer(sentence.de)
    }
    for claim in claims:
        for name, role in roles.items():
            if name in claim.claim.text and any(name in evidence.text for evidence in claim.claim.evidence):
                found[role, name].append(claim)
    return tuple(
        Comparison(about=role, kind="agreed", figures=(_figure(name, told),))
        for (role, name), told in sorted(found.items())
        if len({whose[claim.source] for claim in told}) > 1
    )


def _figure(name: str, told: Sequence[SourceClaim]) -> Figure:
    first = {claim.source: claim.id for claim in reversed(told)}
    return Figure(value=name, claims=tuple(first[n] for n in sorted(first)), sources=tuple(sorted(first)))
