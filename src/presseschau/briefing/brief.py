"""brief(analyses, engine) -> Note: the one place that knows the order.

select ─▶ group into stories ─▶ points of each story (asked, checked) ─▶ bottom line (asked, checked)
                            └─▶ positions, timeline, comparisons, corrections, single sources, questions (code)
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from presseschau.analysis import UNREVIEWED, Engine, Options
from presseschau.briefing.changes import changes
from presseschau.briefing.following import StoryIdentity, by_identity
from presseschau.briefing.points import Written, bottom_line, by_code, written
from presseschau.briefing.selection import Selection, about, between, of_outlets, usable, without
from presseschau.briefing.sentences import CitableClaims, citable_claims
from presseschau.briefing.since import Followed, LaterVersion, numbered, since_last
from presseschau.briefing.sources import claims, sources
from presseschau.briefing.stories import group
from presseschau.briefing.tables import Room, room, tables
from presseschau.checks.naming.glossary import Glossary
from presseschau.checks.note.check import check_title
from presseschau.errors import InputError
from presseschau.models import Analysis, Usage
from presseschau.notes import Change, Cited, LeftOut, Method, Note, Source, SourceClaim, Story, sealed
from presseschau.pipeline.asking import Asker

if TYPE_CHECKING:
    from presseschau.facts.encoder import Encoder

SEVERAL = "German press briefing"
"""The title of a note without a topic about more than one story."""
_NOTICE = "Every sentence was compared with the claims it cites; no person has read it."


async def brief(
    analyses: Sequence[Analysis],
    engine: Engine,
    *,
    topic: str | None = None,
    since: str | None = None,
    until: str | None = None,
    outlets: Collection[str] = (),
    exclude: str | None = None,
    title: str | None = None,
    previous: Note | None = None,
    pages: int = 2,
    options: Options | None = None,
    price: tuple[float, float] | None = None,
    left_out: Sequence[LeftOut] = (),
    made: str | None = None,
    known: Mapping[str, StoryIdentity] | None = None,
    later: Mapping[str, LaterVersion] | None = None,
    before: Sequence[Note] = (),
) -> Note:
    """The note made from analysed articles; every sentence cites claims that were compared with it.

    `topic`: only stories and articles with all its words (of several, divided by commas, one is enough). `since`,
    `until`: ISO days, both included, or days with a minute, in German time. `outlets`: only these papers. `exclude`: no
    article with all these words (commas as for `topic`). `title`: instead of the topic, or a headline. `pages`: 1, 2 or
    4. `options`: English, prompts, rounds (0: nothing is asked for again) and encoder (proposes articles about one
    event, and claims about one thing). `price`: US dollars a million tokens read and written. `left_out`: what the
    caller could not use, listed in the note. `made`: the note says that it was made then (UTC). `known`: id of an
    article -> the story that it is of, as an archive knows them; articles are then grouped by it, and a story keeps its
    title where that still holds; what is different from `previous` is told story by story (`since_last`). `later`: id
    of an article of earlier notes -> what became of it; `before`: notes before `previous`, the newest first, for
    stories that it did not have.

    Raises InputError if no article can be used, ProviderDownError, BudgetReachedError or ConfigurationError as the
    engine does; what was answered is in its cache.
    """
    limits = room(pages)
    asker = Asker(engine, options or Options())
    found = usable(analyses)
    if not found.analyses:
        raise InputError(_nothing_usable(found, left_out))
    days = between(found.analyses, since, until)
    papers = of_outlets(days.analyses, outlets)
    recent = without(papers.analyses, exclude)
    groups, off_topic = about(recent.analyses, _grouped(recent.analyses, known, asker.options.encoder), topic)
    plan = _planned(groups, limits)
    every = [recent.analyses[i] for indices in (*plan.stories, *plan.others) for i in indices]
    all_sources, all_claims = sources(every), claims(every)
    glossary = asker.options.glossary
    on = _by_story((*plan.stories, *plan.others), all_sources, all_claims, glossary)
    identities = [(known or {}).get(part.sources[0].id) for part in on]
    told = [
        _titled(one, part, which)
        for one, part, which in zip(
            await _stories(asker, on[: len(plan.stories)], limits), on, identities, strict=False
        )
    ]
    briefly = [
        _titled(by_code(part, 1), part, which)
        for part, which in zip(on[len(plan.stories) :], identities[len(plan.stories) :], strict=True)
    ]
    key_points = _key_points(told or briefly, limits.key_points)
    points = [*key_points, *(point for one in told for point in one.points if point not in key_points)]
    everything = citable_claims(all_claims, all_sources, glossary)
    bottom = await bottom_line(asker, points, everything, limits.bottom_line)
    numbers = [which.story if which and which.story > 0 else None for which in identities]
    stories = tuple(
        _story(one, part, every, limits, key_points, number, asker.options.encoder)
        for one, part, number in zip(told, on, numbers, strict=False)
    )
    others = tuple(
        Story(title=one.title, story=number, sources=_numbers(part), points=one.points)
        for one, part, number in zip(briefly, on[len(plan.stories) :], numbers[len(plan.stories) :], strict=True)
        if one.points
    )
    followed: Followed | None = None
    if previous is not None and known is not None and numbered(previous):
        followed = since_last((*stories, *others), all_claims, all_sources, previous, later, before)
    return sealed(
        Note(
            title=title or (capital(topic) if topic else _title(told or briefly)),
            titled=title,
            made=made,
            topic=topic,
            since=since,
            until=max(((a.article.published or "")[:10] for a in every), default="") or None,
            pages=pages,
            english=asker.options.english,
            bottom_line=bottom.sentences,
            key_points=tuple(point for point in key_points if point not in bottom.sentences),
            changes=(
                () if followed else _spread(changes(all_claims, all_sources, previous), on)[: limits.changes]
            ),
            since_last=followed.since if followed else None,
            stories=stories,
            others=others,
            left_out=(
                *left_out, *found.left_out, *days.left_out, *papers.left_out, *recent.left_out, *off_topic,
                *plan.left_out, *(item for one in told for item in one.left_out), *bottom.left_out,
            ),
            sources=(*all_sources, *(followed.sources if followed else ())),
            claims=(*all_claims, *(followed.claims if followed else ())),
            method=_method(asker, every, price),
        )
    )  # fmt: skip


@dataclass(frozen=True)
class _Plan:
    """Indices of the articles of each story that is told, and of the others that are named."""

    stories: tuple[tuple[int, ...], ...]
    others: tuple[tuple[int, ...], ...]
    left_out: tuple[LeftOut, ...]


def _planned(groups: Sequence[tuple[int, ...]], limits: Room) -> _Plan:
    """As many groups as there is room for; one beyond that is named like a single article."""
    stories = [one for one in groups if len(one) > 1]
    others = [*stories[limits.stories :], *(one for one in groups if len(one) == 1)]
    beyond = sum(len(one) for one in others[limits.others :])
    left_out = (LeftOut(text=_articles(beyond), reason="No room for them on so few pages."),) if beyond else ()
    return _Plan(tuple(stories[: limits.stories]), tuple(others[: limits.others]), left_out)


def _by_story(
    groups: Sequence[Sequence[int]],
    all_sources: Sequence[Source],
    all_claims: Sequence[SourceClaim],
    glossary: Glossary,
) -> list[CitableClaims]:
    """The claims and sources of each group; sources are numbered group by group."""
    found, first = [], 0
    by_source: dict[int, list[SourceClaim]] = {}
    for one in all_claims:
        by_source.setdefault(one.source, []).append(one)
    for indices in groups:
        own = all_sources[first : first + len(indices)]
        found.append(citable_claims([one for source in own for one in by_source.get(source.n, ())], own, glossary))
        first += len(indices)
    return found


async def _stories(asker: Asker, parts: Sequence[CitableClaims], limits: Room) -> list[Written]:
    """What is written for each story; all are asked for together, and the first fault ends them all."""
    most = limits.points + -(-limits.key_points // max(1, len(parts)))
    try:
        async with asyncio.TaskGroup() as tasks:
            asked = [tasks.create_task(written(asker, part, most)) for part in parts]
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
    return [one.result() for one in asked]


def _key_points(told: Sequence[Written], most: int) -> list[Cited]:
    """The first point of each story, then the second of each, as far as there is room; story by story."""
    rounds = max((len(one.points) for one in told), default=0)
    order = [(turn, i) for turn in range(rounds) for i, one in enumerate(told) if turn < len(one.points)]
    return [told[i].points[turn] for turn, i in sorted(order[:most], key=lambda place: (place[1], place[0]))]


def _spread(found: Sequence[Change], parts: Sequence[CitableClaims]) -> tuple[Change, ...]:
    """What changed, was corrected or withdrawn; then what is new, one of each story in turn, so that none is cut."""
    place = {name: i for i, part in enumerate(parts) for name in part.claims}
    seen: Counter[int] = Counter()
    new = []
    for one in found:
        if one.kind == "new":
            story = place.get(one.claims[0], -1) if one.claims else -1
            new.append((seen[story], story, one))
            seen[story] += 1
    return (*(one for one in found if one.kind != "new"), *(one for *_, one in sorted(new, key=lambda x: x[:2])))


def _grouped(
    analyses: Sequence[Analysis], known: Mapping[str, StoryIdentity] | None, encoder: Encoder | None
) -> tuple[tuple[int, ...], ...]:
    if known is None:
        return group(analyses, encoder)
    return by_identity([analysis.article for analysis in analyses], known)


def _titled(one: Written, part: CitableClaims, which: StoryIdentity | None) -> Written:
    """With the title that the story had before, if what is reported today still bears it."""
    if which is None or which.title is None:
        return one
    found = check_title(which.title, part.basis(part.claims))
    return one if any(item.severity == "error" for item in found) else one.model_copy(update={"title": which.title})


def _story(
    one: Written,
    part: CitableClaims,
    every: Sequence[Analysis],
    limits: Room,
    key_points: Sequence[Cited],
    number: int | None,
    encoder: Encoder | None,
) -> Story:
    """The story with its tables. Key points are not said again, unless the story has no others."""
    points = tuple(point for point in one.points if point not in key_points) or one.points
    return tables(
        Story(title=one.title, story=number, sources=_numbers(part), points=points[: limits.points]),
        tuple(part.claims.values()), part.sources, every, limits, key_points, encoder,
    )  # fmt: skip


def capital(topic: str) -> str:
    """The topic as a title."""
    return topic[:1].upper() + topic[1:]


def _numbers(part: CitableClaims) -> tuple[int, ...]:
    return tuple(source.n for source in part.sources)


def _title(told: Sequence[Written]) -> str:
    return told[0].title if len(told) == 1 else SEVERAL


def _method(asker: Asker, every: Sequence[Analysis], price: tuple[float, float] | None) -> Method:
    """The cost is that of all requests, the articles' included; None where another model had a part in it."""
    made = [analysis.provenance for analysis in every]
    models = tuple(dict.fromkeys([*(one.model for one in made), asker.engine.info.model]))
    usage = sum((one.usage for one in made), asker.usage)
    own = (one.notice.removeprefix(UNREVIEWED).strip() for one in made)
    notices = dict.fromkeys(filter(None, (UNREVIEWED, *own, asker.engine.info.notice, _NOTICE)))
    return Method(
        models=models,
        prompts=", ".join(
            dict.fromkeys([*(one.prompts for one in made if one.prompts), asker.options.prompts.version])
        ),
        usage=usage,
        cost=_cost(usage, price) if price and len(models) == 1 else None,
        notice=" ".join(notices),
        versions={"presseschau": version("presseschau")},
    )


def _cost(usage: Usage, price: tuple[float, float]) -> float:
    return round((usage.prompt_tokens * price[0] + usage.completion_tokens * price[1]) / 1e6, 6)


def _articles(number: int) -> str:
    return "1 article" if number == 1 else f"{number} articles"


_NAMED = 3
"""Of each kind."""


def _nothing_usable(found: Selection, left_out: Sequence[LeftOut]) -> str:
    named = (*found.left_out[:_NAMED], *left_out[:_NAMED])  # what was analysed, too, whatever else was given
    reasons = [one.reason if one.reason.startswith(one.text) else f"{one.text}: {one.reason}" for one in named]
    if not reasons:
        return "No article was given, so there is no note."
    return f"No article can be used, so there is no note. {' '.join(reasons)}"
