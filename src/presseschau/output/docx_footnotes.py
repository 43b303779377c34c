"""Footnotes in a Word document: python-docx 1.2 has none, so the part is written here (ECMA-376, 17.11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
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
