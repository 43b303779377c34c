"""Addresses that a list, a table or a feed gives: refused with what to do, or fetched each once and politely."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from archive_world import german, translated
from fault_server import FaultServer
from in_process import Ended, presseschau
from presseschau.errors import FetchError, SeveralError
from presseschau.ingest import ReadOptions, Skipped, iter_articles, polite, read
from presseschau.ingest.fetch import fetch, is_public_or_private
from presseschau.ingest.follow import Follower
from presseschau.ingest.polite import Polite, Robots
from presseschau.ingest.sources import Document, iter_documents
from presseschau.models import Article
from test_cli import served

__all__ = ["served"]  # a fixture

ROBOTS = "User-agent: *\nDisallow: /geheim\nAllow: /geheim/nicht\n"
FOLLOWED = ReadOptions(follow=True, allow_private=True)


_HEAD = (
    '<meta charset="utf-8"><meta property="og:site_name" content="Der Bote">'
    '<meta property="article:published_time" content="2026-01-31T06:00:00+01:00">'
)


class Site(ThreadingHTTPServer):
    """A paper on this machine: /1, /2 ... are articles, /nichts is none; `seen` are the paths that were asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Pages)
        self.seen: list[str] = []
        self.robots: tuple[int, str] = (200, ROBOTS)
        self.feed = ""
        self.feed_kind = "application/rss+xml"

    def url(self, path: object) -> str:
        return f"http://127.0.0.1:{self.server_port}/{path}"


class _Pages(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.seen.append(self.path)
        name = self.path.strip("/")
        if name == "robots.txt":
            self.send(*self.server.robots, "text/plain")
        elif name == "feed":
            self.send(200, self.server.feed, self.server.feed_kind)
        elif name.isdigit():
            headline, *rest = german(int(name), 8).replace("\n\n", "\n").replace(". Am", ".\nAm").splitlines()
            body = "".join(f"<p>{first} {second}</p>" for first, second in zip(rest[::2], rest[1::2], strict=True))
            page = f"<article><h1>{headline}</h1>{body}</article>"
            self.send(200, f"<html><head>{_HEAD}</head><body>{page}</body></html>", "text/html")
        else:
            self.send(404, "weg", "text/html")

    def send(self, status: int, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(polite, "_PAUSE", 0.0)
    with Site() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def _lines(site: Site, *paths: object) -> str:
    return "".join(f"{site.url(path)}\n" for path in paths)


def _rows(site: Site) -> str:
    return "".join(json.dumps({"id": f"k-{n}", "url": site.url(n), "kunde": "Rat"}) + "\n" for n in (1, 2))


def _rss(site: Site) -> str:
    items = "".join(
        f"<item><title>Kurz {n}</title><guid>g-{n}</guid><link>{site.url(n)}</link>"
        "<description>Ein Anriss ...</description></item>"
        for n in (1, 2)
    )
    return f"<rss version='2.0'><channel><title>Bote</title>{items}</channel></rss>"


CASES: list[tuple[str, Callable[[Site], str]]] = [
    ("list.txt", lambda site: _lines(site, 1, 2)),
    ("noted.txt", lambda site: f"url\n# von heute\n{site.url(1)}\n\n{site.url(2)}\r\n"),
    ("table.csv", lambda site: f"url;id;kunde\n{site.url(1)};k-1;Rat\n{site.url(2)};k-2;Rat\n"),
    ("renamed.txt", lambda site: f"id,link\nk-1,{site.url(1)}\nk-2,{site.url(2)}\n"),
    ("rows.jsonl", _rows),
    ("strings.json", lambda site: json.dumps([site.url(1), site.url(2)])),
    ("rows.json", lambda site: json.dumps({"seiten": [json.loads(row) for row in _rows(site).splitlines()]})),
]


@pytest.mark.parametrize(("name", "content"), CASES, ids=[name for name, _ in CASES])
def test_addresses_are_fetched_when_that_was_said(
    site: Site, tmp_path: Path, name: str, content: Callable[[Site], str]
) -> None:
    file = tmp_path / name
    file.write_text(content(site))
    refused = list(iter_documents(file))
    assert [one.reason for one in refused if isinstance(one, Skipped)] == ["follow", "follow"]
    with pytest.raises(SeveralError, match=r"holds 2 web addresses and no text.* --follow"):
        read(file)
    assert site.seen == []

    found = list(iter_articles(file, options=FOLLOWED))
    assert [one.headline for one in found] == ["Bericht 1 aus dem Dorf", "Bericht 2 aus dem Dorf"]
    assert [one.metadata["url"] for one in found] == [site.url(1), site.url(2)]
    assert [one.source.startswith(f"{file}#") for one in found] == [True, True]
    if "k-1" in file.read_text():
        assert [one.metadata["id"] for one in found] == ["k-1", "k-2"]
    assert site.seen == ["/robots.txt", "/1", "/2"]
    assert read(file, options=FOLLOWED, article=site.url(2)).headline == "Bericht 2 aus dem Dorf"


def test_a_row_whose_text_is_empty_is_fetched_too(site: Site, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"url": site.url(4), "text": " "}))
    (skipped,) = iter_articles(tmp_path / "a.jsonl")
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, "--follow" in skipped.detail) == ("empty", True)
    assert read(tmp_path / "a.jsonl", options=FOLLOWED).headline == "Bericht 4 aus dem Dorf"


