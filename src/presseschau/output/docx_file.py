"""A Word document in our styles, its paragraphs, tables and footnotes, as bytes that depend on nothing but its content.

python-docx 1.2 has no footnotes, so that part is written here (ECMA-376, 17.11).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from string import Template
from typing import TYPE_CHECKING, Any

from presseschau.output.inert import one_line, web_address
from presseschau.output.templates import asset

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_SEPARATORS = {-1: "separator", 0: "continuationSeparator"}
_STYLE = "FootnoteReference"


class Footnotes:
    """The footnotes of one document. `write(number, paragraph)` fills a note when it is first referred to.

    Word counts the marks itself; since notes are made at their first mention, its numbers are ours. A second mention
    is a cross-reference (NOTEREF) to the first, so that a note stands once however often it is cited.
    """

    def __init__(self, document: Document, numbers: Mapping[str, int], write: Callable[[int, Paragraph], None]) -> None:
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        self._document, self._numbers, self._write = document, numbers, write
        self._made: set[int] = set()
        self._root = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}/>")
        for id, kind in _SEPARATORS.items():
            note = _element("w:footnote", {"w:type": kind, "w:id": str(id)})
            note.append(_element("w:p", {}, _element("w:r", {}, _element(f"w:{kind}", {}))))
            self._root.append(note)

    def cite(self, paragraph: Paragraph, claims: tuple[str, ...]) -> None:
        """Put the marks of these claims at the end of the paragraph, by number."""
        for i, number in enumerate(sorted({self._numbers[id] for id in claims})):
            if i:
                _mark(paragraph, _text(","))
            if number in self._made:
                self._again(paragraph, number)
            else:
                self._first(paragraph, number)

    def attach(self) -> None:
        """Make the notes a part of the document; once, after the last mention."""
        from docx.opc.packuri import PackURI
        from docx.opc.part import XmlPart

        package = self._document.part.package
        part = XmlPart(PackURI("/word/footnotes.xml"), _PART, self._root, package)
        self._document.part.relate_to(part, _RELATION)
        settings: Any = self._document.settings.element
        ids = (_element("w:footnote", {"w:id": str(id)}) for id in _SEPARATORS)
        properties = _element("w:footnotePr", {}, *ids)
        later = next((child for child in settings if child.tag.endswith(("}endnotePr", "}compat"))), None)
        if later is None:
            settings.append(properties)
        else:
            later.addprevious(properties)

    def _first(self, paragraph: Paragraph, number: int) -> None:
        from docx.text.paragraph import Paragraph as Made

        self._made.add(number)
        paragraph._p.append(_element("w:bookmarkStart", {"w:id": str(number), "w:name": f"_Ref{number}"}))
        _mark(paragraph, _element("w:footnoteReference", {"w:id": str(number)}))
        paragraph._p.append(_element("w:bookmarkEnd", {"w:id": str(number)}))
        body = _element("w:p", {}, _element("w:pPr", {}, _element("w:pStyle", {"w:val": "FootnoteText"})))
        self._root.append(_element("w:footnote", {"w:id": str(number)}, body))
        made = Made(body, self._document._body)
        _mark(made, _element("w:footnoteRef", {}))
        made.add_run(" ")
        self._write(number, made)

    def _again(self, paragraph: Paragraph, number: int) -> None:
        field(paragraph, f" NOTEREF _Ref{number} \\f \\h ", str(number), style=_STYLE)


def field(paragraph: Paragraph, code: str, shown: str, *, style: str | None = None) -> None:
    """Append a field whose result, until Word works it out again, is `shown`."""
    instruction = _element("w:instrText", {"xml:space": "preserve"})
    instruction.text = code
    for content in (_step("begin"), instruction, _step("separate"), _text(shown), _step("end")):
        _mark(paragraph, content, style)


def _step(kind: str) -> Any:
    return _element("w:fldChar", {"w:fldCharType": kind})


def _mark(paragraph: Paragraph, content: Any, style: str | None = _STYLE) -> None:
    look = [_element("w:rPr", {}, _element("w:rStyle", {"w:val": style}))] if style else []
    paragraph._p.append(_element("w:r", {}, *look, content))


def _text(shown: str) -> Any:
    element = _element("w:t", {})
    element.text = shown
    return element


def _element(tag: str, attributes: Mapping[str, str], *children: Any) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made: Any = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(f"{{http://www.w3.org/XML/1998/namespace}}{name[4:]}" if name[:4] == "xml:" else qn(name), value)
    made.extend(children)
    return made


_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_PAPER = {"en-GB": (11906, 16838), "en-US": (12240, 15840)}  # A4 and Letter, in twentieths of a point
_MARGIN = 1247  # 22 mm


def empty_document(language: str, template: bytes | None = None) -> Document:
    """A document without a word in it: "en-GB" on A4, "en-US" on Letter; or on the paper of a template, with its
    styles, header and footer, and those of our styles that it has not.

    Raises ImportError, with what to install, if python-docx is missing; ValueError for a template that is none.
    """
    try:
        import docx
        from docx.oxml import parse_xml
    except ImportError:
        message = "A .docx file needs the python-docx package. Install it: pip install 'presseschau[docx]'"
        raise ImportError(message) from None
    from docx.oxml.ns import qn
    from docx.shared import Twips

    styles = Template(asset("note.styles.xml")).substitute(language=language, width=text_width(language))
    if template is not None:
        return _emptied(template, parse_xml(styles.encode()))
    document = docx.Document()
    parts: Any = document.part
    parts._styles_part._element = parse_xml(styles.encode())
    parts.numbering_part._element = parse_xml(asset("note.numbering.xml").encode())
    _drop(document.part.package.rels, "thumbnail")
    _drop(document.part.rels, "stylesWithEffects", "customXml")
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # Word 2013 and later: else it opens the file as an old one
    section = document.sections[0]
    section.page_width, section.page_height = (Twips(size) for size in _PAPER[language])
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Twips(_MARGIN)
    section.header_distance = section.footer_distance = Twips(620)
    return document


def _emptied(template: bytes, ours: Any) -> Document:
    """The template without its text, with the styles of ours that it lacks."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.oxml.ns import qn

    try:
        document = docx.Document(io.BytesIO(template))
    except (PackageNotFoundError, ValueError, KeyError, zipfile.BadZipFile):
        raise ValueError("it is not a Word file (.docx)") from None
    body: Any = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    styles: Any = document.styles.element
    known = {style.find(qn("w:name")).get(qn("w:val")).lower() for style in styles.iter(qn("w:style"))}
    for style in ours.findall(qn("w:style")):
        if style.find(qn("w:name")).get(qn("w:val")).lower() not in known:
            for numbered in list(style.iter(qn("w:numPr"))):  # its list is not in the template
                numbered.getparent().remove(numbered)
            style.attrib.pop(qn("w:default"), None)
            styles.append(style)
    return document


def line_width(document: Document) -> int:
    """How wide a line of the document may be, in twentieths of a point."""
    section = document.sections[0]
    margins = (section.left_margin or 0) + (section.right_margin or 0)
    return int((section.page_width or 0) - margins) // 635  # English Metric Units


def text_width(language: str) -> int:
    """How wide a line may be, in twentieths of a point."""
    return _PAPER[language][0] - 2 * _MARGIN


def as_bytes(document: Document) -> bytes:
    """The file. It holds no time: neither in its properties nor in the zip."""
    properties: Any = document.core_properties
    for name in ("created", "modified"):
        for element in properties._element.findall(f"{{http://purl.org/dc/terms/}}{name}"):
            properties._element.remove(element)
    written = io.BytesIO()
    document.save(written)
    stamped = io.BytesIO()
    with zipfile.ZipFile(written) as given, zipfile.ZipFile(stamped, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, given.read(name))
    return stamped.getvalue()


def _drop(relations: Any, *kinds: str) -> None:
    for id in [id for id, relation in relations.items() if relation.reltype.endswith(kinds)]:
        del relations[id]


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
