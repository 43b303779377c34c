"""A briefing note as Markdown, with its citations as footnotes: for a terminal, an editor, a wiki or pandoc."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from presseschau.notes import Note
from presseschau.output.inert import one_line, quiet, web_address
from presseschau.output.note_markdown_read import seal_line
from presseschau.output.note_outline import (
    PLAIN_STANCES,
    Chapter,
    Figures,
    Outline,
    OutlineBlock,
    OutlineLine,
    SourceRow,
    outline,
)
from presseschau.output.note_references import Reference, in_order, references
from presseschau.output.wording import in_a_line

_Cited = Mapping[str, Reference]
_BETWEEN = {"changed": " → ", "disputed": " ↔ ", "agreed": ", "}


def note_markdown(note: Note) -> str:
    """The note in reading order. A citation is `[^3.c2]` (source, claim); the footnotes at the end hold the German.

    The last line, which
    shows nothing, seals the text. Foreign text is escaped: it stands as it is and makes no link, picture, HTML or
    heading.
    """
    whole = outline(note)
    footnotes = references(note, whole.numbers, whole.also)
    cited = {one.id: one for one in footnotes}
    blocks = [
        *_head(whole),
        *(text for block in whole.front for text in _block(block, cited, 2)),
        *(text for chapter in whole.stories for text in _chapter(chapter, cited, 2)),
        *(["## In brief"] if whole.others else []),
        *(text for chapter in whole.others for text in _chapter(chapter, cited, 3)),
        "## Sources",
        "\n".join(map(_source, whole.sources)),
        *(_block(whole.left_out, cited, 2) if whole.left_out.lines else []),
        "## Method",
        f"{quiet(whole.notice)} {quiet(whole.method)}",
        "\n\n".join(map(_footnote, footnotes)),
    ]
    text = "\n\n".join(block for block in blocks if block) + "\n"
    return f"{text}\n{seal_line(text)}"


def _head(whole: Outline) -> list[str]:
    about = (whole.topic, whole.period, ", ".join(whole.counts))
    return [
        f"# {quiet(whole.title) or 'Briefing note'}",
        " · ".join(quiet(part) for part in about if one_line(part)),
        f"> **{quiet(whole.notice)}**" if one_line(whole.notice) else "",
    ]


def _chapter(chapter: Chapter, cited: _Cited, level: int) -> list[str]:
    title = f"{'#' * level} {quiet(chapter.title) or 'Story'}"
    papers = f"*{quiet(chapter.papers)}*" if one_line(chapter.papers) else ""
    return [title, papers, *(text for block in chapter.blocks for text in _block(block, cited, level + 1))]


def _block(block: OutlineBlock, cited: _Cited, level: int) -> list[str]:
    title = f"{'#' * level} {block.title}" if block.title else ""
    if block.name == "bottom":
        return [title, *(_line(line, cited) for line in block.lines)]
    rows = ["\n".join([f"- {_line(line, cited)}", *_beneath(line, cited)]) for line in block.lines]
    return [title, "\n".join([*rows, *(_figures(figures, cited) for figures in block.figures)])]


def _line(line: OutlineLine, cited: _Cited) -> str:
    label = f"**{quiet(line.label)}:** " if one_line(line.label) else ""
    tag = f" *({quiet(line.tag)})*" if one_line(line.tag) else ""
    small = [quiet(part) for part in line.soft if one_line(part)]
    small += [f"“{quiet(line.german)}”"] if one_line(line.german) else []
    after = f" *— {'; '.join(small)}*" if small else ""
    warnings = "".join(f" ⚠ *{quiet(warning)}*" for warning in line.warnings if one_line(warning))
    return f"{label}{quiet(line.text)}{_refs(line.claims, cited)}{tag}{after}{warnings}"


def _beneath(line: OutlineLine, cited: _Cited) -> Iterator[str]:
    """A figure then and now, and what was said then, as lines of their own."""
    if line.moved:
        yield f"  {_figures(line.moved, cited)}"
    if line.before and one_line(line.before.value):
        yield f"  - before: {quiet(line.before.value)}{_refs(line.before.claims, cited)}"


def _figures(figures: Figures, cited: _Cited) -> str:
    cells = [
        f"**{quiet(cell.value)}**{_refs(cell.claims, cited)} {quiet(cell.givers)}".rstrip()
        if one_line(cell.value)
        else "?"
        for cell in figures.cells
    ]
    return f"- {quiet(figures.about)} *({figures.kind})*: {_BETWEEN[figures.kind].join(cells)}"


def _refs(claims: Iterable[str], cited: _Cited) -> str:
    return "".join(f"[^{one.anchor}]" for one in in_order(claims, cited))


def _source(row: SourceRow) -> str:
    headlines = [f"“{quiet(row.headline)}”"] if one_line(row.headline) else []
    headlines += [f"„{quiet(row.headline_de)}“"] if one_line(row.headline_de) else []
    link = web_address(row.link)
    parts = [f"**{quiet(row.carrier)}**", *headlines, *map(quiet, row.printed), quiet(row.copy_of)]
    parts += [f"id {quiet(row.id)}", *map(quiet, row.beside), f"<{link}>" if link else quiet(row.link)]
    return f"{row.n}. " + ", ".join(part for part in parts if part)


def _footnote(one: Reference) -> str:
    verdict = "" if one.supported else "**not supported by the German:** "
    said = [
        ", ".join(part for part in (in_a_line(one.chain), one.date) if part),
        *_stance(one),
        f"source {one.source or '?'}",
        f"also: {', '.join(one.also)}" if one.also else "",
    ]
    lines = [f"[^{one.anchor}]: {verdict}{quiet(one.text)} *({'; '.join(quiet(part) for part in said if part)})*"]
    lines += [f"    > {quiet(p.de)}" + (f"  \n    > {quiet(p.en)}" if p.en else "") for p in one.passages]
    lines += [f"    ⚠ {quiet(warning)}" for warning in one.warnings]
    return "\n\n".join(lines)


def _stance(one: Reference) -> list[str]:
    return [] if one.stance in PLAIN_STANCES else [one.stance]
