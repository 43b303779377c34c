"""An Analysis as a Word document: German beside English, or the English with the German in footnotes."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from presseschau.models import Analysis, Claim, TranslatedSentence
from presseschau.output.docx_file import (
    Footnotes,
    as_bytes,
    empty_document,
    field,
    first_paragraph,
    fit,
    line_width,
    listed,
    rows_of,
    say,
)
from presseschau.output.inert import web_address
from presseschau.output.placing import UNFIT, UNUSABLE, doubt, not_for_facts, placed, why_absent
from presseschau.output.wording import carrier_of, decided_by, in_a_line, in_words, told_when, voices

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

SUBJECT = "Article"
"""In the properties of the file, by which it is known as ours."""
_NUMBER = 560  # twips


def bilingual_docx(analysis: Analysis, template: bytes | None = None) -> bytes:
    """The file: summary, claims, and a table of the sentences, German left, English right, with what the checks found.

    `template` is a Word file whose paper and styles are taken. Raises ImportError, with what to install, if python-docx
    is missing, and ValueError for a template that is no Word file.
    """
    sheet = _ArticleSheet(analysis, template)
    sheet.front()
    sheet.side_by_side()
    return sheet.file()


def english_docx(analysis: Analysis, template: bytes | None = None) -> bytes:
    """The same with the English as running text: a sentence's German, and what the checks found, is its footnote."""
    sheet = _ArticleSheet(analysis, template)
    sheet.front()
    sheet.running()
    return sheet.file()


class _ArticleSheet:
    """The document being written."""

    def __init__(self, analysis: Analysis, template: bytes | None) -> None:
        self._analysis, self._where = analysis, placed(analysis)
        self._document: Document = empty_document("en-GB", template)
        self._own = template is None
        rows = {row.n: row for row in analysis.translation or ()}
        numbers = {str(n): place for place, n in enumerate(rows, 1)}
        by_place = dict(enumerate(rows.values(), 1))
        self._footnotes = Footnotes(
            self._document, numbers, lambda number, paragraph: self._footnote(by_place[number], paragraph)
        )

    def file(self) -> bytes:
        """The bytes; the same analysis gives the same."""
        properties = self._document.core_properties
        properties.title, properties.author, properties.comments = fit(self._title)[:255], "presseschau", ""
        properties.subject, properties.language = SUBJECT, "en-GB"
        return as_bytes(self._document)

    @property
    def _title(self) -> str:
        rows, summary = self._analysis.translation or (), self._analysis.summary
        english = next((row.en for row in rows if row.role == "headline" and row.en), None)
        return english or (summary.headline if summary else None) or self._analysis.article.headline or "German article"

    def front(self) -> None:
        """Headline, where it is from, notice, summary and claims."""
        article, notice = self._analysis.article, self._analysis.provenance.notice
        if self._own:
            footer = self._document.sections[0].footer.paragraphs[0]
            footer.style = "Footer"
            say(footer, notice.partition(". ")[0].rstrip("."))
            footer.add_run("\tPage ")
            field(footer, " PAGE ", "1")
        self._paragraph("Title", self._title)
        if article.headline:
            self._paragraph("Facts", article.headline, "German")
        said = (carrier_of(article), article.author, in_words(article.published), article.source)
        listed(self._paragraph("Facts"), [one for one in (*said, web_address(article.metadata.get("url", ""))) if one])
        if notice:
            self._paragraph("Notice", notice)
        if not_for_facts(self._analysis):
            self._paragraph("Notice", UNUSABLE, "Strong")
        self._summary()
        self._claims()

    def side_by_side(self) -> None:
        """The table of sentences."""
        self._paragraph("Heading 1", "German and English")
        sentences = {row.n: row for row in self._analysis.translation or ()}
        if not sentences:
            self._paragraph("Facts", why_absent(self._analysis, "translation"))
        half = (line_width(self._document) - _NUMBER) // 2
        cells = rows_of(self._document, [_NUMBER, half, half], len(self._analysis.article.sentences))
        for (number, left, right), sentence in zip(cells, self._analysis.article.sentences, strict=True):
            look = "Strong" if sentence.role in ("headline", "crosshead") else None
            say(first_paragraph(number, "Small"), str(sentence.n))
            say(first_paragraph(left, "Cell"), sentence.text, look)
            place = first_paragraph(right, "Cell")
            row = sentences.get(sentence.n)
            if row is not None:
                say(place, row.en or "not translated", look if row.en else "Warning")
                say(place, decided_by(row), "Soft", before=" (", after=")")
                for message in self._found(row.n):
                    say(right.add_paragraph(style="Small"), message, "Warning")

    def running(self) -> None:
        """The English, paragraph by paragraph, each sentence with its footnote."""
        self._paragraph("Heading 1", "Translation")
        rows = self._analysis.translation
        if rows is None:
            self._paragraph("Facts", why_absent(self._analysis, "translation"))
        paragraphs = {sentence.n: sentence.paragraph for sentence in self._analysis.article.sentences}
        for _, group in groupby(rows or (), key=lambda row: paragraphs.get(row.n)):
            several = list(group)
            if several[0].role == "headline":
                continue  # it is the title
            place = self._paragraph("Heading 2" if several[0].role == "crosshead" else "Normal")
            for at, row in enumerate(several):
                say(place, row.en or "not translated", None if row.en else "Warning", before=" " if at else "")
                self._footnotes.cite(place, (str(row.n),))
        self._footnotes.attach()

    def _summary(self) -> None:
        summary = self._analysis.summary
        if summary is None:
            return
        self._paragraph("Heading 1", "Summary")
        place = self._paragraph("Bottom Line", summary.bottom_line or UNFIT)
        say(place, doubt(summary.risk), "Warning", before=" (", after=")")
        for point in summary.points:
            say(self._paragraph("List Bullet", point.text), doubt(point.risk), "Warning", before=" (", after=")")
        for finding in self._where.summary:
            self._paragraph("Small", finding.message, "Warning" if finding.severity != "info" else "Soft")

    def _claims(self) -> None:
        claims = self._analysis.claims
        if not claims:
            return
        self._paragraph("Heading 1", "Claims")
        for claim in claims:
            place = self._paragraph("List Bullet")
            say(place, "" if claim.supported else "Not supported by the German:", "Warning", after=" ")
            say(place, claim.text)
            say(place, _said(claim, self._analysis), "Soft", before=" (", after=")")
            say(place, doubt(claim.risk), "Warning", before=" (", after=")")
            for finding in self._where.claims.get(claim.id, ()):
                say(place, finding.message, "Warning" if finding.severity != "info" else "Soft", before=" ")

    def _footnote(self, row: TranslatedSentence, paragraph: Paragraph) -> None:
        say(paragraph, row.de, "German")
        say(paragraph, decided_by(row), before=" (", after=")")
        for message in self._found(row.n):
            say(paragraph, message, before=" Check: ")

    def _found(self, n: int) -> list[str]:
        return [one.message for one in self._where.sentences.get(n, ()) if one.severity != "info"]

    def _paragraph(self, style: str, text: str = "", look: str | None = None) -> Paragraph:
        made: Paragraph = self._document.add_paragraph(style=style)
        say(made, text, look)
        return made


def _said(claim: Claim, analysis: Analysis) -> str:
    sentences = ", ".join(map(str, claim.sentences))
    when = told_when(claim.when) if claim.when else ""
    said = (in_a_line(voices(claim, analysis.article)), claim.stance, when, f"sentence {sentences}", decided_by(claim))
    return "; ".join(part for part in said if part)
