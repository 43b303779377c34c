"""Files of every format made to harm, and a program that reads them within limits:

    python tests/hostile_files.py FOLDER        a line of JSON a file: name, what came of it, characters, seconds

It may open no file but theirs, no connection and no process; memory and time are limited by the system.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from made_files import EPUB, OFFICE, TEXT, WORD, epub, packed, pdf, set_lines

SECRET, AWAY = "/etc/hostname", "http://127.0.0.1:9/x"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
PROSE = "Der Rat tagt am Montag. "
MOST_SECONDS, MOST_MEMORY = 60, 1_500 * 1024 * 1024


def dtd(root: str) -> str:
    """A document type with a bomb, a file and an address among its entities."""
    foreign = f'<!ENTITY x SYSTEM "file://{SECRET}"><!ENTITY % p SYSTEM "{AWAY}"> %p;'
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY l0 "haha">{LAUGHS}{foreign}]>'


def zeros(name: str, first: str = "", size: int = 1024) -> bytes:
    """A zip whose member of that name unpacks to `size` MiB of zeros."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype" if first else "[Content_Types].xml", first, zipfile.ZIP_STORED)
        with archive.open(name, "w", force_zip64=True) as member:
            for _ in range(size):
                member.write(bytes(1024 * 1024))
    return data.getvalue()


def drawn(content: bytes, *, root: bytes = b"", within: bytes = b"", objects: bytes = b"") -> bytes:
    """A PDF with one page of this content."""
    stream = zlib.compress(content, 9)
    font = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    return b"".join(
        (
            b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R ", root, b" >> endobj\n",
            b"2 0 obj << /Type /Pages /Count 1 /Kids [3 0 R] >> endobj\n3 0 obj << /Type /Page /Parent 2 0 R",
            b" /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << ", font, within, b" >> >> endobj\n",
            b"4 0 obj << /Filter /FlateDecode /Length %d >> stream\n" % len(stream), stream,
            b"\nendstream endobj\n", objects, b"trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF\n",
        )
    )  # fmt: skip


def forms(depth: int) -> bytes:
    """A PDF whose form draws another one twice, and that one the next."""
    objects = b""
    for n in range(10, 10 + depth):
        content = b"/X Do /X Do"
        within = b"/XObject << /X %d 0 R >>" % (n + 1)
        objects += b"%d 0 obj << /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << " % n + within
        objects += b" >> /Length %d >> stream\n" % len(content) + content + b"\nendstream endobj\n"
    return drawn(b"/X Do", within=b"/XObject << /X 10 0 R >>", objects=objects)


def word(body: str) -> bytes:
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": body})


def newsml(body: str, head: str = "") -> str:
    return (
        f"{head}<newsMessage><itemSet><newsItem><contentMeta><headline>Rat</headline></contentMeta><contentSet>"
        f"<inlineXML><html><body>{body}</body></html></inlineXML></contentSet></newsItem></itemSet></newsMessage>"
    )


def newsml_1(body: str, head: str = "") -> str:
    item = f"<ContentItem><DataContent>{body}</DataContent></ContentItem>"
    return f"{head}<NewsML><NewsItem><NewsComponent>{item}</NewsComponent></NewsItem></NewsML>"


def nitf(body: str, head: str = "") -> str:
    return f"{head}<nitf><body><body.content>{body}</body.content></body></nitf>"


def rss(body: str, head: str = "") -> str:
    return f'{head}<rss version="2.0"><channel><item><description>{body}</description></item></channel></rss>'


def atom(body: str, head: str = "") -> str:
    return f"{head}<feed><entry><content>{body}</content></entry></feed>"


def trafilatura(body: str, head: str = "") -> str:
    return f'{head}<doc hostname="e.example"><main>{body}</main></doc>'


def tei(body: str, head: str = "") -> str:
    return f"{head}<TEI><text><body>{body}</body></text></TEI>"


XML: dict[str, tuple[str, Callable[..., str]]] = {
    "rss": ("rss", rss), "atom": ("feed", atom), "newsml": ("newsMessage", newsml), "newsml-1": ("NewsML", newsml_1),
    "nitf": ("nitf", nitf), "trafilatura": ("doc", trafilatura), "tei": ("TEI", tei),
}  # fmt: skip
MAIL = "From: a@e.example\nSubject: Rat\nMIME-Version: 1.0\n"


