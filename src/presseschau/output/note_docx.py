"""A briefing note as a Word document whose citations are real footnotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presseschau.notes import Note
from presseschau.output.docx_file import (
    Footnotes,
    as_bytes,
    empty_document,
    field,
    first_paragraph,
    fit,
    line_width,
    link,
    listed,
    rows_of,
    say,
)
from presseschau.output.note_outline import (
    PLAIN_STANCES,
    Chapter,
    Figures,
    Outline,
    OutlineBlock,
    OutlineLine,
    SourceRow,
    is_american,
    outline,
)
from presseschau.output.note_references import Reference, references
from presseschau.output.wording import in_a_line

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_LABEL = {"positions": 2300, "sources": 480}  # twips; other labels are dates and single words
_ABOUT = 2300
_MOST_ABREAST = 3
_LONGEST_HEAD = 90  # characters


def note_docx(note: Note, template: bytes | None = None) -> bytes:
    """The file; the same note gives the same bytes. A footnote gives the claim, its German, the voices, paper and date.
    `template` is a Word file whose paper, styles, header and footer are taken.

    Raises ImportError, with what to install, if python-docx is missing, and ValueError for a template that is none.
    """
    language = "en-US" if is_american(note) else "en-GB"
    document = empty_document(language, template)
    whole = outline(note)
    cited = {one.number: one for one in references(note, whole.numbers, whole.also)}
    footnotes = Footnotes(document, whole.numbers, lambda number, paragraph: _footnote(paragraph, cited[number]))
    _NoteSheet(document, footnotes, line_width(document), own=template is None).write(whole)
    footnotes.attach()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = fit(whole.title)[:255], "presseschau", ""
    properties.subject, properties.language = "Briefing note", language
    return as_bytes(document)


class _NoteSheet:
    """The document being written; `width` of its lines in twips. `own`: header and footer are ours."""

    def __init__(self, document: Document, footnotes: Footnotes, width: int, *, own: bool) -> None:
        self._document, self._footnotes, self._width, self._own = document, footnotes, width, own

    def write(self, whole: Outline) -> None:
        if self._own:
            self._edges(whole)
        self._head(whole)
        for block in whole.front:
            self._block(block, "Heading 1")
        for chapter in whole.stories:
            self._chapter(chapter, "Story", "Heading 2")
        if whole.others:
            self._paragraph("Heading 1", "In brief")
        for chapter in whole.others:
            self._chapter(chapter, "Heading 2", "Heading 3")
        self._paragraph("Heading 1", "Sources")
        rows = rows_of(self._document, [_LABEL["sources"], self._width - _LABEL["sources"]], len(whole.sources))
        for (number, entry), source in zip(rows, whole.sources, strict=True):
            say(first_paragraph(number, "Entry"), str(source.n), "Strong")
            _source(first_paragraph(entry, "Entry"), source)
        if whole.left_out.lines:
            self._block(whole.left_out, "Heading 1")
        self._paragraph("Heading 1", "Method")
        method = self._paragraph("Facts", whole.notice, "Strong")
        say(method, whole.method, before=" ")

    def _edges(self, whole: Outline) -> None:
        """Title and period above every page but the first; what kind of text this is, and the page, below."""
        section = self._document.sections[0]
        section.different_first_page_header_footer = True
        head = section.header.paragraphs[0]
        say(head, _cut(fit(whole.title)))
        say(head, whole.period, before="\t")
        for footer in (section.footer, section.first_page_footer):
            foot = footer.paragraphs[0]
            foot.style = "Footer"
            say(foot, whole.notice.partition(". ")[0].rstrip("."))
            foot.add_run("\tPage ")
            field(foot, " PAGE ", "1")
            foot.add_run(" of ")
            field(foot, " NUMPAGES ", "1")

    def _head(self, whole: Outline) -> None:
        masthead = self._paragraph("Masthead", "Briefing note", "Strong")
        say(masthead, f"From the German press{' · ' * bool(whole.period)}{whole.period}", before="\t")
        if whole.topic:
            self._paragraph("Topic", whole.topic)
        self._paragraph("Title", whole.title or "Briefing note")
        listed(self._paragraph("Facts"), whole.counts)
        if whole.notice:
            self._paragraph("Notice", whole.notice)

    def _chapter(self, chapter: Chapter, style: str, inner: str) -> None:
        self._paragraph(style, chapter.title or "Story")
        if chapter.papers:
            self._paragraph("Facts", chapter.papers)
        for block in chapter.blocks:
            self._block(block, inner)

    def _block(self, block: OutlineBlock, heading: str) -> None:
        if block.title:
            self._paragraph(heading, block.title)
        if block.figures:
            self._comparisons(block.figures)
        elif block.lines and block.lines[0].label:
            self._labelled(block)
        else:
            for line in block.lines:
                self._line(self._paragraph("Bottom Line" if block.name == "bottom" else "List Bullet"), line)

    def _labelled(self, block: OutlineBlock) -> None:
        label = _LABEL.get(block.name, 1700)
        rows = rows_of(self._document, [label, self._width - label], len(block.lines))
        for (left, right), line in zip(rows, block.lines, strict=True):
            say(first_paragraph(left, "Label"), "" if line.again else line.label)
            self._line(first_paragraph(right, "Cell"), line)

    def _comparisons(self, figures: tuple[Figures, ...]) -> None:
        """A row a comparison: what it is about, then its values side by side, the fourth on a row of its own."""
        most = max(len(one.cells) for one in figures)
        abreast = min(max(most, 2), _MOST_ABREAST)
        each = (self._width - _ABOUT) // abreast
        strips = [
            (one if not start else None, one, one.cells[start : start + abreast])
            for one in figures
            for start in range(0, max(len(one.cells), 1), abreast)
        ]
        rows = rows_of(self._document, [_ABOUT, *[each] * abreast], len(strips))
        for (left, *places), (named, one, cells) in zip(rows, strips, strict=True):
            about = first_paragraph(left, "Label")
            if named:
                say(about, one.about[:1].upper() + one.about[1:])
                say(about, one.kind, "Warning" if one.kind == "disputed" else "Soft", before=" ")
            for i, place in enumerate(places):
                value = first_paragraph(place, "Value")
                if i < len(cells):
                    if one.kind == "changed" and (i or not named):
                        say(value, "→", "Soft", after=" ")
                    say(value, cells[i].value)
                    self._footnotes.cite(value, cells[i].claims)
                    say(place.add_paragraph(style="Small"), cells[i].givers)

    def _line(self, paragraph: Paragraph, line: OutlineLine) -> None:
        say(paragraph, line.text)
        self._footnotes.cite(paragraph, line.claims)
        say(paragraph, line.tag, "Soft", before=" (", after=")")
        listed(paragraph, line.soft, "Soft", first="\u2002")
        say(paragraph, line.german, "Soft German", before="\u2002„", after="“")
        if line.moved:
            say(paragraph, line.moved.about, "Soft", before="\u2002", after=": ")
            for i, cell in enumerate(line.moved.cells):
                say(paragraph, cell.value, before=" → " if i else "")
                self._footnotes.cite(paragraph, cell.claims)
        if line.before:
            say(paragraph, line.before.value, "Soft", before="\u2002before: ")
            self._footnotes.cite(paragraph, line.before.claims)
        for warning in line.warnings:
            say(paragraph, warning, "Warning", before=" Check: ")

    def _paragraph(self, style: str, text: str = "", look: str | None = None) -> Paragraph:
        made: Paragraph = self._document.add_paragraph(style=style)
        say(made, text, look)
        return made


def _footnote(paragraph: Paragraph, one: Reference) -> None:
    if not one.supported:
        say(paragraph, "Not supported by the German:", "Warning", after=" ")
    say(paragraph, one.text)
    for passage in one.passages:
        say(paragraph, passage.de, "German", before=" ")
    said = ", ".join(part for part in (in_a_line(one.chain), one.date) if part)
    say(paragraph, said, before=" — ")
    say(paragraph, ", ".join(one.also), before=" (also: ", after=")")
    say(paragraph, "" if one.stance in PLAIN_STANCES else one.stance, before=" (", after=")")
    for warning in one.warnings:
        say(paragraph, warning, before=" Check: ")
    say(paragraph, one.id, before=" [", after="]")


def _source(paragraph: Paragraph, row: SourceRow) -> None:
    say(paragraph, row.carrier, "Strong")
    for part in row.printed:
        say(paragraph, part, before=", ")
    say(paragraph, row.copy_of, before=" (", after=")")
    say(paragraph, row.headline_de, "German", before=". ")
    say(paragraph, row.headline, before=" – ")
    say(paragraph, row.id[:12], before=". Id ", after=". ")
    for part in row.beside:
        say(paragraph, part, "Soft", after=". ")
    link(paragraph, row.link)


def _cut(title: str) -> str:
    """A title that leaves room for the period beside it in the running head."""
    return title if len(title) <= _LONGEST_HEAD else title[: _LONGEST_HEAD - 1].rstrip() + "…"
