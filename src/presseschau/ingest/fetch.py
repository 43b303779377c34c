"""Fetch one page over http(s): public addresses only, checked at every redirect, within bounds of size and time.

With `--allow-private` an intranet's addresses are reached, too; link-local ones and a cloud's metadata never are.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from presseschau.errors import FetchError
from presseschau.ingest.document import MEBI

AddressCheck = Callable[[str], bool]

_REDIRECTS, _FOR_GOOD = frozenset({301, 302, 303, 307, 308}), frozenset({301, 308})
_MAX_REDIRECTS = 5
_KINDS = frozenset((
    "text/html", "application/xhtml+xml", "text/plain", "application/json", "text/csv", "", "application/rss+xml",
    "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/xml", "text/xml",
))  # fmt: skip
_TIMEOUT = 20.0  # seconds for the whole fetch, redirects included
_HEADERS = {
    "User-Agent": "presseschau (reads for its user)",
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.1",
    "Accept-Language": "de,en;q=0.5",
    "Accept-Encoding": "gzip, identity",
    "Connection": "close",
}


@dataclass(frozen=True)
class Fetched:
    """The body of an answer, the URL it came from in the end, and what its header declares.

    `etag` and `modified`: to be sent as `Known` the next time, after which it may be `unchanged`, without a body.
    `moved`: where the address is from now on. Not `whole`: it was larger than wanted, and cut.
    """

    url: str
    data: bytes
    kind: str
    charset: str | None
    etag: str | None = None
    modified: str | None = None
    moved: str | None = None
    unchanged: bool = False
    whole: bool = True

    @property
    def is_html(self) -> bool:
        return self.kind in ("text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class Known:
    """What the last answer of an address had in its header: `ETag` and `Last-Modified`."""

    etag: str | None = None
    modified: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """That ask for what is newer alone."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value and _PLAIN.fullmatch(value)}


