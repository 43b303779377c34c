"""A saved web page: the article's blocks without what stands around them, and its metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from presseschau.errors import FormatError, InputError
from presseschau.findings import flag
from presseschau.ingest.document import MEBI, Document, Item, ReadOptions, Skipped
from presseschau.ingest.formats import jsonld
from presseschau.ingest.formats.bounded import LargeError, read_all
from presseschau.ingest.formats.detect import refuse
from presseschau.ingest.formats.outline import bare
from presseschau.ingest.formats.text import blocks_of_fragment
from presseschau.ingest.layout.blocks import is_prose
from presseschau.ingest.layout.furniture import is_full
from presseschau.ingest.text.decode import decode

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})"
    rb"|<\?xml[^>]{0,100}?encoding=[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
_MISSED = 0.15
"""From this share of the running text on, what was left out is said."""
_MAX_PAGE = 10 * MEBI
_NOTHING = "No article text was found in the page."


def read_html(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The one document of an HTML page."""
    yield read_page(read_all(stream, options.max_item), source, options.charset)


def read_fragment(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The one document of marked-up text that is not a page: all of its blocks, without the markup."""
    try:
        decoded = decode(read_all(stream, options.max_item), options.charset)
    except InputError as error:
        yield Skipped(source, "damaged", str(error))
        return
    yield Document(source, text=blocks_of_fragment(decoded.text), findings=decoded.findings)


def read_page(data: bytes, source: str, charset: str | None = None) -> Item:
    """The document in the bytes of a page: topic, headline, lead and body as blocks with blank lines between.

    `charset` is what an HTTP header declares; else the page's own declaration is used. JSON-LD decides which blocks
    belong to the article where it agrees with the page; where not, the page is taken and a finding says so.
    """
    if len(data) > _MAX_PAGE:
        return Skipped(source, "large", f"The page has more than {_MAX_PAGE:,} bytes.")
    try:
        decoded = decode(data, charset or declared_charset(data))
        refuse(decoded.text)
    except FormatError as error:
        return Skipped(source, error.failure, str(error))
    except InputError as error:
        return Skipped(source, "damaged", str(error))
    from presseschau.ingest.formats.page import read_tree

    try:
        page = read_tree(decoded.text)
    except LargeError as error:
        return Skipped(source, "large", str(error))
    if page is None:
        return Skipped(source, "empty", _NOTHING)
    headings = {bare(page.headline), bare(f"{page.topic}{page.headline}")}
    lead, blocks = page.body.lead, [text for _, text in page.body.blocks if bare(text) not in headings]
    lines = [line.text for line in page.outline if not line.around]
    body, disagreement = jsonld.reconcile(blocks, [page.headline, *lead], page.article, lines)
    beside = [*page.body.beside, *(("not in JSON-LD", text) for text in blocks if body and text not in body)]
    if not body:
        return Skipped(source, "empty", _NOTHING)
    above = [page.topic, page.metadata["headline"], *lead]
    text = "\n\n".join(block for block in _once([*above, *body]) if block)
    roles = (
        [("place", place) for place in page.body.places]
        + [("lead", block) for block in lead]
        + [(role, block) for role, block in page.body.blocks if role]
    )
    missing = (
        (flag("input.incomplete", f"The article is incomplete. {page.missing}").stamped(),) if page.missing else ()
    )
    lost = sum(len(block) for reason, block in beside if reason == "box" and is_full(block))
    share = lost / max(1, lost + sum(map(len, body)))
    message = f"{share:.0%} of the running text ({lost:,} characters) stands in boxes of the page and was left out."
    said = flag("input.cut", f"{message} Check whether it is part of the article.").stamped()
    cut = (said,) if share > _MISSED else ()
    return Document(
        source,
        text=text,
        metadata={key: value for key, value in page.metadata.items() if value},
        findings=decoded.findings + disagreement + missing + cut + jsonld.locked(page.article, sum(map(len, body))),
        beside=tuple((reason, text) for reason, text in beside if is_prose(text)),
        roles=tuple(roles),
    )


def declared_charset(data: bytes) -> str | None:
    """What the page's meta element or XML declaration says in its first 4 kB."""
    found = _CHARSET.search(data[:4096])
    return (found[1] or found[2]).decode("ascii") if found else None


def _once(blocks: list[str]) -> list[str]:
    """The blocks without repeats among the first few: pages often print headline and lead twice."""
    kept: list[str] = []
    for number, block in enumerate(blocks):
        if number > 6 or block not in kept:
            kept.append(block)
    return kept
