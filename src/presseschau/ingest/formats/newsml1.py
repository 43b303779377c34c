"""Agency material in NewsML 1 (https://iptc.org/standards/newsml-1/): an article per component with a text of its own.

Of equivalent contents one is read. Notes to editors, instructions, and captions of pictures are never read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from presseschau.ingest.dates import moment
from presseschau.ingest.document import Document, Item, ReadOptions, Skipped
from presseschau.ingest.formats.agency import agency_item, filled, is_person, nitf_item, stopped, xhtml_text
from presseschau.ingest.formats.feeds import person
from presseschau.ingest.formats.text import blocks_of_fragment
from presseschau.ingest.formats.xml_stream import DamagedXmlError, line, local, markup, records

_BESIDE = (
    "caption",
    "picture",
    "photo",
    "graphic",
    "audio",
    "video",
    "thumbnail",
    "abstract",
    "summary",
    "teaser",
    "note",
)

_MOST_TEXTS = 200  # of one item
_MOST_BEFORE = 100
"""Elements of a component; what says something of it stands before its contents."""


def read_newsml_1(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of a NewsML 1 file, one item in memory at a time; their sources are `source#1` onwards."""
    number = 0
    try:
        for item in records(stream, ("NewsItem",), options):
            for found in _item(item):
                number += 1
                yield found(f"{source}#{number}")
    except DamagedXmlError as error:
        yield Skipped(source, "damaged", f"The NewsML is damaged, and not all of it was read: {error}.")
        return
    if number == 0:
        yield Skipped(source, "format", "This NewsML holds no article (NewsItem).")


def _item(item: Any) -> Iterator[Any]:
    """For each text in an item what makes an article of it; for an item without text what says so."""
    said = {
        "published": moment(_text(item, "FirstCreated")),
        "updated": moment(_text(item, "ThisRevisionCreated")),
        "id": _text(item, "PublicIdentifier") or _text(item, "NewsItemId"),
        "version": _text(item, "RevisionId"),
        "embargo": moment(_text(item, "DateAndTime")) if _formal(item, "Status").lower() == "embargoed" else "",
    }
    said["updated"] = said["updated"] if said["updated"] != said["published"] else ""
    status = _formal(item, "Status").lower()
    number = 0
    for number, content in enumerate(_contents(item), 1):
        if number > _MOST_TEXTS:
            yield lambda source: Skipped(source, "large", f"This item has more than {_MOST_TEXTS} texts.")
            return
        yield lambda source, content=content: _article(
            content, {**_head(content, item), **filled(said)}, status, source
        )
    if number == 0:
        yield (
            lambda source: (
                stopped(source, status, _text(item, "HeadLine"))
                or Skipped(source, "passed", "This item holds no text.")
            )
        )


def _contents(item: Any) -> Iterator[Any]:
    """The contents that are text, one of each set of equivalents."""
    taken: set[Any] = set()
    for content in item.iter():
        if local(content) != "contentitem" or _formal(content, "MediaType").lower() not in ("", "text", "complexdata"):
            continue
        above = [one for one in content.iterancestors() if local(one) == "newscomponent"]
        roles = [_formal(one, "Role").lower() for one in (content, *above[:1])]
        if any(word in role for role in roles for word in _BESIDE):
            continue
        same = next((one for one in above if one.get("EquivalentsList") == "yes"), content)
        data = next((one for one in content.iter() if local(one) == "datacontent"), None)
        if same not in taken and data is not None and "".join(data.itertext()).strip():
            taken.add(same)
            yield content


def _head(content: Any, item: Any) -> dict[str, str]:
    """What the components around a content say of it, the innermost first."""
    found: dict[str, str] = {}
    for above in (one for one in content.iterancestors() if local(one) in ("newscomponent", "newsitem")):
        parts: dict[str, Any] = {}
        for one in islice(above, _MOST_BEFORE):
            parts.setdefault(local(one), one)
        names = ("newslines", "administrativemetadata", "descriptivemetadata")
        lines, known, described = map(parts.get, names)
        creator = _formal(known, "Creator", "Party")
        for key, value in (
            ("headline", _text(lines, "HeadLine")),
            ("author", person(_text(lines, "ByLine")) or (creator if is_person(creator) else "")),
            ("agency", _text(lines, "CreditLine") or _formal(known, "Source", "Party")
             or _formal(known, "Provider", "Party")),
            ("genre", _formal(described, "Genre")),
        ):  # fmt: skip
            if value:
                found.setdefault(key, value)
        if above is item:
            break
    found.setdefault("agency", _text(item, "ProviderId"))
    return found


def _article(content: Any, metadata: dict[str, str], status: str, source: str) -> Item:
    if gone := stopped(source, status, metadata.get("headline", "")):
        return gone
    data = next(one for one in content.iter() if local(one) == "datacontent")
    nested = next((one for one in data.iter() if local(one) == "nitf"), None)
    if nested is not None:
        inner = nitf_item(nested, source)
        if not isinstance(inner, Document):
            return inner
        return agency_item(source, {**inner.metadata, **metadata}, inner.text or "", inner.beside)
    if len(data):
        text, author, beside = xhtml_text(data)
        return agency_item(source, {"author": author, **metadata}, text, beside)
    text = markup(data)
    return agency_item(source, metadata, blocks_of_fragment(text) if "</" in text else text, ())


def _node(within: Any, *path: str) -> Any:
    """The first element of that name, within the first of the name before it, and so on."""
    for name in path:
        within = (
            next((one for one in within.iter() if local(one) == name.lower()), None) if within is not None else None
        )
    return within


def _text(within: Any, name: str) -> str:
    node = _node(within, name)
    return line(node) if node is not None else ""


def _formal(within: Any, *path: str) -> str:
    node = _node(within, *path)
    return str(node.get("FormalName", "")).strip() if node is not None else ""
