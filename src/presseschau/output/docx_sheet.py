"""Paragraphs and tables of a Word document, with foreign text made fit for XML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from presseschau.output.inert import one_line, web_address

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

_NOT_XML = re.compile("[\ufffe\uffff]")  # what is left of the characters that XML 1.0 forbids
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def say(paragraph: Paragraph, text: str | None, style: str | None = None, *, before: str = "", after: str = "") -> None:
    """Append `text` on one line, between `before` and `after`; nothing at all if it is empty."""
    if shown := fit(text):
        paragraph.add_run(before + shown + after, style)


def fit(text: str | None) -> str:
    """`text` on one line, without the characters that no XML may hold."""
    return _NOT_XML.sub("", one_line(text))


def listed(paragraph: Paragraph, parts: Iterable[str], style: str | None = None, *, first: str = "") -> None:
    """Append `parts` with a middle dot between them; `first` before the first."""
    before = first
    for part in parts:
        if one_line(part):
            say(paragraph, part, style, before=before)
            before = " · "


def link(paragraph: Paragraph, address: str) -> None:
    """Append an address, as a link if it is a plain web address."""
    target = web_address(address)
    if target is None:
        return say(paragraph, address)
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    say(paragraph, target, "Hyperlink")
    made: Any = OxmlElement("w:hyperlink")
    made.set(qn("r:id"), paragraph.part.relate_to(target, _HYPERLINK, is_external=True))
    made.append(paragraph._p[-1])
    paragraph._p.append(made)
    return None


def rows_of(document: Document, widths: Sequence[int], count: int) -> list[list[_Cell]]:
    """The cells of a new table with hairlines between its rows, none of which breaks over a page. Widths in twips."""
    from docx.oxml import OxmlElement
    from docx.shared import Twips

    table = document.add_table(count, len(widths), style="Rows")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Twips(width)
    cells = []
    for row in table.rows:
        properties: Any = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        cells.append(list(row.cells))
        for cell, width in zip(cells[-1], widths, strict=True):
            cell.width = Twips(width)
    return cells


def first_paragraph(cell: _Cell, style: str) -> Paragraph:
    """The paragraph that every cell begins with, in `style`."""
    paragraph: Paragraph = cell.paragraphs[0]
    paragraph.style = style
    return paragraph
