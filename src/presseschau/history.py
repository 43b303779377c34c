"""The note of the day from an archive: its articles of some days, the last note of the same series, kept there again.

    kept = await presseschau.note_of_day("archive.db", engine, NoteRequest(topic="Haushalt", since="yesterday"))
    await presseschau.note_of_day("archive.db", engine, request, now=now, out="today.html")

Nothing is asked again about the articles: they are in the archive as they were analysed, and as people decided.
"""

from __future__ import annotations

import json
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from presseschau import archives
from presseschau.briefing.brief import brief
from presseschau.briefing.days import made_at, moment, of_days
from presseschau.briefing.following import KnownStory, StoryIdentity, features, follow, is_series
from presseschau.briefing.since import LaterVersion
from presseschau.briefing.stories import MOST_DAYS_BOUND
from presseschau.errors import InputError, NoArticlesError
from presseschau.library import noted, stories
from presseschau.library.memory import as_decided
from presseschau.library.search import Question
from presseschau.library.store import Archive
from presseschau.library.versions import marks, version, versions
from presseschau.models import Article
from presseschau.results import write
from presseschau.stored import note_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from presseschau.analysis import Engine, Options
    from presseschau.facts.encoder import Encoder
    from presseschau.models import Analysis
    from presseschau.notes import Note

_NOTES = 8
"""Earlier notes that are looked at for stories that the last one did not have."""
_SOME = 8
"""Articles of a known story that new ones are held against: its newest, and its first."""

_NONE_SINCE = "9999"
"""No note is made since then."""


