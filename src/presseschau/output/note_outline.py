"""A briefing note in reading order: headings, lines and what stands beside them, the same for every format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise

from presseschau.models import Finding
from presseschau.notes import (
    Change,
    Cited,
    Comparison,
    Event,
    Figure,
    LeftOut,
    Note,
    Position,
    Source,
    SourceClaim,
    Story,
    StorySince,
)
from presseschau.output.wording import beside, carrier_of, in_words, period


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


PLAIN_STANCES = frozenset({"asserted", "reported"})
"""What is not said of a statement because it goes without saying."""
_CHANGES = {"new": "New", "changed": "Changed", "corrected": "Corrected", "withdrawn": "Withdrawn"}


@dataclass(frozen=True)
class Cell:
    """One value of a comparison and the papers that give it."""

    value: str
    givers: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """Values of the same quantity, side by side. `kind`: agreed, disputed or changed."""

    about: str
    kind: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class OutlineLine:
    """A statement. `label` stands before it, `tag` qualifies it, `soft` and `german` explain it in small print.

    `again`: the line before has the same label, so a table need not show it twice. `moved`: a figure then and now;
    `before`: what was said then.
    """

    text: str
    claims: tuple[str, ...]
    label: str = ""
    again: bool = False
    tag: str = ""
    soft: tuple[str, ...] = ()
    german: str = ""
    warnings: tuple[str, ...] = ()
    moved: Figures | None = None
    before: Cell | None = None


_NO_LINE = OutlineLine("", ())


@dataclass(frozen=True)
class OutlineBlock:
    """Lines or figures under one heading. `name` says what they are, for the style of a format."""

    name: str
    title: str
    lines: tuple[OutlineLine, ...] = ()
    figures: tuple[Figures, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A story: the papers that tell it, and its blocks; empty ones are left out."""

    title: str
    papers: str
    blocks: tuple[OutlineBlock, ...]


@dataclass(frozen=True)
class SourceRow:
    """A source as the list of sources shows it. `printed`: author and date; `copy_of` names the source it repeats, or
    says that it is of the last note; `beside`: what came with it."""

    n: int
    carrier: str
    headline: str
    headline_de: str
    printed: tuple[str, ...]
    copy_of: str
    id: str
    link: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outline:
    """The whole note. `numbers`: claim id -> number of its reference, counted in the order of first mention;
    `also`: claim id -> papers that repeat it word for word."""

    title: str
    topic: str
    period: str
    counts: tuple[str, ...]
    notice: str
    front: tuple[OutlineBlock, ...]
    stories: tuple[Chapter, ...]
    others: tuple[Chapter, ...]
    left_out: OutlineBlock
    sources: tuple[SourceRow, ...]
    method: str
    numbers: dict[str, int]
    also: dict[str, tuple[str, ...]]


