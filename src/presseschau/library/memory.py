"""What people decided, kept in the archive: it wins wherever the same German comes again, and is offered where like
German does."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from presseschau.errors import InputError, misfit
from presseschau.library.store import Archive
from presseschau.models import Analysis
from presseschau.pipeline.decisions import Decision, Decisions, decided, keys_of

ALIKE = 80
"""Percent of likeness (rapidfuzz) from which a sentence's English is offered for another one: wire copy that a paper
has shortened by a word or two has more, a sentence about something else hardly ever."""
_OFFERED = 3
_AT_ONCE = 50
"""Decisions in one commit."""
_COLUMNS = ("kind", "german", "was", "verdict", "english", "text")
_NAMES = ", ".join(_COLUMNS)


@dataclass(frozen=True)
class Offer:
    """A person's English for German like this. `likeness` is in percent; 100: the same German."""

    german: str
    english: str
    likeness: float


def read_decisions(archive: Archive, about: Collection[str] | None = None) -> Decisions:
    """The decisions in the archive, in the order in which they were made; with `about` only those with these keys of
    German. Raises InputError for one that is damaged."""
    chosen, keys = "", json.dumps(list(about or ()))
    if about is not None:
        chosen = "WHERE german IN (SELECT value FROM json_each(?1)) OR first IN (SELECT value FROM json_each(?1)) "
    values = () if about is None else (keys,)
    found = archive.database.all(f"SELECT {_NAMES}, more FROM decisions {chosen}ORDER BY n", *values)  # noqa: S608
    try:
        return Decisions(
            decisions=tuple(
                Decision.model_validate({**dict(zip(_COLUMNS, row, strict=False)), **json.loads(row[-1])})
                for row in found
            )
        )
    except (TypeError, ValueError) as error:
        said = misfit(error) if isinstance(error, ValidationError) else str(error)
        raise InputError(f"The archive {archive.path} holds a decision that cannot be read ({said}).") from None


def write_decisions(archive: Archive, decisions: Decisions) -> None:
    """Puts these decisions into the archive in place of those that are there. Raises OutputError."""
    wanted = {_key(decision): decision for decision in decisions.decisions}
    with archive.database.transaction():
        before = {_key(decision): decision for decision in read_decisions(archive).decisions}
        forget(archive, [before[key] for key in before.keys() - wanted.keys()])
        remember(archive, [one for key, one in wanted.items() if before.get(key) != one])


def remember(archive: Archive, decisions: Sequence[Decision]) -> None:
    """Adds decisions; a later one about the same words takes the place of the earlier one. What they say of sentences
    is searched from now on. Raises OutputError."""
    with archive.database.transaction():
        (last,) = archive.database.one("SELECT coalesce(max(n), 0) FROM decisions") or (0,)
        for n, decision in enumerate(decisions, last + 1):
            more = decision.model_dump(mode="json", exclude=set(_COLUMNS), exclude_unset=True)
            archive.database.run(
                f"INSERT OR REPLACE INTO decisions ({_NAMES}, n, first, more) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                *(getattr(decision, name) for name in _COLUMNS), n, decision.first,
                json.dumps(more, ensure_ascii=False),
            )  # fmt: skip
        _index_again(archive, decisions)


def remember_many(archive: Archive, decisions: Sequence[Decision]) -> None:
    """The same for any number, some in a commit: all articles that they are about are indexed again, and others write
    between two commits. Raises OutputError."""
    for at in range(0, len(decisions), _AT_ONCE):
        remember(archive, decisions[at : at + _AT_ONCE])


def forget(archive: Archive, decisions: Sequence[Decision]) -> None:
    """Takes decisions back, as if they had never been made. Raises OutputError."""
    with archive.database.transaction():
        for decision in decisions:
            archive.database.run("DELETE FROM decisions WHERE kind = ? AND german = ? AND was = ?", *_key(decision))
        _index_again(archive, decisions)


def as_decided(archive: Archive, analysis: Analysis) -> Analysis:
    """The result as people want it, by all that the archive remembers of its German."""
    known = read_decisions(archive, sorted(keys_of(analysis)))
    return decided(analysis, known)


def line_as_decided(archive: Archive, number: int) -> bytes:
    """The same as a line of JSON: the very one that was stored where nobody decided anything."""
    line, analysis = archive.result(number)
    now = as_decided(archive, analysis)
    return line if now is analysis else now.model_dump_json().encode()


def offers(archive: Archive, german: str, most: int = _OFFERED) -> list[Offer]:
    """English that people accepted or wrote for this German or German like it, the most alike first."""
    return offers_each(archive, [german], most)[0]


def offers_each(archive: Archive, german: Sequence[str], most: int = _OFFERED) -> list[list[Offer]]:
    """The same for each of several sentences, for which the memory is read once."""
    lengths = [len(text) for text in german]
    rows = archive.database.all(
        "SELECT text, english, length(text) FROM decisions WHERE kind = 'sentence' AND english IS NOT NULL "
        "AND text IS NOT NULL AND length(text) BETWEEN ? AND ? ORDER BY n DESC",
        min(lengths, default=0) * 2 // 3, max(lengths, default=0) * 3 // 2,
    )  # fmt: skip
    return [_offered(text, rows, most) if rows else [] for text in german]


def _offered(german: str, rows: Sequence[tuple[str, str, int]], most: int) -> list[Offer]:
    from rapidfuzz import fuzz, process

    least, longest = len(german) * 2 // 3, len(german) * 3 // 2
    near = [row for row in rows if least <= row[2] <= longest]
    found = process.extract(
        " ".join(german.split()), [row[0] for row in near], scorer=fuzz.ratio, score_cutoff=ALIKE, limit=4 * most
    )
    told = {near[at][1]: Offer(text, near[at][1], round(score, 1)) for text, score, at in reversed(found)}
    return list(told.values())[::-1][:most]


def _index_again(archive: Archive, decisions: Sequence[Decision]) -> None:
    """The articles with sentences that these are about are searched by the English that stands now."""
    german = {one.text for one in decisions if one.kind == "sentence" and one.text}
    for number in sorted({number for text in german for number in archive.holding(text)}):
        analysis = as_decided(archive, archive.analysis(number))
        archive.index_again(number, [row.en for row in analysis.translation or ()])


def _key(decision: Decision) -> tuple[str, str, str]:
    return decision.kind, decision.german, decision.was