@dataclass(frozen=True)
class NoteRequest:
    """What a note is about, and how long.

    `topic`, `outlets`, `exclude`, `title` and `pages` as for `brief`; `since` and `until` are days or minutes in one of
    the forms of `briefing.days` (today, yesterday, 3 days ago, 2026-11-29, 2026-11-29 06:00), in German time.
    `articles`: only these, by their numbers in the archive.
    """

    topic: str | None = None
    since: str | None = None
    until: str | None = None
    outlets: tuple[str, ...] = ()
    exclude: str | None = None
    title: str | None = None
    pages: int = 2
    articles: tuple[int, ...] = ()


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
    same day is replaced. One for which no article was left is not kept: it replaces none, and none follows it. A note
    of chosen articles follows no other than `previous` and replaces none. `now`: a time with its zone instead of the
    clock's. `out`: the note is written there, too, in `format` or in the form that the ending says.

    Raises what `brief` and `results.write` raise, ValueError for a day that is none, InputError where there is no
    article in these days, OutputError if the archive cannot be written. What was answered is in the engine's cache.
    """
    return await note_kept_with(
        lambda opened, number: None, Path(archive), engine, request or NoteRequest(), now=now, previous=previous,
        keep=keep, options=options, price=price, out=out, format=format,
    )  # fmt: skip


async def note_kept_with(
    also: Callable[[Archive, int], None], path: Path, engine: Engine, request: NoteRequest, *,
    now: datetime | None = None, previous: Note | None = None, keep: bool = True, options: Options | None = None,
    price: tuple[float, float] | None = None, out: str | Path | None = None, format: str | None = None,
) -> DayNote:  # fmt: skip
    """`note_of_day`, and what `also` writes of it: the note is kept, with its number and that, or neither is."""
    now = now or datetime.now(UTC)
    since, until = (text and moment(text, now) for text in (request.since, request.until))
    made, day = made_at(now)
    analyses = _analyses(path, since, until, request.articles)
    series = noted.series(request.topic, request.outlets, request.exclude, chosen=bool(request.articles))
    with Archive(path, reads=not keep) as opened:
        if keep:  # a file that cannot be written is told before anything is paid for
            with opened.database.transaction():
                pass
        last = noted.last_of(opened, series, day) if previous is None and not request.articles else None
        known = _identified(opened, analyses, options.encoder if options else None, made if keep else None)
        numbers = noted.telling_of(opened, {one.story for one in known.values()}, series, day) if last else []
        earlier = [n for n in numbers if n != last][:_NOTES]
        notes = [note_of(noted.line(opened, n), f"note {n} of {path}") for n in (*([last] if last else []), *earlier)]
        if last and not _tells(notes[0]):  # older versions kept a note without an article
            last, notes = None, notes[1:]
        notes = [previous, *notes] if previous else notes
        later = _later(opened, notes)
    note = await brief(
        analyses, engine, topic=request.topic, since=since, until=until, outlets=request.outlets,
        exclude=request.exclude, title=request.title, pages=request.pages, options=options, price=price, made=made,
        known=known, later=later, previous=notes[0] if notes else None, before=notes[1:],
    )  # fmt: skip
    if out is not None:
        write(note, out, format)
    number = None
    if keep and (_tells(note) or request.articles):
        with Archive(path) as opened:
            replaces = _NONE_SINCE if request.articles else day
            told = [(one.story, one.title) for one in (*note.stories, *note.others) if one.story is not None]
            with opened.database.transaction():  # the note, which stories it tells and what else is said, or nothing
                number = noted.keep(opened, note.model_dump_json().encode(), made=made, series=series, day=replaces)
                stories.named(opened, number, told)
                also(opened, number)
    return DayNote(note, number, last, all(analysis.claims is not None for analysis in analyses))


def _tells(note: Note) -> bool:
    """Was an article left for the note?"""
    return bool(note.stories or note.others)


def _identified(
    opened: Archive, analyses: Sequence[Analysis], encoder: Encoder | None, at: str | None
) -> dict[str, StoryIdentity]:
    """Id of an article -> the story that it is of; stories that begin or go on are kept if `at` says when (UTC).

    They are told apart before anything is locked, which takes its time: who tells some of these articles apart
    meanwhile is asked what came of it.
    """
    ids = [analysis.article.id for analysis in analyses]
    while True:
        known = stories.of_articles(opened, ids)
        told = _told_apart(opened, analyses, known, encoder)
        with opened.database.transaction() if at else nullcontext():
            if at and stories.of_articles(opened, ids) != known:
                continue
            for n, one in enumerate(told, 1):
                story = one.story if one.story is not None else -n
                if at:
                    days = {article.id: _day(article) for article in one.articles}
                    story = stories.add(opened, one.story, one.title, days, one.features, at)
                known |= {article.id: story for article in one.articles}
        titles = {one.id: one.title for one in stories.entries(opened, {*known.values()}) if one.called}
        return {article: StoryIdentity(story, titles.get(story)) for article, story in known.items()}


@dataclass(frozen=True)
class _Told:
    """Articles that tell one story: the one with this number, or one that begins; `features` as `stories.add` has
    them."""

    articles: Sequence[Article]
    story: int | None
    title: str
    features: stories.Features


def _told_apart(
    opened: Archive, analyses: Sequence[Analysis], known: Mapping[str, int], encoder: Encoder | None
) -> list[_Told]:
    """The stories of the articles that are not `known` to be of one."""
    by_id = {analysis.article.id: analysis.article for analysis in analyses}
    before, found = dict(known), list[_Told]()
    for article in by_id.values():
        if article.id not in before and (goes_on := _of_earlier(opened, article)) is not None:
            before[article.id] = goes_on
            found.append(_Told((article,), goes_on, "", features([article])))
    fresh = [analysis for analysis in analyses if analysis.article.id not in before]
    days = sorted(filter(None, (_day(article) for article in by_id.values())))
    begins = days[0] if days else "9999"
    since = (date.fromisoformat(begins) - timedelta(days=MOST_DAYS_BOUND)).isoformat() if days else ""
    maybe = stories.like(opened, features([one.article for one in fresh])["words"], since) if fresh else []
    near = sorted({*before.values(), *maybe}) if fresh else []
    earlier = [
        KnownStory(one, (*_some_of(opened, one), *(told.articles[0] for told in found if told.story == one)))
        for one in near
    ]
    for part in follow(fresh, earlier, encoder):
        articles = [fresh[i].article for i in part.indices]
        if not is_series(articles[0]):
            found.append(_Told(articles, part.story, _title(fresh[part.indices[0]]), features(articles)))
    return found


def _of_earlier(opened: Archive, article: Article) -> int | None:
    """The story of an earlier version of the article, most of which still stands: pages may come to tell of another."""
    now = {sentence.text for sentence in article.sentences}
    for one in reversed(versions(opened, article.source)):
        story = stories.of_articles(opened, [one.article]).get(one.article)
        if story is not None:
            line = json.loads(version(opened, article.source, one.n))
            was = [sentence.text for sentence in Article.model_validate(line["article"]).sentences]
            return story if 2 * sum(text in now for text in was) >= len(was) else None
    return None


def _some_of(opened: Archive, story: int) -> Iterator[Article]:
    """Articles of a story, without what was made of them."""
    for number in stories.members(opened, story, _SOME):
        with suppress(InputError, ValueError):  # it was just replaced, or is damaged
            yield Article.model_validate(json.loads(opened.read(number))["article"])


def _later(opened: Archive, notes: Sequence[Note]) -> dict[str, LaterVersion]:
    """Id of an article of these notes -> which version stands in its place, and what its outlet did with it."""
    ids = json.dumps([source.id for note in notes for source in note.sources])
    listed = "IN (SELECT value FROM json_each(?))"
    rows = opened.database.all(
        f"SELECT article, source FROM versions WHERE article {listed} "  # noqa: S608
        f"UNION SELECT article, source FROM articles WHERE article {listed}",
        ids, ids,
    )  # fmt: skip
    marked = marks(opened, [source for _, source in rows])
    now = dict(
        opened.database.all(
            f"SELECT source, article FROM articles WHERE source {listed}",  # noqa: S608
            json.dumps([source for _, source in rows]),
        )
    )
    withdrawn = {source: said["withdrawn"] for source, said in marked.items() if "withdrawn" in said}
    return {
        article: LaterVersion(now.get(source), "withdrawn" if source in withdrawn else None, withdrawn.get(source, ""))
        for article, source in rows
    }


def _title(analysis: Analysis) -> str:
    """How a story is called that no note has told: by its first headline."""
    article = analysis.article
    english = next((row.en for row in analysis.translation or () if row.role == "headline" and row.en), None)
    return english or article.headline or article.sentences[0].text if article.sentences else article.source


def _day(article: Article) -> str | None:
    return (article.published or "")[: len("2026-11-29")] or None


def _analyses(path: Path, since: str | None, until: str | None, articles: Sequence[int]) -> list[Analysis]:
    """The results of these days, or those that were chosen, as people decided. Raises InputError if there are none."""
    if articles:
        with Archive(path, reads=True) as opened:
            there = {one.id for one in opened.entries(articles)}
            chosen = [as_decided(opened, opened.analysis(number)) for number in articles if number in there]
        if not chosen:
            raise InputError("None of the chosen articles is in the archive any more. Choose others.")
        return chosen
    found = of_days(lambda first, last: archives.read(path, Question(since=first, until=last)), since, until)
    if not found:
        span = "".join(f" {word} {one}" for word, one in (("from", since), ("until", until)) if one)
        raise NoArticlesError(f"The archive {path} holds no article{span}, so there is no note.")
    return found
