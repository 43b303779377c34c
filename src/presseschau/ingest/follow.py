"""The pages behind addresses that a list, a table or a feed gives: fetched with `--follow`, each once, and politely.

Politely: as robots.txt (RFC 9309) allows, at most one request a second to a host or as seldom as it asks for, through
the guards of `fetch`. Nothing is fetched before its article is read: an item that is passed over costs no request.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urldefrag

from presseschau.errors import FetchError
from presseschau.ingest.document import KIBI, Document, Item, ReadOptions, Skipped
from presseschau.ingest.formats.csv import text_lines

if TYPE_CHECKING:
    from presseschau.ingest.fetch import Fetched

AGENT = "presseschau"
_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds between two requests to one host
_MOST_HOSTS = 1_000
_MAX_ROBOTS = 500 * KIBI  # as RFC 9309 asks for at least
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


def fetched(address: str, options: ReadOptions, max_bytes: int | None = None) -> Fetched:
    """What the address answers. Raises FetchError."""
    from presseschau.ingest.fetch import fetch, is_public, is_public_or_private  # load http and ssl

    allowed = is_public_or_private if options.allow_private else is_public
    return fetch(address, address_allowed=allowed, max_bytes=max_bytes or options.max_item)


class Follower:
    """`read` makes the documents of an answer. One for a run, used by one thread."""

    def __init__(
        self,
        options: ReadOptions,
        read: Callable[[Fetched], Iterator[Item]],
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._options = options
        self._read = read
        self._clock = clock
        self._wait = wait
        self._seen: set[int] = set()
        self._hosts: dict[str, _Host] = {}

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
        """What the page holds, and all that was given with the address; its headline is its own, and what it says of
        itself wins over what a feed says."""
        found = list(self._read(self._polite(address)))
        pages = [one for one in found if isinstance(one, Document) and one.address is None]
        if len(pages) != 1:
            refused = next((one.detail for one in found if isinstance(one, Skipped)), "It is not a single article.")
            raise FetchError(f"{address}: {refused}")
        page = pages[0]
        own = (*_OF_THE_PAGE, *(_BETTER_THERE if item.from_feed else ()))
        told = {key: value for key, value in page.metadata.items() if key in own}
        return replace(page, source=item.source, metadata={**page.metadata, **item.metadata, **told})

    def _polite(self, address: str) -> Fetched:
        from presseschau.ingest.fetch import checked

        parts = checked(address)
        site = f"{parts.scheme}://{parts.netloc}"
        host = self._hosts[site] = self._hosts.get(site) or self._ask(site)
        if len(self._hosts) > _MOST_HOSTS:
            del self._hosts[next(iter(self._hosts))]
        if host.error is not None:
            raise FetchError(f"{address} was not fetched: {host.error}")
        if not host.rules.allow(f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"):
            raise FetchError(f"{address} was not fetched: its site's robots.txt forbids it. Save the page yourself.")
        self._wait(max(0.0, host.next - self._clock()))
        try:
            return fetched(address, self._options)
        finally:
            host.next = self._clock() + host.rules.pause

    def _ask(self, site: str) -> _Host:
        """What the site's robots.txt says: without one all is allowed, and if it cannot be asked for, nothing is."""
        try:
            answer = fetched(f"{site}/robots.txt", self._options, _MAX_ROBOTS)
        except FetchError as error:
            refused = error.status is None or error.status >= 500
            return _Host(Robots(""), self._clock(), str(error) if refused else None)
        return _Host(Robots(answer.data.decode("utf-8", "replace")), self._clock() + _PAUSE)


@dataclass
class _Host:
    rules: Robots
    next: float
    error: str | None = None


class Robots:
    """What a robots.txt says to this program, or else to all. `pause` is in seconds."""

    def __init__(self, text: str) -> None:
        self.pause = _PAUSE
        groups: dict[str, list[tuple[str, str]]] = {}
        agents: list[str] = []
        open_ = False
        for line in text.removeprefix("\ufeff").splitlines():
            name, _, value = (part.strip() for part in line.partition("#")[0].partition(":"))
            name = name.lower()
            if name == "user-agent":
                agents = [*(agents if open_ else ()), value.lower()]
                groups.setdefault(value.lower(), [])
                open_ = True
            elif name in ("allow", "disallow", "crawl-delay"):
                open_ = False
                for agent in agents:
                    groups[agent].append((name, value))
        rules = groups.get(AGENT, groups.get("*", []))
        self._rules = [(name == "allow", value) for name, value in rules if name != "crawl-delay" and value]
        for _, value in (rule for rule in rules if rule[0] == "crawl-delay"):
            if re.fullmatch(r"\d{1,4}(?:\.\d{1,3})?", value):
                self.pause = min(max(_PAUSE, float(value)), _LONGEST_PAUSE)

    def allow(self, path: str) -> bool:
        """May the path (with its query) be fetched? The longest rule that fits decides, and if two do, the kinder."""
        fitting = [(len(value), allowed) for allowed, value in self._rules if _fits(value, path)]
        return path == "/robots.txt" or max(fitting, default=(0, True))[1]


def _fits(rule: str, path: str) -> bool:
    """`*` stands for anything, a `$` at the end for the end."""
    pieces = rule.removesuffix("$").split("*")
    if not path.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for piece in pieces[1:]:
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return not rule.endswith("$") or at == len(path) or (len(pieces) > 1 and path.endswith(pieces[-1]))
