"""One page over HTTP from a loopback server: only allowed addresses, bounded, redirects checked again."""

from __future__ import annotations

import gzip
import http.client
import ssl
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from presseschau.errors import FetchError, InputError
from presseschau.ingest import ReadOptions
from presseschau.ingest.fetch import Known, _reason, fetch, is_public
from presseschau.ingest.polite import Polite

PAGE = "<html><body><h1>Größe</h1></body></html>".encode("cp1252")


class Handler(BaseHTTPRequestHandler):
    """Answers by path; the headers of every request are kept on the server."""

    server: Server

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        path = self.path.partition("?")[0]
        if path == "/page":
            self.answer(200, PAGE, "text/html; charset=windows-1252")
        elif path == "/gzip":
            self.answer(200, gzip.compress(PAGE), "text/html", ("Content-Encoding", "gzip"))
        elif path == "/bomb":
            self.answer(200, gzip.compress(bytes(50_000_000)), "text/html", ("Content-Encoding", "gzip"))
        elif path == "/brotli":
            self.answer(200, b"x", "text/html", ("Content-Encoding", "br"))
        elif path == "/image":
            self.answer(200, b"\x89PNG", "image/png")
        elif path == "/large":
            self.answer(200, b"x" * 300_000, "text/plain")
        elif path == "/short":
            self.answer(200, b"x" * 10, "text/plain", length=1000)
        elif path == "/drip":
            self.drip()
        elif path == "/kept":
            same = self.headers.get("If-None-Match") == '"v1"'
            self.answer(304 if same else 200, b"" if same else b"text", "text/plain", ("ETag", '"v1"'))
        elif path == "/busy":
            self.answer(429, b"", "text/plain", ("Retry-After", "90"))
        elif path.startswith("/moved"):
            self.answer(301, b"", "text/html", ("Location", "/page" if path == "/moved" else "/to"))
        elif path.startswith("/to"):
            self.answer(302, b"", "text/html", ("Location", self.server.target))
        else:
            self.answer(404, b"weg", "text/html")

    def answer(self, status: int, body: bytes, kind: str, *more: tuple[str, str], length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Set-Cookie", "id=1")
        for name, value in more:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def drip(self) -> None:
        """One byte at a time until the client goes away; each byte alone comes soon enough for a socket timeout."""
        self.send_response(200)
        self.end_headers()
        while not self.server.closing.wait(0.05):
            try:
                self.wfile.write(b"x")
            except OSError:
                return

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr."""


class Server(ThreadingHTTPServer):
    """A loopback server; `target` is where /to redirects."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.target = "/page"
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield running
        running.closing.set()
        running.shutdown()
        thread.join()


def loopback(address: str) -> bool:
    return address == "127.0.0.1"


def test_page_with_its_declared_charset(server: Server) -> None:
    fetched = fetch(f"{server.url}/page?größe=1", address_allowed=loopback)
    assert fetched.data == PAGE
    assert (fetched.kind, fetched.charset, fetched.is_html) == ("text/html", "windows-1252", True)
    ((path, headers),) = server.seen
    assert path == "/page?gr%C3%B6%C3%9Fe=1"
    assert "Cookie" not in headers
    assert "Authorization" not in headers


def test_packed_answer(server: Server) -> None:
    assert fetch(f"{server.url}/gzip", address_allowed=loopback).data == PAGE


def test_redirect_is_followed_without_cookies(server: Server) -> None:
    fetched = fetch(f"{server.url}/to", address_allowed=loopback)
    assert fetched.url == f"{server.url}/page"
    assert all("Cookie" not in headers for _, headers in server.seen)


def test_what_is_known_comes_without_a_body(server: Server) -> None:
    first = fetch(f"{server.url}/kept", address_allowed=loopback)
    assert (first.data, first.etag, first.unchanged) == (b"text", '"v1"', False)
    again = fetch(f"{server.url}/kept", address_allowed=loopback, known=Known(first.etag, first.modified))
    assert (again.data, again.etag, again.unchanged) == (b"", '"v1"', True)
    injected = fetch(f"{server.url}/kept", address_allowed=loopback, known=Known('"v1"\r\nX-Evil: 1'))
    assert not injected.unchanged
    assert all("X-Evil" not in headers for _, headers in server.seen)


def test_an_address_has_moved_if_each_step_was_for_good(server: Server) -> None:
    assert fetch(f"{server.url}/moved", address_allowed=loopback).moved == f"{server.url}/page"
    assert fetch(f"{server.url}/to", address_allowed=loopback).moved is None
    assert fetch(f"{server.url}/moved-and-to", address_allowed=loopback).moved is None


def test_of_what_is_too_large_the_beginning_is_taken_if_that_was_said(server: Server) -> None:
    cut = fetch(f"{server.url}/large", address_allowed=loopback, max_bytes=1000, cut=True)
    assert (len(cut.data), cut.whole) == (1000, False)


def test_a_host_that_asks_for_a_pause_gets_it(server: Server) -> None:
    room = Polite(ReadOptions(allow_private=True), lambda: 100.0, lambda seconds: None)
    for says in ("answers 429", "asks not to be asked for 90 s"):
        with pytest.raises(FetchError, match=says) as caught:
            room.fetch(f"{server.url}/busy")
        assert caught.value.retry_after == 90.0
    assert [path for path, _ in server.seen] == ["/robots.txt", "/busy"]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("http://169.254.169.254/latest/meta-data", "not a public address"),
        ("http://[::1]/", "not a public address"),
        ("http://0x7f000002/", "not a public address|could not be fetched"),
        ("file:///etc/passwd", "not an http or https address"),
        ("ftp://example.org/", "not an http or https address"),
        ("http://user:secret@127.0.0.1/", "user name or password"),
        ("/to-again", "redirects more than 5 times"),
    ],
)
def test_redirect_is_checked_again(server: Server, target: str, message: str) -> None:
    server.target = target
    with pytest.raises(InputError, match=message):
        fetch(f"{server.url}/to", address_allowed=loopback)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/none", "404"),
        ("/image", "image/png"),
        ("/large", "larger than 100,000 bytes"),
        ("/bomb", "larger than 100,000 bytes"),
        ("/brotli", "encoding br"),
        ("/short", "could not be fetched"),
    ],
)
def test_answers_that_cannot_be_used(server: Server, path: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        fetch(server.url + path, address_allowed=loopback, max_bytes=100_000)


def test_dripping_server_is_cut_at_the_deadline(server: Server) -> None:
    """It drips without end."""
    with pytest.raises(InputError, match="no complete answer within"):
        fetch(f"{server.url}/drip", address_allowed=loopback, timeout=0.4)


def test_by_default_loopback_is_refused_before_any_request(server: Server) -> None:
    with pytest.raises(InputError, match="not a public address"):
        fetch(f"{server.url}/page")
    assert server.seen == []


@pytest.mark.parametrize(
    "url",
    ["http://", "https://user@example.org/", "gopher://x", "http://exa mple.org/", "http://x:99999/", "http://a\nb/"],
)
def test_odd_urls_are_refused(url: str) -> None:
    with pytest.raises(InputError):
        fetch(url, address_allowed=loopback)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False), ("240.0.0.1", False), ("255.255.255.255", False), ("::", False), ("::1", False),
        ("fe80::1", False), ("fe80::1%eth0", False), ("fc00::1", False), ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True), ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("ff02::1", False),
    ],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ssl.SSLCertVerificationError(1, "x"), "its certificate is not valid"),
        (ssl.SSLError(1, "x"), "no encrypted connection can be made"),
        (http.client.IncompleteRead(b""), "the answer ended early"),
        (http.client.BadStatusLine("x"), "its answer is damaged or not HTTP"),
        (zlib.error("x"), "its answer is damaged or not HTTP"),
        (OSError(111, "Connection refused."), "Connection refused"),
        (OSError(), "no connection"),
        (UnicodeError("x"), "the name of its host is not valid"),
    ],
)
def test_why_nothing_was_fetched_is_said(error: Exception, said: str) -> None:
    if isinstance(error, ssl.SSLCertVerificationError):
        error.verify_message = "it is old"
        said = f"{said} (it is old)"
    assert _reason(error) == said
