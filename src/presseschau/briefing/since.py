"""What is different from the last note on the same, story by story; each line cites both notes' German.

Which story of the last note is meant is known by its number in the archive. In doubt nothing is said: figures must be
of one thing and from one paper, or on one speaker's word, or named together in the text ("bisher waren es 12.000").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from presseschau.briefing.changes import APART, NO_LONGER, gone, new_claims, paper, same_article
from presseschau.briefing.comparisons import figures
from presseschau.briefing.corrections import corrections, taken_back
from presseschau.briefing.days import in_german_time
from presseschau.briefing.sources import usable
from presseschau.facts.words import words
from presseschau.lang import SOURCE, listed
from presseschau.models import Claim
from presseschau.notes import Change, Note, Since, Source, SourceClaim, Story, StorySince

_COUNTED = re.compile(r"\d[\d.,]*(?:\s+[A-ZÄÖÜ][\w-]*){0,2}")
WITHDRAWN = "has withdrawn this article."
_MOST_NEW, _MOST_GONE = 2, 2
"""Lines of a story about what is new, and about what a paper no longer says."""


@dataclass(frozen=True)
class LaterVersion:
    """What became of an article since it was read: the id of the text that stands there now, and what its outlet did
    with it (withdrawn, gone), in its words."""

    now: str | None = None
    mark: str | None = None
    said: str = ""


@dataclass(frozen=True)
class Followed:
    """What is different, and what of the last note it cites."""

    since: Since
    sources: tuple[Source, ...]
    claims: tuple[SourceClaim, ...]


@dataclass(frozen=True)
class NoteSide:
    """A story in one of the notes: its articles and the claims on them."""

    sources: tuple[Source, ...]
    claims: tuple[SourceClaim, ...]


def since_last(
    stories: Sequence[Story],
    claims: Sequence[SourceClaim],
    sources: Sequence[Source],
    last: Note,
    later: Mapping[str, LaterVersion] | None = None,
    before: Sequence[Note] = (),
) -> Followed:
    """What is different, and the articles and claims of the last note that it cites, numbered after those of this one.

    `later`: id of an article of these notes -> what became of it; `before`: notes before the last one, the newest
    first, for stories that the last one did not have.
    """
    notes, told, here = (last, *before), [], {story.story for story in stories}
    for story in stories:
        at, old = next(((i, one) for i, note in enumerate(notes) for one in _same(story, note)), (0, None))
        if old is None:
            told.append(_first(story, _split_from(story, sources, notes, later or {}, here)))
            continue
        side, there = _side(story, sources, claims), _apart(_side(old, notes[at].sources, notes[at].claims), at)
        found = tuple(_changes(side, there, later or {}))
        told.append(
            StorySince(
                title=story.title, story=story.story, last=_day(notes[at]) if at else None,
                state="again" if at else "changed" if found else "unchanged", changes=found,
            )
        )  # fmt: skip
    told += [_ended(one, last, later or {}) for one in _running(last) if one.story not in here]
    return _cited(Since(day=_day(last), title=last.title, seal=last.seal, stories=tuple(told)), claims, sources, notes)


def numbered(last: Note) -> bool:
    """Does the last note know its stories by their numbers in an archive?"""
    return any(one.story is not None for one in (*last.stories, *last.others))


def changed_figures(here: NoteSide | Note, there: NoteSide | Note) -> Iterator[Change]:
    """Figures for which the new articles give another value than those of the last note, of one and the same thing."""
    mine, old = ({one.id: one.claim for one in side.claims} for side in (here, there))
    papers = {source.n: source.outlet for source in (*here.sources, *there.sources) if source.outlet}
    for one in figures([*here.claims, *there.claims], [*here.sources, *there.sources]):
        before = [figure for figure in one.figures if old.keys() & {*figure.claims}]
        now = [figure for figure in one.figures if figure not in before and mine.keys() & {*figure.claims}]
        if len(before) != 1 or len(now) != 1:
            continue  # disputed then, or now: nothing is said
        cited, earlier = ([c for c in f.claims if c in known] for f, known in ((now[0], mine), (before[0], old)))
        speakers = {mine[c].speaker for c in cited} & {old[c].speaker for c in earlier} - {None}
        outlets = {papers.get(n) for n in now[0].sources} & {papers.get(n) for n in before[0].sources} - {None}
        alike = any(_same_matter(mine[a], old[b]) for a in cited for b in earlier)
        if one.kind == "changed" or (alike and (speakers or outlets)):
            yield Change(
                kind="changed", text=mine[cited[0]].text, before=old[earlier[0]].text, claims=tuple(cited),
                earlier=tuple(earlier), about=one.about, figures=(before[0].value, now[0].value),
            )  # fmt: skip


def _same_matter(one: Claim, other: Claim) -> bool:
    """Are most words of their German the same, but for the figures and what is counted (14 Verletzte, 17 Verletzte)?"""
    first, second = _matter(one), _matter(other)
    return 2 * len(first & second) >= max(1, len(first | second))


def _matter(claim: Claim) -> frozenset[str]:
    german = " ".join(_COUNTED.sub(" ", piece.text) for piece in claim.evidence)
    return frozenset(w.lower for w in words(german)) - frozenset(listed(SOURCE, "function_words"))


def _running(last: Note) -> Iterator[Story]:
    """The stories of the last note that it told at length, or that had run on to it from the note before."""
    before = last.since_last.stories if last.since_last else ()
    went_on = {one.story for one in before if one.state not in ("new", "ended")}
    for one in (*last.stories, *last.others):
        if one.story is not None and (one in last.stories or one.story in went_on):
            yield one


def _side(story: Story, sources: Sequence[Source], claims: Iterable[SourceClaim]) -> NoteSide:
    own = tuple(source for source in sources if source.n in story.sources)
    return NoteSide(own, tuple(one for one in usable(claims) if one.source in story.sources))


def _apart(side: NoteSide, at: int = 0) -> NoteSide:
    far = APART * (at + 1)
    sources = tuple(s.model_copy(update={"n": s.n + far, "copy_of": None, "earlier": True}) for s in side.sources)
    claims = tuple(
        c.model_copy(update={"id": f"{c.source + far}.{c.claim.id}", "source": c.source + far}) for c in side.claims
    )
    return NoteSide(sources, claims)


def _same(story: Story, note: Note) -> Iterator[Story]:
    """The story as that note has it."""
    yield from (s for s in (*note.stories, *note.others) if s.story is not None and s.story == story.story)


def _day(note: Note) -> str | None:
    """The German day on which it was made."""
    return in_german_time(datetime.fromisoformat(note.made)).date().isoformat() if note.made else None


def _split_from(
    story: Story, sources: Sequence[Source], notes: Sequence[Note], later: Mapping[str, LaterVersion], told: Set[object]
) -> str | None:
    """The title of the story, told in this note as well, that an article of this one told before; None for none."""
    own = {source.id for source in sources if source.n in story.sources}
    for note in notes:
        now = {s.n: became.now if (became := later.get(s.id)) and became.now else s.id for s in note.sources}
        for old in (*note.stories, *note.others):
            if old.story in told and any(now[n] in own for n in old.sources):
                return old.title
    return None


def _first(story: Story, split_from: str | None) -> StorySince:
    """A story that no note had before."""
    first = story.points[0] if story.points else None
    lines = (Change(kind="new", text=first.text, claims=first.claims),) if first and first.claims else ()
    return StorySince(title=story.title, story=story.story, state="new", changes=lines, split_from=split_from)


def _ended(story: Story, last: Note, later: Mapping[str, LaterVersion]) -> StorySince:
    """A story of the last note of which this one has no article."""
    there = _apart(_side(story, last.sources, last.claims))
    found = tuple(_taken_away(there, later))
    return StorySince(title=story.title, story=story.story, state="ended", changes=found)


def _changes(here: NoteSide, there: NoteSide, later: Mapping[str, LaterVersion]) -> Iterator[Change]:
    """Figures, corrections, what was withdrawn, then what is new; of articles that the last note did not have."""
    had = {source.id for source in there.sources}
    fresh = tuple(s for s in here.sources if s.id not in had)
    originals = {s.n for s in fresh if s.copy_of is None}
    told = NoteSide(tuple(s for s in fresh if s.n in originals), tuple(c for c in here.claims if c.source in originals))
    wrong = taken_back([*told.claims, *there.claims], [*told.sources, *there.sources])
    corrected = list(_corrected(told, there, wrong))
    put_right = {claim for one in corrected for claim in (*one.claims, *one.earlier)}
    changed = [one for one in changed_figures(told, there) if not put_right & {*one.claims, *one.earlier}]
    said = {claim for one in (*changed, *corrected) for claim in (*one.claims, *one.earlier)}
    yield from changed
    yield from corrected
    yield from _taken_away(there, later)
    yield from _no_longer(told, there, later, said)
    yield from islice(new_claims([c for c in told.claims if c.id not in said], there.sources), _MOST_NEW)


def _corrected(told: NoteSide, there: NoteSide, wrong: Mapping[str, frozenset[str]]) -> Iterator[Change]:
    """Corrections that take back a figure which the last note had from the same paper."""
    outlets = {source.n: source.outlet for source in (*told.sources, *there.sources)}
    for one in corrections(told.claims, told.sources):
        papers = {outlets[int(claim.partition(".")[0])] for claim in one.claims} - {None}
        earlier = tuple(c.id for c in there.claims if c.id in wrong and outlets[c.source] in papers)
        if earlier:
            yield one.model_copy(update={"earlier": earlier})


def _taken_away(there: NoteSide, later: Mapping[str, LaterVersion]) -> Iterator[Change]:
    """Articles of the last note that their outlet has withdrawn."""
    for source in there.sources:
        became = later.get(source.id)
        cited = next((c for c in there.claims if c.source == source.n), None)
        if became is not None and became.mark == "withdrawn" and cited is not None:
            text = f"{paper(source)} {WITHDRAWN}"
            yield Change(kind="withdrawn", text=text, before=cited.claim.text, claims=(), earlier=(cited.id,))


def _no_longer(told: NoteSide, there: NoteSide, later: Mapping[str, LaterVersion], said: set[str]) -> Iterator[Change]:
    """Claims on an article of which the present version no longer says so."""
    for old in there.sources:
        version = next((s for s in told.sources if _same_article(old, s, later)), None)
        if version is None:
            continue
        told_before = [c for c in there.claims if c.source == old.n and c.id not in said]
        for claim in islice(gone(told_before, version), _MOST_GONE):
            text = f"{paper(version)} {NO_LONGER}"
            yield Change(kind="withdrawn", text=text, before=claim.claim.text, claims=(), earlier=(claim.id,))


def _same_article(old: Source, new: Source, later: Mapping[str, LaterVersion]) -> bool:
    if (became := later.get(old.id)) is not None and became.now is not None:
        return became.now == new.id
    return same_article(old, new)


def _cited(since: Since, claims: Sequence[SourceClaim], sources: Sequence[Source], notes: Sequence[Note]) -> Followed:
    """With the ids that what is cited of earlier notes has in this one: that of the same claim here (its id may be
    another one's, if the article was analysed again), or new numbers after its own."""
    here = {source.n: source.id for source in sources}
    told = {_said(here[one.source], one.claim): one.id for one in claims}
    old = {source.n + APART * at: source for at, note in enumerate(notes, 1) for source in note.sources}
    was = {f"{c.source + APART * at}.{c.claim.id}": c.claim for at, note in enumerate(notes, 1) for c in note.claims}
    cited = {id for one in since.stories for change in one.changes for id in change.earlier}
    names = {id: told.get(_said(old[_parts(id)[0]].id, was[id])) for id in cited}
    beside = sorted({_parts(id)[0] for id, name in names.items() if name is None})
    number = {n: len(sources) + i for i, n in enumerate(beside, 1)}
    more = {id: f"{number[n]}.{claim}" for id in names if names[id] is None for n, claim in [_parts(id)]}
    names |= more

    def renamed(change: Change) -> Change:
        return change.model_copy(update={"earlier": tuple(filter(None, map(names.get, change.earlier)))})

    stories = (one.model_copy(update={"changes": tuple(map(renamed, one.changes))}) for one in since.stories)
    return Followed(
        since.model_copy(update={"stories": tuple(stories)}),
        tuple(old[n].model_copy(update={"n": new, "copy_of": None, "earlier": True}) for n, new in number.items()),
        tuple(
            one.model_copy(update={"id": name, "source": number[one.source + APART * at]})
            for at, note in enumerate(notes, 1)
            for one in note.claims
            if (name := more.get(f"{one.source + APART * at}.{one.claim.id}"))
        ),
    )


def _said(article: str, claim: Claim) -> tuple[str, str, tuple[int, ...]]:
    """What tells a claim on an article from the others."""
    return article, claim.text, claim.sentences


def _parts(id: str) -> tuple[int, str]:
    """The number of the source, apart from those of this note, and the claim."""
    number, _, claim = id.partition(".")
    return int(number), claim
