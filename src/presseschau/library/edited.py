"""Back from the translator: which sentences of a file have other English than the results that it was made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from presseschau.checks.files.pairs import BadRow, Pair
from presseschau.models import Analysis, TranslatedSentence
from presseschau.output.claims import inert
from presseschau.output.inert import one_line
from presseschau.pipeline.decisions import Decision


class Edited:
    """The pairs of a file, by their German. Rows that are no pairs, and pairs without English, say nothing."""

    def __init__(self, rows: Iterable[Pair | BadRow]) -> None:
        self._by_german: dict[str, list[Pair]] = defaultdict(list)
        self.left: set[str] = set()
        """German of pairs that no result had yet."""
        for row in rows:
            if isinstance(row, Pair) and row.en.strip():
                self._by_german[one_line(row.de)].append(row)
        self.left.update(self._by_german)

    @property
    def german(self) -> Sequence[str]:
        """The German of every pair."""
        return list(self._by_german)

    def decisions(self, analysis: Analysis, by: str | None, at: datetime) -> Iterator[Decision]:
        """The sentences of a result, as it stands, whose English is another in the file: each once, by its German."""
        done: set[str] = set()
        for row in analysis.translation or ():
            german = one_line(row.de)
            pairs = self._by_german.get(german)
            if not pairs or german in done:
                continue
            self.left.discard(german)
            english = _english(row, f"{analysis.article.id[:12]}-{row.n}", pairs)
            if english is not None:
                done.add(german)
                yield Decision.on(row, "edited", english, by=by, at=at)


def _english(row: TranslatedSentence, name: str, pairs: Sequence[Pair]) -> str | None:
    """The English that a person wrote for a sentence; None if it was left as it is."""
    own = [pair for pair in pairs if pair.id == name] or pairs
    told = {one_line(row.en), inert(row.en)}
    changed = [text for pair in own if (text := " ".join(pair.en.split())) not in told]
    return changed[-1] if changed else None
