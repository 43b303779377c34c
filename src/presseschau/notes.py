"""The values of a briefing note: what `brief --json` prints and `verify` reads back. Frozen, like all of models.py.

Every sentence of a note is a Cited: its text and the ids of the claims it rests on. Every id is found in
`Note.claims`, every claim's German in `Note.sources`, so a note can be checked with nothing else at hand.
"""

from __future__ import annotations

import hashlib
from typing import Literal

from pydantic import Field

from presseschau.lang import vocabulary
from presseschau.models import Claim, Finding, Printed, Usage, Value

__all__ = [
    "NOTE_SCHEMA",
    "Change",
    "Cited",
    "Comparison",
    "Event",
    "Figure",
    "LeftOut",
    "Method",
    "Note",
    "Position",
    "Since",
    "Source",
    "SourceClaim",
    "SourceSentence",
    "Story",
    "StorySince",
]

NOTE_SCHEMA = "presseschau/note/1"


class SourceSentence(Value):
    """A numbered sentence of a source, German and English (None where none was made).

    `paragraph` is that of the article: whose words a sentence reports depends on it.
    """

    n: int
    role: str
    de: str
    en: str | None
    start: int
    end: int
    paragraph: int = 0


class Source(Value):
    """One article that the note was made from. `n` counts from 1 and is how the note names it.

    `id` is the article id, the sha256 of its numbered German sentences joined by newlines, so `sentences` can be held
    against it. `copy_of` is the source whose text this one repeats (a wire copy): both count as one. `link` is the
    http(s) address of the article or None; `metadata` what else came with it, the user's own id and columns. `kept` is
    the text that the article keeps beside its sentences (topic, dateline, byline). `earlier`: it is of the last note,
    and only cited for what was said then.
    """

    n: int
    id: str
    outlet: str | None = None
    agency: str | None = None
    author: str | None = None
    headline_de: str | None = None
    headline: str | None = None
    published: str | None = None
    link: str | None = None
    copy_of: int | None = None
    kept: tuple[str, ...] = ()
    metadata: dict[str, str] = Field(default_factory=dict, exclude_if=lambda value: not value)
    sentences: tuple[SourceSentence, ...]
    earlier: bool = Field(default=False, exclude_if=lambda value: not value)

    def __hash__(self) -> int:
        return hash((self.n, self.id))  # `metadata` has none


class SourceClaim(Value):
    """A claim under its id in the note: number of the source, a dot, id of the claim there ("3.c2")."""

    id: str
    source: int
    claim: Claim


class Cited(Value):
    """A sentence of the note and the claims it rests on. `findings` are of the one-way check against them."""

    text: str
    claims: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


class Position(Value):
    """Who says what: the speaker, through whom it came, as it stands in the claim's English."""

    speaker: str
    via: tuple[str, ...] = ()
    relies_on: str | None = None
    stance: str
    text: str
    outlets: tuple[str, ...]
    date: str | None = None
    claims: tuple[str, ...]


class Event(Value):
    """One line of the timeline. `date` is ISO 8601, shortened where a part is unknown; `until` the last year or month
    of a span (zwischen 2019 und 2023), None for one date; `phrase` the German."""

    date: str
    until: str | None = Field(default=None, exclude_if=lambda value: value is None)
    phrase: str
    planned: bool
    text: str
    claims: tuple[str, ...]


class Figure(Value):
    """One value of a comparison as it is written in English, and who gives it. `taken_back`: their papers have
    corrected it since."""

    value: str
    claims: tuple[str, ...]
    sources: tuple[int, ...]
    taken_back: bool = Field(default=False, exclude_if=lambda value: not value)


class Comparison(Value):
    """The same quantity in several sources. `agreed`: one value from independent sources; `disputed`: several at the
    same time; `changed`: a later report replaces an earlier one."""

    about: str
    kind: Literal["agreed", "disputed", "changed"]
    figures: tuple[Figure, ...]


