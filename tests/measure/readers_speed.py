"""Articles a CPU second from tables, feeds, agency files, mail and press exports: taken apart, and read and laid out.

    python tests/measure/readers_speed.py

The files are made while they are read; an article has about 2,000 characters. For memory: `readers_memory.py`.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

from presseschau.ingest import Document, iter_documents, read_document  # noqa: E402

COUNT = 300
SENTENCES = (
    "Der Stadtrat von Beispielstadt hat am Dienstag den Bau von {n} neuen Radwegen beschlossen. ",
    "Die Kosten liegen nach Angaben der Verwaltung bei {n},2 Millionen Euro. ",
    "„Das ist ein guter Tag für die Stadt“, sagte Bürgermeisterin Petra Muster. ",
    "Die Opposition kritisierte, dass die Kosten zu hoch seien und die Fußgänger übergangen würden. ",
)


def text(n: int) -> list[str]:
    """Six paragraphs of an article, 2,000 characters in all."""
    return ["".join(SENTENCES).format(n=n + paragraph)[:340].strip() for paragraph in range(6)]


def rss(n: int) -> str:
    body = "".join(f"<p>{part}</p>" for part in text(n))
    date = "Mon, 23 Nov 2026 08:00:00 +0100"
    return (
        f"<item><title>Rat tagt {n}</title><link>https://e.example/{n}</link><pubDate>{date}</pubDate>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded></item>"
    )


def nexis(n: int) -> str:
    body = "\n\n".join(text(n))
    head = (
        f"Dokument {n} von 9\n\n      Musterzeitung\n\n   3. März 2014 Montag\n\nRat tagt {n}\n\nRUBRIK: POLITIK; S. 5"
    )
    return f"{head}\n\nLÄNGE: 300 Wörter\n\n{body}\n\nSPRACHE: GERMAN; DEUTSCH\n\n    Copyright 2014 Muster\n\n"


def factiva(n: int) -> str:
    body = "".join(f'<p class="articleParagraph dearticleParagraph">{part}</p>\n' for part in text(n))
    lines = "".join(f"<div>{line}</div>" for line in ("300 Wörter", "3 März 2014", "Muster", "MUST", "Deutsch"))
    return (
        f'<div id="article-MUST0000201403{n:08}" class="article"><div class="article deArticle"><div id="hd">'
        f'<span class="deHeadline">Rat tagt {n}</span></div>{lines}{body}'
        f"<p>Dokument MUST0000201403{n:08}</p></div></div>"
    )


def wiso(n: int) -> str:
    body = "\n\n".join(text(n))
    return f"Rat tagt {n}\n\nQuelle: Muster vom 3.3.2014, S. 5\nDokumentnummer: {n}\n\n{body}\n\n© GBI-Genios GmbH\n\n"


def mbox(n: int) -> str:
    head = f"From x Tue Apr 14 06:00:00 2026\nFrom: M <m@e.example>\nSubject: Rat tagt {n}\nMessage-ID: <{n}@e>"
    return f"{head}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n" + "\n\n".join(text(n)) + "\n\n"


def newsml(n: int) -> str:
    body = "".join(f"<p>{part}</p>" for part in text(n))
    return (
        f'<newsItem guid="{n}"><itemMeta><versionCreated>2026-11-23T17:26:25+01:00</versionCreated></itemMeta>'
        f"<contentMeta><headline>Rat tagt {n}</headline></contentMeta><contentSet><inlineXML><html><body>"
        f"{body}</body></html></inlineXML></contentSet></newsItem>"
    )


def atom(n: int) -> str:
    body = "".join(f"&lt;p&gt;{part}&lt;/p&gt;" for part in text(n))
    return (
        f'<entry><title>Rat tagt {n}</title><link href="https://e.example/{n}"/><id>{n}</id>'
        f'<published>2026-11-23T08:00:00+01:00</published><content type="html">{body}</content></entry>'
    )


def nitf(n: int) -> str:
    body = "".join(f"<p>{part}</p>" for part in text(n))
    return (
        f'<nitf><head><docdata><date.issue norm="20261123T080000+0100"/></docdata></head><body><body.head><hedline>'
        f"<hl1>Rat tagt {n}</hl1></hedline></body.head><body.content>{body}</body.content></body></nitf>"
    )


def newsml_1(n: int) -> str:
    body = "".join(f"<p>{part}</p>" for part in text(n))
    return (
        f"<NewsItem><NewsManagement><FirstCreated>20261123T080000+0100</FirstCreated></NewsManagement><NewsComponent>"
        f"<NewsLines><HeadLine>Rat tagt {n}</HeadLine></NewsLines><ContentItem><DataContent><body>{body}</body>"
        f"</DataContent></ContentItem></NewsComponent></NewsItem>"
    )


def nexis_html(n: int) -> str:
    lines = (f"{n} of 9 DOCUMENTS", "Musterzeitung", "3. März 2014 Montag", f"Rat tagt {n}", "RUBRIK: POLITIK; S. 5")
    lines = (*lines, "LÄNGE: 300 Wörter", *text(n), "SPRACHE: GERMAN; DEUTSCH", "Copyright 2014 Muster")
    return "<!-- <DOC NUMBER=1>\n<DOCFULL> -->\n" + "".join(f'<div class="c0"><p>{line}</p></div>\n' for line in lines)


def factiva_text(n: int) -> str:
    lead, *rest = text(n)
    return (
        f"HD\nRat tagt {n}\nWC\n300 Wörter\nPD\n3 März 2014\nSN\nMuster\nSC\nMUST\nLA\nDeutsch\nLP\n{lead}\n\nTD\n"
        + "\n\n".join(rest)
        + f"\n\nAN\nDokument MUST0000201403{n:08}\n\n"
    )


def jsonl(n: int) -> str:
    return json.dumps({"id": n, "title": f"Rat tagt {n}", "text": "\n\n".join(text(n))}) + "\n"


def csv(n: int) -> str:
    body = "\n\n".join(text(n)).replace('"', '""')
    return f'{n};Rat tagt {n};2026-11-23;"{body}"\n'


def warc(n: int) -> str:
    body = "".join(f"<p>{part}</p>" for part in text(n))
    page = f"<html><body><article><h1>Rat tagt {n}</h1>{body}</article></body></html>"
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}"
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://e.example/{n}\r\n"
    return f"{head}Content-Length: {len(answer.encode())}\r\n\r\n{answer}\r\n\r\n"


FORMATS: dict[str, tuple[str, Callable[[int], str], str]] = {
    "RSS": ('<?xml version="1.0"?><rss xmlns:content="c"><channel><title>X</title>', rss, "</channel></rss>"),
    "Atom": ('<feed xmlns="http://www.w3.org/2005/Atom"><title>X</title>', atom, "</feed>"),
    "NewsML-G2": ("<newsMessage><itemSet>", newsml, "</itemSet></newsMessage>"),
    "NewsML 1": ("<NewsML>", newsml_1, "</NewsML>"),
    "NITF": ("<nitfs>", nitf, "</nitfs>"),
    "Nexis text": ("", nexis, ""),
    "Nexis HTML": ("<html><body>", nexis_html, "</body></html>"),
    "Factiva text": ("", factiva_text, ""),
    "Factiva HTML": ("<html><body>", factiva, "</body></html>"),
    "WISO text": ("", wiso, ""),
    "mbox": ("", mbox, ""),
    "JSONL": ("", jsonl, ""),
    "CSV": ("id;title;date;text\n", csv, ""),
    "WARC": ("", warc, ""),
}


class Made(io.RawIOBase):
    """A file that is made while it is read."""

    def __init__(self, head: str, one: Callable[[int], str], foot: str, count: int) -> None:
        super().__init__()
        self.pieces = chain([head], map(one, range(1, count + 1)), [foot])
        self.held = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while len(self.held) < len(buffer) and (piece := next(self.pieces, None)) is not None:
            self.held += piece.encode()
        data, self.held = self.held[: len(buffer)], self.held[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def main() -> None:
    for name, (head, one, foot) in FORMATS.items():
        begun = time.process_time()
        items = list(iter_documents("-", stdin=io.BufferedReader(Made(head, one, foot, COUNT))))
        apart = time.process_time() - begun
        articles = [read_document(item) for item in items if isinstance(item, Document)]
        whole = time.process_time() - begun
        sentences = sum(len(article.sentences) for article in articles) / max(1, len(articles))
        print(
            f"{name:13} {len(articles):4} of {COUNT} articles, {sentences:.0f} sentences each:"
            f" {COUNT / apart:6,.0f} a second taken apart, {COUNT / whole:5,.0f} read"
        )


if __name__ == "__main__":
    main()