def outline(note: Note) -> Outline:
    """The note as every format shows it; the same note gives the same outline."""
    american = is_american(note)
    opening = (
        OutlineBlock("bottom", "Bottom line", tuple(map(_cited, note.bottom_line))),
        OutlineBlock("points", "Key points", tuple(map(_cited, note.key_points))),
        OutlineBlock("changes", "What is new", tuple(map(_change, note.changes))),
        _since(note, american),
    )
    stories = tuple(_chapter(story, note, american) for story in note.stories)
    others = tuple(_chapter(story, note, american) for story in note.others)
    left_out = OutlineBlock("left-out", "Left out of this note", tuple(map(_left_out, note.left_out)))
    front = tuple(block for block in opening if block.lines)
    once = copied(note)

    def cells(one: Figures) -> Figures:
        return replace(one, cells=tuple(replace(cell, claims=once.cited(cell.claims)) for cell in one.cells))

    def original(block: OutlineBlock) -> OutlineBlock:
        lines = tuple(
            replace(line, claims=once.cited(line.claims), moved=line.moved and cells(line.moved))
            for line in block.lines
        )
        return replace(block, lines=lines, figures=tuple(map(cells, block.figures)))

    def originals(chapters: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
        return tuple(replace(one, blocks=tuple(map(original, one.blocks))) for one in chapters)

    front = tuple(map(original, front))
    stories, others, left_out = originals(stories), originals(others), original(left_out)
    blocks = (*front, *(block for chapter in (*stories, *others) for block in chapter.blocks), left_out)
    return Outline(
        title=note.title,
        topic=note.topic or "",
        period=_period(note, american),
        counts=_counts(note),
        notice=note.method.notice,
        front=front,
        stories=stories,
        others=others,
        left_out=left_out,
        sources=tuple(_source_row(source, note, american) for source in note.sources),
        method=_method(note),
        numbers={id: n for n, id in enumerate(dict.fromkeys(chain.from_iterable(map(_mentioned, blocks))), 1)},
        also={id: tuple(papers) for id, papers in once.also.items()},
    )


def is_american(note: Note) -> bool:
    """Whether the note is for American readers."""
    return "american" in note.english.lower()


def paper_of(source: Source) -> str:
    """What to call a source in a sentence: its outlet (and agency), else its number."""
    return carrier_of(source) or f"Source {source.n}"


def grave(findings: Iterable[Finding]) -> tuple[str, ...]:
    """What a reader of a note must be told; remarks (info) stay in its JSON."""
    return tuple(finding.message for finding in findings if finding.severity != "info")


def _cited(cited: Cited) -> OutlineLine:
    return OutlineLine(cited.text, cited.claims, warnings=grave(cited.findings))


def _change(change: Change) -> OutlineLine:
    if change.kind == "corrected" and change.before:  # a correction recalls the report in the paper's own words
        soft = _quoted(change)
        return OutlineLine(change.text, change.claims, label=_CHANGES[change.kind], soft=soft, german=change.before)
    before = (f"before: {change.before}",) if change.before else ()
    return OutlineLine(change.text, change.claims, label=_CHANGES[change.kind], soft=before)


def _quoted(change: Change) -> tuple[str, ...]:
    """What stands before the German words of a correction: their English, where there is one beside the text."""
    english = change.english if change.english and change.english != change.text else None
    return (f"the paper: “{english}”", "in German") if english else ("the paper, in German",)


_SILENT = {
    "again": "Reported again, without news.",
    "unchanged": "Nothing new is reported.",
    "ended": "Nothing is reported on it here.",
}


def _since(note: Note, american: bool) -> OutlineBlock:
    """Story by story what is different from the last note, which is named by its day."""
    since = note.since_last
    if since is None:
        return OutlineBlock("since", "")
    day = in_words(since.day, american)
    lines = _grouped(line for story in since.stories for line in _of_story(story, american))
    return OutlineBlock("since", f"Since the last note ({day})" if day else "Since the last note", lines)


def _of_story(story: StorySince, american: bool) -> Iterator[OutlineLine]:
    last: tuple[str, ...] = (f"since the note of {in_words(story.last, american)}",) if story.last else ()
    last += (f"told until now in “{story.split_from}”, which is two stories now",) if story.split_from else ()
    if story.state == "ended" or (story.state in _SILENT and not story.changes):
        yield OutlineLine(_SILENT[story.state], (), label=story.title, soft=last)
    for change in story.changes:
        kind = "new story" if story.state == "new" else change.kind
        moved = None
        if change.figures and change.about:
            values = zip(change.figures, (change.earlier, change.claims), strict=True)
            moved = Figures(change.about, "changed", tuple(Cell(value, "", claims) for value, claims in values))
        german = change.before or "" if change.kind == "corrected" else ""
        soft = (*last, *_quoted(change)) if german else last
        before = Cell(change.before, "", change.earlier) if change.before and not moved and not german else None
        yield OutlineLine(
            change.text, (*change.claims, *(change.earlier if german else ())), label=story.title, tag=kind, soft=soft,
            german=german, moved=moved, before=before,
        )  # fmt: skip


def _left_out(left: LeftOut) -> OutlineLine:
    return OutlineLine(left.text, left.claims, soft=(left.reason,))


def _chapter(story: Story, note: Note, american: bool) -> Chapter:
    blocks = (
        OutlineBlock("points", "", tuple(map(_cited, story.points))),
        OutlineBlock("corrections", "Corrections", tuple(map(_change, story.corrections))),
        OutlineBlock("positions", "Who says what", _grouped(_position(one, american) for one in story.positions)),
        OutlineBlock("timeline", "Timeline", _grouped(_event(one, american) for one in story.timeline)),
        OutlineBlock("figures", "Figures compared", figures=tuple(_figures(one, note) for one in story.comparisons)),
        OutlineBlock("single", "One independent source only", tuple(map(_cited, story.single_source))),
        OutlineBlock("questions", "Open questions", tuple(map(_cited, story.questions))),
    )
    return Chapter(story.title, _papers(story.sources, note), tuple(b for b in blocks if b.lines or b.figures))


def _position(position: Position, american: bool) -> OutlineLine:
    passed_on = [f"via {name}" for name in position.via]
    passed_on += [f"relying on {position.relies_on}"] if position.relies_on else []
    where = (", ".join(position.outlets), in_words(position.date, american))
    return OutlineLine(
        position.text,
        position.claims,
        label=_as_heading(position.speaker),
        tag="" if position.stance in PLAIN_STANCES else position.stance,
        soft=tuple(part for part in (*passed_on, *where) if part),
    )


def _event(event: Event, american: bool) -> OutlineLine:
    tag = "planned" if event.planned else ""
    day = period(event.date, event.until, american) if event.until else in_words(event.date, american)
    return OutlineLine(event.text, event.claims, label=day, tag=tag, german=event.phrase)


def _as_heading(speaker: str) -> str:
    """ "Managing director Holger Matthiesen": a description begins with a capital; a name of one word keeps its own."""
    first, space, _ = speaker.partition(" ")
    return speaker[:1].upper() + speaker[1:] if space and first.isalpha() and first.islower() else speaker


def _grouped(lines: Iterable[OutlineLine]) -> tuple[OutlineLine, ...]:
    listed = list(lines)
    return tuple(replace(line, again=line.label == before.label) for before, line in pairwise([_NO_LINE, *listed]))


def _shown(figure: Figure) -> str:
    return f"{figure.value} (corrected since)" if figure.taken_back else figure.value


def _figures(comparison: Comparison, note: Note) -> Figures:
    cells = tuple(Cell(_shown(one), _papers(one.sources, note), one.claims) for one in comparison.figures)
    return Figures(comparison.about, comparison.kind, cells)


def _papers(numbers: Iterable[int], note: Note) -> str:
    """ "Der Hansebote (dpa), Kieler Rundschau, Fördezeitung (copy)": each paper once, copies after the rest."""
    wanted = [source for source in note.sources if source.n in set(numbers)]
    first = [paper_of(source) for source in wanted if source.copy_of is None]
    copies = [f"{source.outlet or paper_of(source)} (copy)" for source in wanted if source.copy_of is not None]
    return ", ".join(dict.fromkeys([*first, *copies]))


def _source_row(source: Source, note: Note, american: bool) -> SourceRow:
    original = next((one for one in note.sources if one.n == source.copy_of), None)
    return SourceRow(
        n=source.n,
        carrier=paper_of(source),
        headline=source.headline or "",
        headline_de=source.headline_de or "",
        printed=tuple(part for part in (source.author, in_words(source.published, american)) if part),
        copy_of=(
            "of the last note"
            if source.earlier
            else f"same text as {original.n}, {paper_of(original)}: both count as one"
            if original
            else ""
        ),
        id=source.id,
        link=source.link or "",
        beside=beside(source.metadata),
    )


def _mentioned(block: OutlineBlock) -> Iterator[str]:
    for line in block.lines:
        yield from line.claims
        for cell in (*(line.moved.cells if line.moved else ()), *((line.before,) if line.before else ())):
            yield from cell.claims
    for figures in block.figures:
        for cell in figures.cells:
            yield from cell.claims


def _period(note: Note, american: bool) -> str:
    days = sorted(source.published[:10] for source in note.sources if source.published and not source.earlier)
    since, until = note.since or (days[0] if days else None), note.until or (days[-1] if days else None)
    return period(since, until, american)


def _counts(note: Note) -> tuple[str, ...]:
    own = [source for source in note.sources if not source.earlier]
    articles, copies = len(own), sum(source.copy_of is not None for source in own)
    outlets = len({source.outlet for source in own if source.outlet})
    counts = [f"{articles} article{'s' * (articles != 1)}"]
    counts += [f"{articles - copies} independent"] if copies else []
    return (*counts, *([f"{outlets} outlet{'s' * (outlets != 1)}"] if outlets else []))


def _method(note: Note) -> str:
    made, usage = note.method, note.method.usage
    cost = f", US${made.cost:.2f}" if made.cost is not None else ""
    versions = ", ".join(f"{name} {version}" for name, version in sorted(made.versions.items()))
    return (
        f"Written by {', '.join(made.models) or 'no model'}; prompts {made.prompts}; {usage.requests} requests, "
        f"{usage.prompt_tokens:,} tokens read, {usage.completion_tokens:,} written{cost}; {versions}. {note.english}."
    )