class Change(Value):
    """What is different: since the previous note, or because a paper corrected itself.

    `before` rests on the claims `earlier`, of articles of the last note; `figures`: the value `about` something then,
    and now. `english`: the English of the German that `before` quotes of a correction, None where nobody translated it.
    """

    kind: Literal["new", "changed", "corrected", "withdrawn"]
    text: str
    before: str | None = None
    claims: tuple[str, ...]
    english: str | None = Field(default=None, exclude_if=lambda value: value is None)
    earlier: tuple[str, ...] = Field(default=(), exclude_if=lambda value: not value)
    about: str | None = Field(default=None, exclude_if=lambda value: value is None)
    figures: tuple[str, str] | None = Field(default=None, exclude_if=lambda value: value is None)


class StorySince(Value):
    """What became of a story since the last note: it is new, told `again` after a rest (against the note of the day
    `last`), `changed`, reported without news, or `ended`: no article of this note tells of it. `split_from`: the title
    of an earlier story that became two, this one and another: an article that told that one tells this one now."""

    title: str
    story: int | None = None
    split_from: str | None = Field(default=None, exclude_if=lambda value: value is None)
    state: Literal["new", "again", "changed", "unchanged", "ended"]
    last: str | None = None
    changes: tuple[Change, ...] = ()


class Since(Value):
    """What is different from the last note on the same topic, which was made on `day` and has this seal."""

    day: str | None
    title: str
    seal: str
    stories: tuple[StorySince, ...]


class LeftOut(Value):
    """A sentence that was written for the note and is not in it, or an article that could not be used, and why."""

    text: str
    reason: str
    claims: tuple[str, ...] = ()


class Story(Value):
    """The articles about one event. `single_source`: claims that only one independent source has. `story`: the number
    that the event has in the archive that the note was made from, the same in every note."""

    title: str
    story: int | None = Field(default=None, exclude_if=lambda value: value is None)
    sources: tuple[int, ...]
    points: tuple[Cited, ...]
    positions: tuple[Position, ...] = ()
    timeline: tuple[Event, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    corrections: tuple[Change, ...] = ()
    single_source: tuple[Cited, ...] = ()
    questions: tuple[Cited, ...] = ()


class Method(Value):
    """How the note came about. `cost` is in USD, None where the model has no known price."""

    models: tuple[str, ...]
    prompts: str
    usage: Usage
    cost: float | None = None
    notice: str
    versions: dict[str, str]


class Note(Printed):
    """A briefing note, in the order in which professionals read it.

    `titled` is the title that its user gave; `made`: when, in UTC, of a note made from an archive. `seal` is the sha256
    of the note's JSON with an empty seal, so that any later change is seen.
    """

    schema_: str = NOTE_SCHEMA
    title: str
    titled: str | None = Field(default=None, exclude_if=lambda value: value is None)
    made: str | None = Field(default=None, exclude_if=lambda value: value is None)
    topic: str | None = None
    since: str | None = None
    until: str | None = None
    pages: int = 2
    english: str = "British English"
    bottom_line: tuple[Cited, ...]
    key_points: tuple[Cited, ...]
    changes: tuple[Change, ...] = ()
    since_last: Since | None = Field(default=None, exclude_if=lambda value: value is None)
    stories: tuple[Story, ...]
    others: tuple[Story, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    sources: tuple[Source, ...]
    claims: tuple[SourceClaim, ...]
    method: Method
    seal: str = ""


def sealed(note: Note) -> Note:
    """The note with its seal, so that a change made later is seen."""
    return note.model_copy(update={"seal": seal(note)})


def seal(note: Note) -> str:
    """sha256 (hex) of the note's JSON with an empty seal."""
    return hashlib.sha256(note.model_copy(update={"seal": ""}).model_dump_json().encode()).hexdigest()


def day(iso: str | None) -> str:
    """ "12 March 2026" for an ISO date; the date shortened as far as it is known, "" for none."""
    parts = (iso or "")[:10].split("-")
    if not parts[0].isdigit() or not all(part.isdigit() for part in parts):
        return ""
    names = list(vocabulary("en", "months", "full"))
    month = [names[int(parts[1]) - 1]] if len(parts) > 1 and 1 <= int(parts[1]) <= 12 else []
    return " ".join([*([str(int(parts[2]))] if len(parts) > 2 and month else []), *month, parts[0]])
