"""Wire copies are cited once: by their original, whose reference names the papers that repeat it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from presseschau.notes import Note, SourceClaim


@dataclass
class Copied:
    """The claims and copies of a note, and, as lines are looked at, which papers repeat which claim."""

    claims: Mapping[str, SourceClaim]
    original_of: Mapping[int, int]
    outlets: Mapping[int, str]
    also: dict[str, list[str]] = field(default_factory=dict)

    def cited(self, ids: Sequence[str]) -> tuple[str, ...]:
        """The claims of a line without those of copies whose original it cites too."""
        kept = []
        for id in ids:
            original = self._original(id, ids)
            if original is None:
                kept.append(id)
            elif outlet := self.outlets.get(self.claims[id].source):
                papers = self.also.setdefault(original, [])
                if outlet not in papers:
                    papers.append(outlet)
        return tuple(kept)

    def _original(self, id: str, ids: Iterable[str]) -> str | None:
        one = self.claims.get(id)
        source = self.original_of.get(one.source) if one else None
        if source is None:
            return None
        return next((other for other in ids if other in self.claims and self.claims[other].source == source), None)


def copied(note: Note) -> Copied:
    """What is needed to cite the originals of this note alone."""
    return Copied(
        claims={one.id: one for one in note.claims},
        original_of={source.n: source.copy_of for source in note.sources if source.copy_of is not None},
        outlets={source.n: source.outlet for source in note.sources if source.outlet},
    )
