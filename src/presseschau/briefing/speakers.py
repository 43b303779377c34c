"""Which speakers of several articles are one: Doreen Pagel, Betriebsratschefin Doreen Pagel and, beside them, Pagel."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from presseschau.facts.speech.mentions import without_body
from presseschau.notes import SourceClaim

_LARGE = re.compile(r"[A-ZÄÖÜ][\w'’-]*")
_ARTICLES = frozenset(("der", "die", "das", "dem", "den", "des", "ein", "eine", "einer", "eines", "the", "a", "an"))

Key = tuple[str, ...]


def speakers(claims: Sequence[SourceClaim]) -> dict[str, str]:
    """Id of each claim with a speaker -> the speaker's name, the same for all claims of one speaker.

    The name is the claims' commonest English one, the longer one if two are as common. A surname alone is the one of
    its own article, else the only one that the claims know; two of the same surname are never mixed.
    """
    keys = {c.id: key for c in claims if c.claim.speaker and (key := _key(c))}
    full = {key for key in keys.values() if len(key) > 1}
    by_last: defaultdict[str, set[Key]] = defaultdict(set)
    for key in full:
        by_last[key[-1]].add(key)
    in_source: defaultdict[tuple[int, str], set[Key]] = defaultdict(set)
    for claim in claims:
        if claim.id in keys and len(keys[claim.id]) > 1:
            in_source[claim.source, keys[claim.id][-1]].add(_shortest(keys[claim.id], by_last))
    canonical = {
        c.id: _shortest(keys[c.id], by_last) if len(keys[c.id]) > 1 else _of_surname(c, keys[c.id], by_last, in_source)
        for c in claims
        if c.id in keys
    }
    spoken: defaultdict[Key, list[str]] = defaultdict(list)
    for claim in claims:
        if claim.id in canonical and claim.claim.speaker:
            spoken[canonical[claim.id]].append(claim.claim.speaker)
    return {claim: _name(spoken[key]) for claim, key in canonical.items()}


def _key(claim: SourceClaim) -> Key:
    """The large words of the German mention, without the body that a person is of, else the words of the English name;
    in lower case, without genitive s."""
    german = claim.claim.speaker_de.text if claim.claim.speaker_de else ""
    found = [word for word in _LARGE.findall(without_body(german)) if word.lower() not in _ARTICLES]
    if not found:
        found = [word for word in re.findall(r"[\w'’-]+", claim.claim.speaker or "") if word.lower() not in _ARTICLES]
    return tuple(word.lower().removesuffix("'s").removesuffix("’s") for word in found)


def _shortest(key: Key, by_last: dict[str, set[Key]]) -> Key:
    """The shortest full name that the mention contains: without titles."""
    return min((k for k in by_last[key[-1]] if set(k) <= set(key)), key=lambda k: (len(k), k))


def _of_surname(
    claim: SourceClaim, key: Key, by_last: dict[str, set[Key]], in_source: dict[tuple[int, str], set[Key]]
) -> Key:
    """The full name for one word that the English has, too, and large (Pagel, not Polizei: police)."""
    word = key[0]
    if not any(w.lower() == word for w in _LARGE.findall(claim.claim.speaker or "")):
        return key
    own = in_source.get((claim.source, word)) or {_shortest(k, by_last) for k in by_last.get(word, ())}
    return next(iter(own)) if len(own) == 1 else key


def _name(spoken: Sequence[str]) -> str:
    return max(Counter(spoken).items(), key=lambda one: (one[1], len(one[0]), one[0]))[0]
