"""The note of the day from an archive: its articles of some days, the last note of the same series, kept there again.

    kept = await presseschau.note_of_day("archive.db", engine, NoteRequest(topic="Haushalt", since="yesterday"))
    await presseschau.note_of_day("archive.db", engine, request, now=now, out="today.html")

Nothing is asked again about the articles: they are in the archive as they were analysed, and as people decided.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from presseschau import archives
from presseschau.briefing.brief import brief
from presseschau.briefing.days import made_at, moment
from presseschau.errors import InputError
from presseschau.library import noted
from presseschau.library.search import Question
from presseschau.library.store import Archive
from presseschau.results import write

if TYPE_CHECKING:
    from presseschau.analysis import Engine, Options
    from presseschau.models import Analysis
    from presseschau.notes import Note


@dataclass(frozen=True)
class NoteRequest:
    """What a note is about, and how long.

    `topic`, `outlets`, `exclude`, `title` and `pages` as for `brief`; `since` and `until` are days or minutes in one of
    the forms of `briefing.days` (today, yesterday, 3 days ago, 2026-11-29, 2026-11-29 06:00), in German time.
    """

    topic: str | None = None
    since: str | None = None
    until: str | None = None
    outlets: tuple[str, ...] = ()
    exclude: str | None = None
    title: str | None = None
    pages: int = 2


@dataclass(frozen=True)
class DayNote:
    """A note from an archive. `number`: under which it is kept there; `last`: the number of the note that it follows;
    `complete`: could every article of these days be used?"""

    note: Note
    number: int | None
    last: int | None
    complete: bool


async def note_of_day(
    archive: str | Path,
    engine: Engine,
    request: NoteRequest | None = None,
    *,
    now: datetime | None = None,
    previous: Note | None = None,
    keep: bool = True,
    options: Options | None = None,
    price: tuple[float, float] | None = None,
    out: str | Path | None = None,
    format: str | None = None,
) -> DayNote:
    """The note of the articles in an archive, which says what is different since the last one of its series: of those
    with the same topic, papers and exclusions, the last one that was made on an earlier German day, or `previous`.

    It is kept in the archive unless `keep` is false; one of the same series and first day that was made earlier on the
    same day is replaced. `now`: a time with its zone instead of the clock's. `out`: the note is written there, too, in
    `format` or in the form that the ending says.

    Raises what `brief` and `results.write` raise, ValueError for a day that is none, InputError where there is no
    article in these days, OutputError if the archive cannot be written. What was answered is in the engine's cache.
    """
    request, now, path = request or NoteRequest(), now or datetime.now(UTC), Path(archive)
    since, until = (text and moment(text, now) for text in (request.since, request.until))
    made, day = made_at(now)
    analyses = _analyses(path, since, until)
    series = noted.series(request.topic, request.outlets, request.exclude)
    # a transaction: a file that cannot be written is told before anything is paid for
    with Archive(path, reads=not keep) as opened, opened.database.transaction() if keep else nullcontext():
        last = noted.last_of(opened, series, day) if previous is None else None
    note = await brief(
        analyses, engine, topic=request.topic, since=since, until=until, outlets=request.outlets,
        exclude=request.exclude, title=request.title, pages=request.pages, options=options, price=price, made=made,
        previous=previous if last is None else archives.read_note(path, last),
    )  # fmt: skip
    if out is not None:
        write(note, out, format)
    number = None
    if keep:
        with Archive(path) as opened:
            number = noted.keep(opened, note.model_dump_json().encode(), made=made, series=series, day=day)
    return DayNote(note, number, last, all(analysis.claims is not None for analysis in analyses))


def _analyses(path: Path, since: str | None, until: str | None) -> list[Analysis]:
    """The results of these days, as people decided. Raises InputError if there are none."""
    days = [None if one is None else one[: len("2026-11-29")] for one in (since, until)]
    found = list(archives.read(path, Question(since=days[0], until=days[1])))
    if not found:
        span = "".join(f" {word} {one}" for word, one in (("from", since), ("until", until)) if one)
        raise InputError(f"The archive {path} holds no article{span}, so there is no note.")
    return found
