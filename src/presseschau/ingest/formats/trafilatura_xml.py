"""Articles as trafilatura writes them: its XML, and TEI (https://tei-c.org/guidelines/), without
readers' comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from presseschau.ingest.document import Item, ReadOptions, Skipped
from presseschau.ingest.formats.fields import document_of
from presseschau.ingest.formats.text import blocks_of_fragment
from presseschau.ingest.formats.xml_stream import DamagedXmlError, line, local, markup, records

_AS_HTML = {
    "head": "h2", "ab": "h2", "item": "li", "list": "ul", "quote": "blockquote", "q": "span", "lb": "br", "row": "tr",
    "cell": "td", "lg": "p", "l": "p", "sp": "div",
}  # fmt: skip
_LEFT_OUT = frozenset(("comments", "graphic", "note", "figure", "fw", "teiheader"))


def read_trafilatura(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of trafilatura's XML or of TEI; their sources are `source#1` onwards."""
    number = 0
    try:
        for number, node in enumerate(records(stream, ("doc", "TEI"), options), 1):
            row = _tei(node) if local(node) == "tei" else {**node.attrib, "text": _body(_within(node, "main"))}
            yield document_of({key: value for key, value in row.items() if value}, f"{source}#{number}", options)
    except DamagedXmlError as error:
        yield Skipped(source, "damaged", f"The XML is damaged, and not all of it was read: {error}.")
        return
    if number == 0:
        yield Skipped(source, "empty", "The XML holds no article.")


def _tei(node: Any) -> dict[str, str]:
    header, text = _within(node, "teiheader"), _within(node, "text")
    stated = _within(header, "biblfull")
    stated = header if stated is None else stated
    titles = [one for one in _all(stated, "title") if one.get("type", "main") == "main"]
    links = (one.get("target", "") for one in _all(stated, "ptr") if one.get("type", "URL") == "URL")
    return {
        "headline": line(titles[0]) if titles else "",
        "author": ", ".join(dict.fromkeys(filter(None, map(line, _all(_within(stated, "titlestmt"), "author"))))),
        "published": next(filter(None, (one.get("when") or line(one) for one in _all(stated, "date"))), ""),
        "outlet": next(filter(None, map(line, _all(stated, "publisher"))), ""),
        "url": next(filter(None, links), ""),
        "text": _body(_within(text, "body")),
    }


def _all(node: Any, name: str) -> list[Any]:
    return [one for one in node.iter() if local(one) == name] if node is not None else []


def _within(node: Any, name: str) -> Any:
    return next(iter(_all(node, name)), None)


def _body(body: Any) -> str:
    """The text in blocks, without comments, notes and pictures."""
    if body is None:
        return ""
    for one in list(body.iter()):
        if local(one) in _LEFT_OUT or one.get("type") == "comments":
            for part in list(one):
                one.remove(part)
            one.text = None
        one.tag = _AS_HTML.get(local(one), local(one))
    return blocks_of_fragment(markup(body))
