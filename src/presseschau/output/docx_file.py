"""An empty Word document in our styles, and a finished one as bytes that depend on nothing but its content."""

from __future__ import annotations

import io
import zipfile
from string import Template
from typing import TYPE_CHECKING, Any

from presseschau.output.environment import asset

if TYPE_CHECKING:
    from docx.document import Document

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_PAPER = {"en-GB": (11906, 16838), "en-US": (12240, 15840)}  # A4 and Letter, in twentieths of a point
_MARGIN = 1247  # 22 mm


def empty_document(language: str) -> Document:
    """A document without a word in it: "en-GB" on A4, "en-US" on Letter.

    Raises ImportError, with what to install, if python-docx is missing.
    """
    try:
        import docx
        from docx.oxml import parse_xml
    except ImportError:
        message = "A .docx file needs the python-docx package. Install it: pip install 'presseschau[docx]'"
        raise ImportError(message) from None
    from docx.oxml.ns import qn
    from docx.shared import Twips

    document = docx.Document()
    parts: Any = document.part
    styles = Template(asset("note.styles.xml")).substitute(language=language, width=text_width(language))
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
