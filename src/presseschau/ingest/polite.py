"""The one room from which pages are fetched: politely, through the guards of `fetch`.

Politely: as robots.txt (RFC 9309) allows, at most one request a second to a host or as seldom as it asks for, each
redirect included; a host that asks to be left alone for a while is.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from presseschau.errors import FetchError
from presseschau.ingest.document import KIBI, ReadOptions

if TYPE_CHECKING:
    from presseschau.ingest.fetch import Fetched, Known

AGENT = "presseschau"
_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds between two requests to one host
_MOST_HOSTS = 1_000
_MAX_ROBOTS = 500 * KIBI  # as RFC 9309 asks for at least
_ROBOTS_KEPT, _REFUSAL_KEPT = 24 * 3600.0, 600.0
"""Seconds for which a robots.txt holds, and after which one that could not be had is asked for again."""
_BUSY = frozenset({429, 503})
_LONGEST_BUSY = 24 * 3600.0  # seconds


class Polite:
    """Fetches for one run. Its methods may be called from several threads; `clock` and `wait` are in seconds."""

    def __init__(
        self,
        options: ReadOptions,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._options = options
        self._clock = clock
        self._wait = wait
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def fetch(
        self, address: str, max_bytes: int | None = None, known: Known | None = None, *, cut: bool = False
    ) -> Fetched:
        """What the address answers; `max_bytes`, `known` and `cut` as in `fetch`. Raises FetchError, also for what may
        not be fetched, or not yet."""
        from presseschau.ingest.fetch import fetch, is_public, is_public_or_private  # load http and ssl

        allowed = is_public_or_private if self._options.allow_private else is_public
        visited: list[_Host] = []
        try:
            return fetch(
                address, address_allowed=allowed, max_bytes=max_bytes or self._options.max_item, known=known, cut=cut,
                visit=lambda one: visited.append(self._admitted(one)),
            )  # fmt: skip
        except FetchError as error:
            if error.status in _BUSY and visited:
                error.retry_after = seconds = _seconds(error.told, datetime.now(UTC))
                visited[-1].busy_until = self._clock() + (seconds or 0.0)
            raise
        finally:
            if visited:
                visited[-1].next = max(visited[-1].next, self._clock() + visited[-1].rules.pause)

    def _admitted(self, address: str) -> _Host:
        """The host, once it may be asked for the address. Raises FetchError if it may not."""
        from presseschau.ingest.fetch import checked

        parts = checked(address)
        host = self._host(f"{parts.scheme}://{parts.netloc}")
        if host.error is not None:
            refusal = FetchError(f"{address} was not fetched: {host.error}", host.error.status)
            refusal.unreachable = host.error.unreachable
            raise refusal
        if not host.rules.allow(f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"):
            raise FetchError(f"{address} was not fetched: its site's robots.txt forbids it. Save the page yourself.")
        with self._lock:
            now = self._clock()
            if (busy := host.busy_until - now) > _LONGEST_PAUSE:
                refusal = FetchError(f"{address} was not fetched: its site asks not to be asked for {busy:.0f} s.")
                refusal.retry_after = busy
                raise refusal
            at = max(now, host.next, host.busy_until)
            host.next = at + host.rules.pause
        self._wait(at - now)
        return host

    def _host(self, site: str) -> _Host:
        with self._lock:
            host = self._hosts.get(site)
        if host is not None and self._clock() < host.until:
            return host
        fresh = self._ask(site)
        with self._lock:
            if host is not None:
                fresh.next, fresh.busy_until = max(host.next, fresh.next), host.busy_until
            self._hosts[site] = fresh
            if len(self._hosts) > _MOST_HOSTS:
                del self._hosts[next(iter(self._hosts))]
        return fresh

    def _ask(self, site: str) -> _Host:
        """What the site's robots.txt says: without one all is allowed, and if it cannot be asked for, nothing is."""
        from presseschau.ingest.fetch import fetch, is_public, is_public_or_private

        allowed = is_public_or_private if self._options.allow_private else is_public
        try:
            answer = fetch(f"{site}/robots.txt", address_allowed=allowed, max_bytes=_MAX_ROBOTS, cut=True)
        except FetchError as error:
            refused = error.status is None or error.status >= 500
            kept = _REFUSAL_KEPT if refused else _ROBOTS_KEPT
            return _Host(Robots(""), self._clock(), self._clock() + kept, error if refused else None)
        now = self._clock()
        return _Host(Robots(answer.data.decode("utf-8", "replace")), now, now + _ROBOTS_KEPT)


@dataclass
class _Host:
    """`next`: before then it is not asked; `until`: so long `rules` (or `error`) hold; `busy_until`: as it said."""

    rules: Robots
    next: float
    until: float
    error: FetchError | None = None
    busy_until: float = float("-inf")


def _seconds(told: str | None, now: datetime) -> float | None:
    """What `Retry-After` says, seconds or a date (RFC 9110, 10.2.3); None if nothing."""
    if told is None:
        return None
    if re.fullmatch(r"\d{1,9}", told.strip()):
        return min(float(told), _LONGEST_BUSY)
    try:
        at = parsedate_to_datetime(told)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0.0, (at - now).total_seconds()), _LONGEST_BUSY)


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