def test_one_address_of_a_list_is_one_article(site: Site, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(site.url(3))
    assert read(tmp_path / "one.txt", options=FOLLOWED).headline == "Bericht 3 aus dem Dorf"


def test_what_a_table_says_of_a_page_wins_and_what_a_feed_says_does_not(site: Site, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(f"url;datum;zeitung;titel\n{site.url(7)};2026-02-01;Mein Blatt;Mein Titel\n")
    (found,) = iter_articles(tmp_path / "table.csv", options=FOLLOWED)
    assert isinstance(found, Article)
    assert (found.published, found.outlet, found.headline) == ("2026-02-01", "Mein Blatt", "Bericht 7 aus dem Dorf")
    site.feed = _rss(site).replace("<guid>", "<pubDate>Mon, 02 Feb 2026 08:00:00 GMT</pubDate><guid>")
    first = next(iter(iter_articles(site.url("feed"), options=FOLLOWED)))
    assert isinstance(first, Article)
    assert (first.published, first.outlet) == ("2026-01-31T06:00:00+01:00", "Der Bote")


def test_a_teaser_of_a_feed_is_incomplete_or_followed(site: Site, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(_rss(site))
    given = list(iter_articles(tmp_path / "feed.xml", lang_check=False))
    said = [[f.message for f in one.findings if f.code == "input.incomplete"] for one in given]
    assert ["fetch it with --follow" in message for (message,) in said] == [True, True]
    assert site.seen == []
    full = list(iter_articles(tmp_path / "feed.xml", options=FOLLOWED))
    assert [(one.headline, one.metadata["id"], one.outlet) for one in full] == [
        ("Bericht 1 aus dem Dorf", "g-1", "Der Bote"), ("Bericht 2 aus dem Dorf", "g-2", "Der Bote"),
    ]  # fmt: skip
    assert all(not any(f.code == "input.incomplete" for f in one.findings) for one in full)


def test_a_feed_at_an_address_leads_to_its_pages(site: Site) -> None:
    site.feed = _rss(site)
    found = list(iter_articles(site.url("feed"), options=FOLLOWED))
    assert [one.headline for one in found] == ["Bericht 1 aus dem Dorf", "Bericht 2 aus dem Dorf"]


def test_links_of_a_feed_without_their_site_and_a_feed_that_is_called_a_page(site: Site) -> None:
    site.feed = _rss(site).replace(site.url(""), "/")
    site.feed_kind = "text/html"
    found = list(iter_articles(site.url("feed"), options=FOLLOWED))
    assert [one.headline for one in found] == ["Bericht 1 aus dem Dorf", "Bericht 2 aus dem Dorf"]


def test_addresses_that_are_given_are_fetched_as_politely(site: Site) -> None:
    found = list(iter_articles([site.url("geheim/x"), site.url(1), site.url(2)], options=FOLLOWED))
    assert [isinstance(one, Skipped) for one in found] == [True, False, False]
    assert site.seen == ["/robots.txt", "/1", "/2"]


def test_each_page_once_and_failures_are_items(site: Site, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(_lines(site, 1, "1#unten", "nichts", "geheim/x", "geheim/nicht", 2))
    found = list(iter_articles(tmp_path / "list.txt", options=FOLLOWED))
    assert [one.reason if isinstance(one, Skipped) else "" for one in found] == [
        "", "repeated", "fetch", "fetch", "fetch", "",
    ]  # fmt: skip
    assert "answers 404" in found[2].detail
    assert "robots.txt forbids it" in found[3].detail
    assert site.seen == ["/robots.txt", "/1", "/nichts", "/geheim/nicht", "/2"]


def test_a_site_whose_robots_cannot_be_asked_for_is_left_alone(site: Site, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(_lines(site, 1, 2))
    site.robots = (503, "")
    found = list(iter_articles(tmp_path / "list.txt", options=FOLLOWED))
    assert [one.reason for one in found] == ["fetch", "fetch"]
    assert site.seen == ["/robots.txt"]
    site.robots = (404, "")
    assert not any(isinstance(one, Skipped) for one in iter_articles(tmp_path / "list.txt", options=FOLLOWED))


def test_a_host_is_asked_once_a_second_or_as_seldom_as_it_says(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polite, "_PAUSE", 1.0)
    site.robots = (200, "user-agent: Presseschau\ncrawl-delay: 7\n")
    now, waited = 100.0, []

    def wait(seconds: float) -> None:
        nonlocal now
        waited.append(seconds)
        now += seconds

    room = Polite(FOLLOWED, lambda: now, wait)
    answers = Follower(FOLLOWED, lambda answer: iter([Document(answer.url, data=answer.data)]), room)
    for number in (1, 2, 3):
        item = answers.item(Document(f"#{number}", address=site.url(number)))
        assert isinstance(item, Document)
        assert item.load
        item.load()
    assert waited == [0.0, 7.0, 7.0]


def test_addresses_inside_are_refused_unless_that_was_said(site: Site, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(_lines(site, 1))
    (found,) = iter_articles(tmp_path / "list.txt", options=ReadOptions(follow=True))
    assert isinstance(found, Skipped)
    assert "--allow-private" in found.detail
    assert site.seen == []
    refused = presseschau("read", site.url(1))
    assert (refused.code, "--allow-private" in refused.err) == (1, True)
    assert "Bericht 1" in presseschau("read", site.url(1), "--allow-private").out


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        ("10.1.2.3", True), ("192.168.1.1", True), ("172.16.9.9", True), ("127.0.0.1", True), ("fd12:3456::1", True),
        ("::1", True), ("100.64.0.1", True), ("93.184.216.34", True), ("169.254.169.254", False), ("0.0.0.0", False),
        ("169.254.1.1", False), ("fe80::1", False), ("fd00:ec2::254", False), ("100.100.100.200", False),
        ("168.63.129.16", False), ("::ffff:169.254.169.254", False), ("64:ff9b::a9fe:a9fe", False),
        ("224.0.0.1", False),
        ("2002:a9fe:a9fe::", False), ("255.255.255.255", False), ("::ffff:10.0.0.1", True),
    ],
)  # fmt: skip
def test_what_an_intranet_is(address: str, reached: bool) -> None:
    assert is_public_or_private(address) is reached


def test_a_cloud_is_never_asked_for_its_secrets() -> None:
    with pytest.raises(FetchError, match=r"169\.254\.169\.254 is not a public address; not fetched\.$"):
        fetch("http://169.254.169.254/latest/meta-data", address_allowed=is_public_or_private)


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: Googlebot\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: PRESSESCHAU\nAllow: /", "/a", True),
        ("User-agent: presseschau\nUser-agent: x\nDisallow: /a # hier", "/ab", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /*.php$", "/x/y.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/x/y.php?z", True),
        ("User-agent: *\nDisallow: /a*c", "/abbc/d", False),
        ("User-agent: *\nDisallow: /?s=", "/?s=1", False),
        ("\ufeffuser-agent:*\r\ndisallow:/a\r\n", "/a", False),
    ],
)
def test_robots(text: str, path: str, allowed: bool) -> None:
    assert Robots(text).allow(path) is allowed


def test_a_run_fetches_each_page_once_however_often_it_is_called(
    site: Site, tmp_path: Path, served: Callable[[list[Any]], FaultServer]
) -> None:
    (tmp_path / "list.txt").write_text(_lines(site, 1, 2, "nichts"))
    server = served([translated])

    def batch(*more: str) -> Ended:
        return presseschau(
            "batch", str(tmp_path / "list.txt"), "-o", str(tmp_path / "out.jsonl"), "-m", "m", "--base-url",
            server.base_url, "--tasks", "translate", "--cache", str(tmp_path / "cache.sqlite"), "-q", *more,
        )  # fmt: skip

    refused = batch()
    assert refused.code == 2
    assert "Of 3 items only a web address is given: use --follow" in refused.err
    counted = batch("--follow", "--dry-run")
    assert (counted.code, "3 to be fetched" in counted.out) == (0, True)
    assert (site.seen, server.requests) == ([], [])
    assert batch("--follow", "--allow-private").code == 3
    assert site.seen == ["/robots.txt", "/1", "/2", "/nichts"]
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["article"]["metadata"]["url"] for row in rows] == [site.url(1), site.url(2)]
    asked = len(server.requests)
    assert batch("--follow", "--allow-private").code == 3
    assert (len(site.seen), len(server.requests)) == (4, asked)
    batch("--follow", "--allow-private", "--retry-failed")
    assert site.seen[4:] == ["/robots.txt", "/nichts"]


def test_a_forecast_of_as_many_articles_as_addresses_is_no_failure(site: Site, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "list.txt").write_text(_lines(site, 1))
    (tmp_path / "in" / "z.txt").write_text(german(1), encoding="utf-8")
    asked = (
        "batch",
        str(tmp_path / "in"),
        "-m",
        "m",
        "--base-url",
        "http://127.0.0.1:9/v1",
        "--dry-run",
        "--follow",
        "-q",
    )
    counted = presseschau(*asked, "--no-cache")
    assert counted.code == 0, counted.err
    assert "1 to be fetched" in counted.out
    assert site.seen == []
