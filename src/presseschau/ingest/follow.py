"""The pages behind addresses that a list, a table or a feed gives: fetched with `--follow`, each once.

Nothing is fetched before its article is read: an item that is passed over costs no request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urldefrag

from presseschau.errors import FetchError
from presseschau.ingest.document import Document, Item, ReadOptions, Skipped
from presseschau.ingest.formats.tables import text_lines
from presseschau.ingest.polite import Polite

if TYPE_CHECKING:
    from presseschau.ingest.fetch import Fetched

_OF_THE_PAGE = ("headline", "topic")
_BETTER_THERE = ("published", "updated", "author", "outlet")


def read_addresses(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """A document without a text for each address of a list, one per line; their sources are `source#LINE`."""
    for number, line in enumerate(text_lines(stream, options), 1):
        address = line.strip()
        if is_web_address(address):
            yield Document(f"{source}#{number}", metadata={"url": address}, address=address)


def is_web_address(source: str) -> bool:
    """Is it fetched rather than read from the disk?"""
    return source.lower().startswith(("http://", "https://"))


class Follower:
    """`read` makes the documents of an answer. One for a run, used by one thread."""

    def __init__(
        self,
        options: ReadOptions,
        read: Callable[[Fetched], Iterator[Item]],
        polite: Polite | None = None,
    ) -> None:
        self._options = options
        self._read = read
        self._polite = polite or Polite(options)
        self._seen: set[int] = set()

    def item(self, item: Item) -> Item:
        """The item; where a page is to be fetched for it, it can `load` that, and where it may not, it says so."""
        if isinstance(item, Skipped) or item.address is None:
            return item
        if not self._options.follow:
            if item.text is not None:
                return item
            return Skipped(item.source, "follow", f"Only its address is given, {item.address}: fetch it with --follow.")
        place = hash(urldefrag(item.address).url)
        if place in self._seen:
            return Skipped(item.source, "repeated", f"The address is listed before: {item.address}.")
        self._seen.add(place)
        return replace(item, load=partial(self._page, item, item.address))

    def _page(self, item: Document, address: str) -> Document:
        return with_page(item, list(self._read(self._polite.fetch(address))), address)


def with_page(item: Document, found: Sequence[Item], address: str) -> Document:
    """What the page that was `found` at the address holds, and all that was given with the address; its headline is its
    own, and what it says of itself wins over what a feed says. Raises FetchError if it is not a single article."""
    pages = [one for one in found if isinstance(one, Document) and one.address is None]
    if len(pages) != 1:
        refused = next((one.detail for one in found if isinstance(one, Skipped)), "It is not a single article.")
        raise FetchError(f"{address}: {refused}")
    page = pages[0]
    own = (*_OF_THE_PAGE, *(_BETTER_THERE if item.from_feed else ()))
    told = {key: value for key, value in page.metadata.items() if key in own}
    return replace(page, source=item.source, metadata={**page.metadata, **item.metadata, **told})
