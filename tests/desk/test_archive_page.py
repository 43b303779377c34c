"""The archive's page: found in German and English, words marked, narrowed down, leafed through."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from desk_visit import browser, desk, filled
from output.own_analysis import RICH, SLUGS, own
from presseschau.desk import archive_page
from presseschau.library.store import Archive


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return browser(desk(filled(tmp_path_factory.mktemp("pages") / "archive.db")))


def titles(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r"<h3><a [^>]*>([^<]*)</a></h3>", page)]


def test_all_of_it_the_newest_first(client: TestClient) -> None:
    page = client.get("/archive").text
    assert f"{len(SLUGS)} articles" in page
    assert len(titles(page)) == len(SLUGS)
    days = [own(slug).article.published or "2027: stored today" for slug in SLUGS]
    newest = own(max(zip(days, range(len(days)), SLUGS, strict=True))[2])
    assert "no date, came in " in page
    assert titles(page)[0] == next(row.en for row in newest.translation or () if row.role == "headline")


@pytest.mark.parametrize(("word", "marked"), [("Flusswasser", "Flusswassers"), ("villages", "villages")])
def test_a_word_of_either_language_is_found_and_marked(client: TestClient, word: str, marked: str) -> None:
    page = client.get("/archive", params={"q": word}).text
    assert any("Amu Darya" in title for title in titles(page))
    assert f'<mark class="found">{marked}</mark>' in page
    assert f'value="{word}"' in page


def test_a_facet_leads_to_as_many_as_it_says(client: TestClient) -> None:
    page = client.get("/archive").text
    links = re.findall(r'<li><a href="([^"]+)"><span>[^<]*</span> <span class="many">(\d+)</span>', page)
    assert len(links) > 20
    for address, many in links[::5]:
        assert f'<h2 id="found-title">{many} article' in client.get(unescape(address)).text, address


def test_a_filter_can_be_taken_away(client: TestClient) -> None:
    page = client.get("/archive?q=water&stance=reported&since=2026-01-01").text
    chips = {unescape(href): what for href, what in re.findall(r'<a href="([^"]+)" title="without this">([^<]*)', page)}
    assert chips == {
        "/archive?q=water&since=2026-01-01": "stance reported ",
        "/archive?q=water&stance=reported": "since 2026-01-01 ",
    }


def test_it_is_leafed_through(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_page, "PAGE", 5)
    seen: list[str] = []
    address = "/archive?order=newest"
    while address:
        page = client.get(address).text
        seen += titles(page)
        following = re.search(r'<a href="([^"]+)" rel="next"', page)
        address = unescape(following[1]) if following else ""
    assert len(seen) == len(set(seen)) == len(SLUGS)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("since=yesterday", "yesterday is no day"), ("stance=shouted", "shouted is no stance"),
        ("risk=high", "high is no risk"), ("risk=7", "7 is no risk"), ("risk=nan", "nan is no risk"),
        ("q=-water", "holds no word"), ("since=2026-02-01&until=2026-01-01", "No day is after"),
        ("page=0", "17 articles"), ("page=999999999999", "17 articles"), ("page=²", "17 articles"),
        ("q=%00%22", "holds no word"), ("q=zzzz", "Nothing was found"), ("finding=none.such", "Nothing was found"),
        ('q="%3Cscript%3E', "Nothing was found"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told(client: TestClient, asked: str, said: str) -> None:
    got = client.get(f"/archive?{asked}")
    assert got.status_code == 200
    assert said in unescape(got.text)
    assert "<script>" not in got.text


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    Archive(tmp_path / "empty.db").close()
    assert "Nothing is in this archive yet." in browser(desk(tmp_path / "empty.db")).get("/archive").text


def test_what_stands_against_an_article_is_told(client: TestClient) -> None:
    kinds = [finding.severity for finding in own(RICH).findings]
    assert f"{kinds.count('error')} errors" in client.get("/archive?q=Amudarja").text
