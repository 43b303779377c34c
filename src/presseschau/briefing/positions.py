"""Who says what, through whom, how surely, and in which papers; and which speakers of several articles are one: Doreen
Pagel, Betriebsratschefin Doreen Pagel and, beside them, Pagel."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from presseschau.briefing.likeness import Passages, own_words
from presseschau.briefing.sources import by_number, telling, usable
from presseschau.facts.speech.mentions import without_article, without_body
from presseschau.lang import vocabulary
from presseschau.notes import Position, Source, SourceClaim

_LARGE = re.compile(r"[A-ZÄÖÜ][\w'’-]*")
Key = tuple[str, ...]


def positions(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> tuple[Position, ...]:
    """The positions of a story: speaker by speaker, each speaker's in the order of publication; those first who are
    heard in the most papers, then those heard first.

    What a speaker says alike in several papers is one position; `date` is the day of its first report.
    """
    known = by_number(sources)
    spoken = [c for c in usable(claims) if c.claim.speaker and telling(c)]
    named = speakers(usable(claims))
    spoken.sort(key=lambda c: (known[c.source].published or "", c.source))
    said: defaultdict[str, list[list[SourceClaim]]] = defaultdict(list)
    passages: defaultdict[str, Passages] = defaultdict(Passages)
    for claim in spoken:
        name, words = named.get(claim.id, claim.claim.speaker or ""), own_words(claim)
        like = (said[name][i] for i in passages[name].like(words))
        same = next((one for one in like if one[0].source != claim.source), None)
        if same is None:
            said[name].append([claim])
            passages[name].add(words)
        else:
            same.append(claim)
    order = {name: i for i, name in enumerate(said)}
    ranked = sorted(said, key=lambda name: (-len(_papers([c for one in said[name] for c in one], known)), order[name]))
    return tuple(_position(name, one, known) for name in ranked for one in said[name])


def _position(name: str, same: Sequence[SourceClaim], known: Mapping[int, Source]) -> Position:
    first = same[0].claim
    published = known[same[0].source].published
    return Position(
        speaker=name,
        via=first.via,
        relies_on=first.relies_on,
        stance=first.stance,
        text=first.text,
        outlets=_papers(same, known),
        date=published[:10] if published else None,
        claims=tuple(claim.id for claim in same),
    )


def _papers(claims: Sequence[SourceClaim], known: Mapping[int, Source]) -> tuple[str, ...]:
    """The outlets, else the agencies, of the claims' sources."""
    found = (known[claim.source] for claim in claims)
    return tuple(dict.fromkeys(s.outlet or s.agency or f"source {s.n}" for s in found))


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
    english = re.findall(r"[\w'’-]+", (claim.claim.speaker or "").lower())
    grammar = vocabulary("en", "mentions", "grammar")
    found = _LARGE.findall(without_article(without_body(german))) or [word for word in english if word not in grammar]
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