def nested_mail(depth: int) -> str:
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return f"{MAIL}{parts}Content-Type: text/plain\n\n{PROSE}"


def exports() -> dict[str, str]:
    """Text exports: a million marks, endless heads, labels and lines."""
    found = {}
    begins = {
        "nexis": "1 of 2 DOCUMENTS\n\n\nBote\n\n3. Mai 2026\n\nTitel\n\nLENGTH: 3 words\n\n{}\n\nLANGUAGE: GERMAN\n\n",
        "nexis-uni": "Titel\nBote\n3. Mai 2026\nLength: 3 words\nBody\n{}\nLoad-Date: May 3, 2026\nEnd of Document\n",
        "factiva": "HD\nTitel\nWC\n3 words\nPD\n3 Mai 2026\nSN\nBote\nLP\n{}\nAN\nDocument BOTE000020260503e12301\n\n",
        "wiso": "Titel\n\nQuelle: Bote vom 03.05.2026\nDokumentnummer: 1\n\n{}\n\n© GBI-Genios GmbH\n\n",
    }
    for name, one in begins.items():
        found[f"{name}-many"] = one.format(PROSE) * 20_000
        found[f"{name}-lines"] = one.format("a\n" * 1_900_000)
        found[f"{name}-endless"] = one.format(PROSE * 400_000)
        found[f"{name}-cut"] = one.format(PROSE)[:-20]
        mark = one.split("{}")[0]
        found[f"{name}-marks"] = mark * (2_000_000 // len(mark))
    found["nexis-head"] = "1 of 2 DOCUMENTS\n" + "Bote\n" * 800_000 + "LENGTH: 3 words\n"
    found["nexis-labels"] = "1 of 2 DOCUMENTS\nBote\n\nTitel\n\n" + "BYLINE: a\n\n" * 300_000
    found["wiso-value"] = "Titel\n\nQuelle: Bote\nDokumentnummer: 1\n" + "a\n" * 1_900_000
    found["wiso-quelle"] = "Dokumentnummer: 1\n" + "Quelle: Bote\n" * 500_000
    article = '<div id="article-BOTE000020260503e1230001" class="article"><div class="article deArticle">'
    found["factiva-html-many"] = f"<title>Factiva</title>{article}" * 30_000
    found["factiva-html-deep"] = f"<title>Factiva</title>{article}" + "<div>" * 700_000
    found["factiva-html-rows"] = f"<title>Factiva</title>{article}<table>" + "<tr><td>HD</td><td>a</td></tr>" * 100_000
    nexis = "<html><!-- <DOC NUMBER=1>\n<DOCFULL> --><div>1 of 2 DOCUMENTS</div>"
    found["nexis-html-many"] = nexis * 100_000
    found["nexis-html-deep"] = nexis + "<div>" * 700_000 + "<br>" * 100_000
    return found


def texts() -> dict[str, str]:
    """Formats that are text."""
    found = exports()
    for name, (root, made) in XML.items():
        found[f"{name}-entities"] = made(f"<p>&l11; &x; {PROSE}</p>", dtd(root))
        found[f"{name}-deep"] = made("<p>" * 400_000)
        found[f"{name}-endless"] = made(f"<p>{PROSE * 400_000}</p>")
        found[f"{name}-marks"] = made(f'<p class="byline">{PROSE}</p>' * 60_000)
        found[f"{name}-cut"] = made(f"<p>{PROSE}</p>")[:-30]
    item = "<NewsComponent><NewsLines/></NewsComponent><ContentItem><DataContent>a</DataContent></ContentItem>"
    found["newsml-1-contents"] = f"<NewsML><NewsItem><NewsComponent>{item * 30_000}</NewsComponent></NewsItem></NewsML>"
    found["ninjs-deep"] = json.dumps(
        {"uri": "x", "versioncreated": "2026-05-03", "body_html": "<div>" * 300_000 + f"<p>{PROSE}</p>"}
    )
    found["json-objects"] = "[" + "{}," * 8_000_000 + "{}]"
    found["json-feed-items"] = '{"version": "https://jsonfeed.org/version/1.1", "items": [' + "{}," * 200_000 + "{}]}"
    found["mail-deep"] = nested_mail(5_000)
    found["mail-parts"] = f"{MAIL}Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\na\n" * 300_000
    found["mail-heads"] = "From: a@e.example\nSubject: Rat\n" + "X-A: b\n" * 300_000 + f"\n{PROSE}"
    found["mail-words"] = "From: a@e.example\nSubject: " + "=?utf-8?Q?a?= " * 100_000 + f"\n\n{PROSE}"
    found["mail-base64"] = f"{MAIL}Content-Transfer-Encoding: base64\n\n" + "QUFB" * 1_000_000
    found["mail-away"] = (
        f'{MAIL}Content-Type: message/external-body; access-type=URL; URL="{AWAY}"\n\nContent-Type: text/plain\n\n'
    )
    found["mbox-many"] = f"From a Tue Apr 14 06:00:00 2026\nSubject: Rat\nFrom: a@e.example\n\n{PROSE}\n\n" * 20_000
    found["front-matter"] = "---\n" + "a: b\n" * 3_000 + "---\n" + "[^" * 100_000 + "![" * 100_000 + "**a" * 100_000
    found["front-matter-notes"] = "---\na: b\n---\n" + "[^1]: a\n  b\n" * 300_000
    found["srt-many"] = "1\n00:00:01,000 --> 00:00:02,000\nDer Rat\n\n" * 100_000
    found["srt-line"] = "1\n00:00:01,000 --> 00:00:02,000\n" + "<i>[(" * 2_000_000
    found["srt-times"] = "00:00:01,000 --> 00:00:02,000\n" * 400_000
    found["vtt-huge"] = "WEBVTT\n\n9999:59:59.999 --> 0000:00:00.000\nDer Rat tagt.\n\n" + "NOTE\na\n\n" * 300_000
    found["fragment"] = f"<p>{PROSE}</p>" + '<p style="display:none">' * 300_000 + "<b" * 300_000
    deep = "{\\rtf1\\ansi " + "{\\b " * 3_000_000
    found |= {
        "rtf-deep": deep, "rtf-braces": "{\\rtf1 " + PROSE + "}" * 3_000_000,
        "rtf-bin": "{\\rtf1 {\\pict\\bin999999999 a} " + PROSE + "}",
        "rtf-numbers": "{\\rtf1\\uc9999999999 \\u-9999999999 \\f9999999999 \\u55357?\\u56832? " + PROSE + "}",
        "rtf-words": "{\\rtf1 " + "\\par" * 4_000_000 + "}",
        "rtf-fonts": "{\\rtf1{\\fonttbl" + "{\\f1\\fnil\\fcharset" * 200_000 + "}" + PROSE + "}",
        "rtf-away": "{\\rtf1{\\field{\\*\\fldinst INCLUDEPICTURE \"" + AWAY + "\"}{\\fldrslt Bild}}"
        "{\\object\\objautlink{\\*\\objdata 0105}}{\\*\\template " + AWAY + "}" + PROSE + "}",
    }  # fmt: skip
    return found


def binaries() -> dict[str, bytes]:
    """Formats that are packed."""
    paragraphs = "<w:p><w:r><w:t>a</w:t></w:r></w:p>"
    odt = f'<office:document-content xmlns:office="{OFFICE}" xmlns:text="{TEXT}">'
    chapters = {f"{n}.xhtml": f"<h1>Rat {n}</h1><p>{PROSE * 5}</p>" for n in range(3)}
    return {
        "docx-bomb": zeros("word/document.xml"),
        "docx-many": word(f'<w:document xmlns:w="{WORD}"><w:body>{paragraphs * 150_000}</w:body></w:document>'),
        "docx-entities": word(f'{dtd("document")}<w:document xmlns:w="{WORD}"><w:p><w:r><w:t>&l11;&x;'
                              f"{PROSE}</w:t></w:r></w:p></w:document>"),
        "docx-deep": word(f'<w:document xmlns:w="{WORD}">' + "<w:p><w:r>" * 300_000),
        "docx-cut": word(f'<w:document xmlns:w="{WORD}"><w:p><w:r><w:t>{PROSE}')[:-60],
        "odt-bomb": zeros("content.xml", "application/vnd.oasis.opendocument.text"),
        "odt-many": packed({"content.xml": f"{odt}{'<text:p>a</text:p>' * 400_000}</office:document-content>"},
                           "application/vnd.oasis.opendocument.text"),
        "epub-bomb": zeros("META-INF/container.xml", EPUB),
        "epub-again": epub(chapters, spine=["0.xhtml"] * 200_000),
        "epub-outside": epub({f"../../../..{SECRET}": PROSE, "0.xhtml": PROSE * 9}),
        "epub-entities": epub({"0.xhtml": f"{dtd('html')}<p>&l11;&x; {PROSE * 9}</p><img src='{AWAY}'/>"}),
        "epub-many": epub({f"{n}.xhtml": f"<h1>Rat</h1><p>{PROSE * 5}</p>" for n in range(10_500)}),
        "epub-large": epub({f"{n}.xhtml": f"<p>{PROSE * 300_000}</p>" for n in range(8)}),
        "epub-deep": epub({"0.xhtml": "<div>" * 500_000 + PROSE * 9}),
        "pdf-bomb": drawn(b"BT /F1 9 Tf (a) Tj ET\n" * 6_000_000),
        "pdf-forms": forms(40),
        "pdf-many": drawn(b"BT /F1 9 Tf 9 9 Td (Der Rat tagt.) Tj ET\n" * 30_000),
        "pdf-deep": drawn(b"[" * 500_000),
        "pdf-loop": b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages"
                    b" /Count 999999999 /Kids [2 0 R 2 0 R] >> endobj\ntrailer << /Root 1 0 R /Prev 9 >>\n%%EOF",
        "pdf-count": pdf([set_lines([PROSE * 2] * 3)] * 4_000),
        "pdf-away": drawn(
            b"BT /F1 9 Tf 60 700 Td (Der Rat tagt am Montag und am Dienstag.) Tj ET",
            root=b"/OpenAction << /S /Launch /F (/bin/sh) >> /AA << /O << /S /URI /URI (http://127.0.0.1:9/) >> >>"
            b" /Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (app.launchURL('x')) >>] >> >>",
        ),
        "pdf-file": drawn(b"/X Do", within=b"/XObject << /X 10 0 R >>", objects=b"10 0 obj << /Type /XObject /Subtype"
                          b" /Form /F (/etc/hostname) /Length 0 >> stream\n\nendstream endobj\n"),
        "pdf-cut": pdf([set_lines([PROSE])])[:400],
        "pdf-objects": b"%PDF-1.7\n" + b"1 0 obj << /Kids [" * 200_000,
    }  # fmt: skip


def write(folder: Path) -> list[str]:
    """Writes them all, and returns their names."""
    made = {name: text.encode() for name, text in texts().items()} | binaries()
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return sorted(made)


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
    folder = Path(sys.argv[1]).resolve()
    from presseschau.errors import InputError
    from presseschau.ingest import Document, iter_documents, read_document

    watched = {"on": False}

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if not watched["on"]:
            return
        if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")):
            raise SystemExit(f"{event} {args!r}")
        if event == "open" and str(args[0]).startswith("/etc/"):
            raise SystemExit(f"{event} {args!r}")

    sys.addaudithook(watch)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    for path in sorted(folder.iterdir()):
        begun, came, size, first = time.process_time(), {}, 0, True
        watched["on"] = True
        for item in iter_documents(str(path)):
            what = "article" if isinstance(item, Document) else item.reason
            came[what] = came.get(what, 0) + 1
            if isinstance(item, Document):
                size += len(item.text or item.data or "")
                if first and len(item.text or item.data or "") < 100_000:
                    first = False
                    try:
                        read_document(item, lang_check=False)
                    except InputError:
                        came["refused"] = 1
        watched["on"] = False
        seconds = round(time.process_time() - begun, 1)
        print(json.dumps([path.name, came, size, seconds]), flush=True)


if __name__ == "__main__":
    main()
