"""Small files of packed formats, made as their descriptions say: Word, OpenDocument, EPUB and PDF."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from html import escape

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
EPUB = "application/epub+zip"


def packed(members: Mapping[str, str | bytes], first: str = "") -> bytes:
    """A zip of `members`; `first` is the content of an unpacked member `mimetype` at its start."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        if first:
            archive.writestr("mimetype", first, zipfile.ZIP_STORED)
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def docx(paragraphs: Sequence[str | tuple[str, str]], header: str = "", title: str = "") -> bytes:
    """A Word file; a paragraph may be (style, text), in which `|` begins a new run."""
    body = ""
    for paragraph in paragraphs:
        style, line = paragraph if isinstance(paragraph, tuple) else ("", paragraph)
        runs = "".join(f'<w:r><w:t xml:space="preserve">{escape(run)}</w:t></w:r>' for run in line.split("|"))
        runs = f'<w:hyperlink w:anchor="b">{runs}</w:hyperlink>' if style == "link" else runs
        kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style not in ("", "link") else ""
        body += f"<w:p>{kind}{runs}</w:p>"
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}<w:sectPr/></w:body></w:document>',
        "docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>Büro-PC</dc:creator></cp:coreProperties>",
    }
    if header:
        members["word/header1.xml"] = (
            f'<w:hdr xmlns:w="{WORD}"><w:p><w:r><w:t>{escape(header)}</w:t></w:r></w:p></w:hdr>'
        )
    return packed(members)


def odt(paragraphs: Sequence[str | tuple[str, str]]) -> bytes:
    """An OpenDocument text; a paragraph may be ("h", text) for a heading."""
    lines = [line if isinstance(line, tuple) else ("p", line) for line in paragraphs]
    body = "".join(f'<text:{kind} text:style-name="P1">{escape(line)}</text:{kind}>' for kind, line in lines)
    note = '<office:annotation xmlns:dc="d"><dc:creator>Chefin</dc:creator><text:p>Bitte kürzen</text:p>'
    changes = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gestrichen</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
    )
    content = (
        f'<office:document-content xmlns:office="{OFFICE}" xmlns:text="{TEXT}"><office:body><office:text>'
        f"{changes}{body}<text:p>{note}</office:annotation></text:p></office:text></office:body>"
        "</office:document-content>"
    )
    return packed({"content.xml": content, "styles.xml": "<s/>"}, "application/vnd.oasis.opendocument.text")


def epub(chapters: Mapping[str, str], *, meta: str = "", spine: Sequence[str] = ()) -> bytes:
    """An EPUB 3 with a package in OEBPS; `chapters` are XHTML bodies by name, `spine` their order of reading."""
    items = "".join(f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in
                    enumerate(chapters))  # fmt: skip
    order = "".join(f'<itemref idref="i{list(chapters).index(name)}"/>' for name in spine or chapters)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/">{meta}</metadata><manifest>'
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f'<item id="css" href="a.css" media-type="text/css"/>{items}</manifest><spine>{order}</spine></package>'
    )
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body>{}</body></html>'
    members = {
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>",
        "OEBPS/content.opf": package,
        "OEBPS/nav.xhtml": page.format("<nav><ol><li>Inhalt</li></ol></nav>"),
        "OEBPS/a.css": "p { color: red }",
    }
    return packed(members | {f"OEBPS/{name}": page.format(body) for name, body in chapters.items()}, EPUB)


def pdf(pages: Sequence[Sequence[tuple[float, float, float, str]]], *, info: str = "", further: str = "") -> bytes:
    """A PDF of pages of A4; a line is (x, y from the bottom, size, text) in Helvetica and Windows-1252."""
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % further.encode(),
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>".encode("cp1252"),
    ]
    for number, lines in enumerate(pages):
        shown = []
        for x, y, size, text in lines:
            said = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
            shown.append(b"BT /F1 %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET" % (size, x, y, said))
        stream = zlib.compress(b"\n".join(shown))
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            b" /Contents %d 0 R >>" % (6 + 2 * number),
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    data, offsets = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(data))
    )


def set_lines(lines: Sequence[str], *, x: float = 60, top: float = 780, size: float = 11, step: float = 14) -> list[
    tuple[float, float, float, str]
]:  # fmt: skip
    """Lines of one column below each other; an empty one is a gap."""
    return [(x, top - step * n, size, line) for n, line in enumerate(lines) if line]