_PLAIN = re.compile(r"[\x20-\x7e]{1,500}")
_METADATA = frozenset(map(ipaddress.ip_address, (
    "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254",
)))  # fmt: skip
"""Where clouds tell their machines' secrets: AWS, Google and Azure, Alibaba, Azure's host, Oracle."""
_PRIVATE = tuple(map(ipaddress.ip_network, (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "::1/128",
)))  # fmt: skip
_Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether an IP address is a global unicast one; addresses that carry another one inside are judged by both."""
    return all(map(_is_public, _with_inner(address)))


def is_public_or_private(address: str) -> bool:
    """Whether an IP address is public or one of a private network (RFC 1918, unique local, this machine's own).

    Link-local addresses, groups, and those at which a cloud answers with its machine's secrets are neither.
    """
    return all(_is_public(ip) or _is_private(ip) for ip in _with_inner(address))


def _with_inner(address: str) -> list[_Ip]:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if not isinstance(ip, ipaddress.IPv6Address):
        return [ip]
    inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in ipaddress.ip_network("64:ff9b::/96"):  # NAT64
        inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [*([] if ip.ipv4_mapped else [ip]), *filter(None, inner)]


def _is_public(ip: _Ip) -> bool:
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in _METADATA


def _is_private(ip: _Ip) -> bool:
    return ip not in _METADATA and any(ip in network for network in _PRIVATE)


def fetch(
    url: str, *, address_allowed: AddressCheck = is_public, max_bytes: int = 20 * MEBI, timeout: float = _TIMEOUT,
    known: Known | None = None, cut: bool = False, visit: Callable[[str], object] = lambda url: None,
) -> Fetched:  # fmt: skip
    """What `url` answers. `timeout` is in seconds for everything together; no cookies, no credentials are sent.

    The host is resolved once for each request and the connection goes to exactly the address that was checked. What is
    still as `known` comes without a body; `cut`: of what is larger than `max_bytes`, so much is taken. `visit` is
    called before each request, redirects included, with its address: what it raises ends the fetch, and the time that
    it takes does not count.
    Raises FetchError, with what to do, for anything that does not end in a text answer with status 200.
    """
    deadline = time.monotonic() + timeout
    allowed = address_allowed
    moved, asked = True, url
    headers = {**_HEADERS, **(known.headers if known else {})}
    for _ in range(_MAX_REDIRECTS + 1):
        target = checked(url)
        try:
            address = _address(target, allowed)
            before = time.monotonic()
            visit(url)
            deadline += time.monotonic() - before
            answer = _get(target, address, headers, max_bytes, deadline, cut=cut)
        except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
            late = time.monotonic() >= deadline
            reason = f"no complete answer within {timeout:g} seconds" if late else _reason(error)
            failed = FetchError(f"{url} could not be fetched: {reason}. Save the page and give the file.")
            failed.unreachable = isinstance(error, OSError)
            raise failed from error
        if isinstance(answer, Fetched):
            return replace(answer, moved=url) if moved and url != asked else answer
        onward, moved = urljoin(url, answer.to), moved and answer.for_good
        if target.scheme == "https" and not onward.lower().startswith("https:"):
            raise FetchError(f"{url} redirects to an unencrypted address ({onward[:200]}); not followed.")
        if is_public(address):  # no page of the internet leads into an intranet
            allowed = lambda found: is_public(found) and address_allowed(found)  # noqa: E731
        url = onward
    raise FetchError(f"{url} redirects more than {_MAX_REDIRECTS} times.")


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return "no encrypted connection can be made"
    if isinstance(error, http.client.IncompleteRead):
        return "the answer ended early"
    if isinstance(error, http.client.HTTPException | zlib.error):
        return "its answer is damaged or not HTTP"
    if isinstance(error, OSError):
        return (error.strerror or "no connection").removesuffix(".")
    return "the name of its host is not valid"


def checked(url: str) -> SplitResult:
    """The parts of an address. Raises FetchError if it is none of http(s), or holds what none should."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise FetchError(f"{url[:200]} is not a valid URL.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchError(f"{url[:200]} is not an http or https address.")
    if parts.username is not None or parts.password is not None:
        raise FetchError("The URL contains a user name or password; remove it.")
    if re.search(r"[\x00-\x20\x7f]", url):
        raise FetchError("The URL contains spaces or control characters.")
    return parts


def _host(target: SplitResult) -> tuple[str, int]:
    host = (target.hostname or "").encode("idna").decode("ascii")
    return host, target.port or (443 if target.scheme == "https" else 80)


@dataclass(frozen=True)
class _Redirect:
    to: str
    for_good: bool


def _get(
    target: SplitResult, address: str, headers: Mapping[str, str], max_bytes: int, deadline: float, *, cut: bool
) -> Fetched | _Redirect:
    """The answer of one request, or where it redirects to."""
    connection = _Pinned(*_host(target), address, target.scheme == "https", deadline)
    watchdog = threading.Timer(max(0.0, deadline - time.monotonic()), connection.abort)
    watchdog.daemon = True
    watchdog.start()
    try:
        path = quote(target.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
            f"?{_query(target.query)}" if target.query else ""
        )
        connection.request("GET", path, headers=dict(headers))
        with connection.getresponse() as response:  # what is not read of it would keep the socket open
            answer = _answer(response, target.geturl(), max_bytes, cut=cut)
        if time.monotonic() >= deadline:  # the watchdog's cut looks like the end of the answer
            raise TimeoutError
        return answer
    finally:
        watchdog.cancel()
        connection.close()


def _query(query: str) -> str:
    return quote(query, safe="/%:@!$&'()*+,;=~-._?")


def _address(target: SplitResult, allowed: AddressCheck) -> str:
    """The first address of a host; all that it resolves to must be allowed, so that no answer depends on luck."""
    host, port = _host(target)
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    refused = next((address for address in found if not allowed(address)), None)
    if refused is not None or not found:
        how = " An intranet's pages are read with --allow-private." if is_public_or_private(refused or "::") else ""
        where = f"{host} is at {refused or 'no address'}, which" if refused != host else host
        raise FetchError(f"{where} is not a public address; not fetched.{how}")
    return found[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to one checked address; the name is only used for TLS and the Host header."""

    def __init__(self, host: str, port: int, address: str, secure: bool, deadline: float) -> None:
        super().__init__(host, port)
        self.default_port = 443 if secure else 80
        self.address = address
        self.secure = secure
        self.deadline = deadline
        self.line: socket.socket | None = None  # kept: http.client forgets `sock` once the headers are read

    def connect(self) -> None:
        """Connect and, for https, verify the certificate for the name."""
        left = max(0.1, self.deadline - time.monotonic())
        self.line = self.sock = socket.create_connection((self.address, self.port), timeout=left)
        if self.secure:
            self.line = self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
        if time.monotonic() >= self.deadline:  # `abort` may have come too early to find a line
            raise TimeoutError

    def abort(self) -> None:
        """Cut the connection at the deadline, however slowly the server drips."""
        if self.line is not None:
            with contextlib.suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)


def _answer(response: http.client.HTTPResponse, url: str, max_bytes: int, *, cut: bool = False) -> Fetched | _Redirect:
    location = response.getheader("Location")
    if response.status in _REDIRECTS and location:
        return _Redirect(location, response.status in _FOR_GOOD)
    known = response.getheader("ETag"), response.getheader("Last-Modified")
    if response.status == 304:
        return Fetched(url, b"", "", None, *known, unchanged=True)
    if response.status != 200:
        raise FetchError(
            f"{url} answers {response.status} {response.reason}. Save the page and give the file.",
            response.status, response.getheader("Retry-After"),
        )  # fmt: skip
    kind = response.headers.get_content_type() if response.getheader("Content-Type") else ""
    if kind not in _KINDS:
        raise FetchError(f"{url} is {kind}, not a page or text.")
    data = _body(response, max_bytes)
    whole = len(data) <= max_bytes
    if not whole and not cut:
        raise FetchError(f"{url} is larger than {max_bytes:,} bytes.")
    return Fetched(url, data[:max_bytes], kind, response.headers.get_content_charset(), *known, whole=whole)


def _body(response: http.client.HTTPResponse, max_bytes: int) -> bytes:
    """At most one byte more than `max_bytes` of the body, unpacked if the server packed it."""
    data = response.read(max_bytes + 1)
    if response.length and len(data) <= max_bytes:
        raise http.client.IncompleteRead(data, response.length)
    coding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if coding in ("gzip", "x-gzip"):
        return zlib.decompressobj(wbits=31).decompress(data, max_bytes + 1)
    if coding != "identity":
        raise FetchError(f"The server answers in the encoding {coding}, which was not asked for.")
    return data
