"""Who says what, through whom, how surely, and in which papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from presseschau.briefing.introducing import telling
from presseschau.briefing.likeness import Passages, own_words
from presseschau.briefing.sources import by_number, usable
from presseschau.briefing.speakers import speakers
from presseschau.notes import Position, Source, SourceClaim


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
