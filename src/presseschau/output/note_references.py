"""What a citation of a note leads to: the claim, its German and English, on whose word, and where it was printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from presseschau.notes import Note, Source, SourceClaim
from presseschau.output.note_outline import grave, is_american, paper_of
from presseschau.output.wording import ChainLink, in_words, voices

_PLAIN_ID = re.compile(r"[0-9]{1,6}\.c[0-9]{1,6}")


@dataclass(frozen=True)
class Passage:
    """A sentence of evidence: number, German, English ("" where none was made)."""

    n: int
    de: str
    en: str


@dataclass(frozen=True)
class Reference:
    """A claim as its citation shows it. `anchor` is fit for an address and for a footnote's name; `source` is 0 for a
    claim that the note does not hold, `also` the papers that repeat it."""

    number: int
    id: str
    anchor: str
    source: int
    text: str
    supported: bool
    stance: str
    chain: tuple[ChainLink, ...]
    paper: str
    date: str
    headline: str
    passages: tuple[Passage, ...]
    warnings: tuple[str, ...]
    also: tuple[str, ...] = ()


def references(
    note: Note, numbers: Mapping[str, int], also: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Reference, ...]:
    """The cited claims by number. An id that the note does not hold says so instead of leading nowhere."""
    claims = {claim.id: claim for claim in note.claims}
    sources = {source.n: source for source in note.sources}
    found = (_reference(id, number, claims.get(id), sources, is_american(note)) for id, number in numbers.items())
    return tuple(replace(one, also=(also or {}).get(one.id, ())) for one in found)


def _reference(
    id: str, number: int, found: SourceClaim | None, sources: Mapping[int, Source], american: bool
) -> Reference:
    anchor = id if _PLAIN_ID.fullmatch(id) else f"ref-{number}"
    if found is None or found.source not in sources:
        return Reference(number, id, anchor, 0, "This claim is not in the note.", False, "", (), "", "", "", (), ())
    claim, source = found.claim, sources[found.source]
    english = {sentence.n: sentence.en or "" for sentence in source.sentences}
    return Reference(
        number=number,
        id=id,
        anchor=anchor,
        source=source.n,
        text=claim.text,
        supported=claim.supported,
        stance=claim.stance,
        chain=voices(claim, source),
        paper=paper_of(source),
        date=in_words(source.published, american),
        headline=source.headline or source.headline_de or "",
        passages=tuple(Passage(e.n, e.text, english.get(e.n, "")) for e in claim.evidence),
        warnings=grave(claim.findings),
    )


def in_order(claims: Iterable[str], cited: Mapping[str, Reference]) -> list[Reference]:
    """The references of a statement by their numbers, each once."""
    return sorted({cited[id].number: cited[id] for id in claims}.values(), key=lambda one: one.number)
