"""What is watched: addresses, folders, sources files, subscriptions, lists; rules; how items are told apart."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from presseschau.errors import ConfigurationError, InputError
from presseschau.ingest import Document
from presseschau.watching.identity import canonical, dated, entries, without_tracking
from presseschau.watching.sources import DailyNote, SourceRules, duration, watchlist

FILE = """
every = "2h"
tasks = ["translate", "summary"]
on_match = "notify 'neu'"

[[source]]
address = "https://bote.example/rss"
outlet = "Der Bote"
sections = ["politik"]
keep_rest = true
most_per_day = 20

[[source]]
folder = "eingang"
every = "10m"

[[search]]
name = "Haushalt"
query = "Haushalt -Sport"

[[note]]
folder = "notizen"
topic = "Haushalt"
at = "06:30"
"""


def test_a_sources_file(tmp_path: Path) -> None:
    file = tmp_path / "quellen.toml"
    file.write_text(FILE)
    found = watchlist([str(file), "https://kurier.example/feed", str(tmp_path)])
    bote, eingang, kurier, folder = found.sources
    assert (bote.outlet, bote.most_per_day, bote.every, bote.rest) == ("Der Bote", 20, None, "keep")
    assert (eingang.folder, eingang.every) == (tmp_path / "eingang", timedelta(minutes=10))
    assert (kurier.name, folder.folder) == ("https://kurier.example/feed", tmp_path)
    assert (found.every, found.tasks, found.on_match) == (
        timedelta(hours=2), ("translate", "summary"), "notify 'neu'",
    )  # fmt: skip
    (search,), (note,) = found.searches, found.notes
    assert (search.name, search.query, note.folder, note.at) == (
        "Haushalt", "Haushalt -Sport", tmp_path / "notizen", time(6, 30),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[source]]\naddress = 'ftp://x'", "is no http or https address"),
        ("[[source]]\noutlet = 'x'", "a source has an address or a folder"),
        ("[[source]]\naddress = 'https://x.example'\nsection = ['a']", "section is not known here"),
        ("[[source]]\naddress = 'https://x.example'\ntasks = ['übersetzen']", "tasks"),
        ("every = 'often'", "is no time of the form 30m"),
        ("[[note]]\nfolder = 'x'\nat = '7 Uhr'", "is no time of day"),
        ("[[source", "is no TOML"),
        ("[[source]]\naddress='https://x.example'\n[[source]]\naddress='https://x.example'", "is named twice"),
        (
            "[[note]]\nfolder='n'\ntopic='Bahn AG'\n[[note]]\nfolder='n'\ntopic='bahn-ag'",
            "DAY-bahn-ag.md is named twice",
        ),
    ],
)
def test_a_mistake_in_a_sources_file_is_said(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "quellen.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=says):
        watchlist([str(tmp_path / "quellen.toml")])


def test_a_topic_of_any_length_names_a_file(tmp_path: Path) -> None:
    note = DailyNote(folder=tmp_path, topic="Lange Wörter, " * 90)
    note.file("2026-11-30").touch()
    assert DailyNote(folder=tmp_path, topic="Haushalt, Steuern").file("DAY").name == "DAY-haushalt--steuern.md"


def test_subscriptions_and_lists(tmp_path: Path) -> None:
    (tmp_path / "abo.opml").write_text(
        "<?xml version='1.0'?><opml version='2.0'><body>"
        "<outline text='Politik'><outline type='rss' text='Bote' xmlUrl='https://bote.example/rss'/></outline>"
        "<outline xmlUrl='https://kurier.example/atom?a=1&amp;b=2'/><outline xmlUrl='https://bote.example/rss'/>"
        "</body></opml>"
    )
    (tmp_path / "liste.txt").write_text("# Feeds\nhttps://a.example/rss # gut\n\nhttps://b.example/rss\n")
    (tmp_path / "bombe.opml").write_text("<!DOCTYPE opml [<!ENTITY a 'b'>]><opml><body>&a;</body></opml>")
    (tmp_path / "leer.txt").write_text("nichts\n")
    names = [one.name for one in watchlist([str(tmp_path / "abo.opml"), str(tmp_path / "liste.txt")]).sources]
    assert names == [
        "https://bote.example/rss", "https://kurier.example/atom?a=1&b=2", "https://a.example/rss",
        "https://b.example/rss",
    ]  # fmt: skip
    for name, says in (
        ("leer.txt", "names no source"), ("bombe.opml", "words of their own"), ("gibt-es-nicht", "cannot be read"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=says):
            watchlist([str(tmp_path / name)])


@pytest.mark.parametrize(
    ("url", "categories", "wanted"),
    [
        ("https://x.example/politik/haushalt-1.html", "", "analyse"),
        ("https://x.example/kultur/1", "Politik, Inland", "analyse"),
        ("https://x.example/kultur/1", "", "keep"),
        ("https://x.example/politik/sport/1", "", "keep"),
        ("https://x.example/politische-bildung/1", "", "keep"),
        ("", "POLITIK", "analyse"),
    ],
)
def test_sections_are_categories_or_parts_of_the_path(url: str, categories: str, wanted: str) -> None:
    rules = SourceRules(
        address="https://x.example", sections=("/politik/",), without_sections=("Sport",), keep_rest=True
    )  # fmt: skip
    assert rules.wanted(url, categories) == wanted


@pytest.mark.parametrize("text", ["", "30", "m", "0m", "-5m", "1.5h", "5 weeks", None, 30])
def test_what_is_no_time(text: object) -> None:
    with pytest.raises(ValueError, match="no time"):
        duration(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.x.example/a/", "http://x.example/a", True),
        ("https://x.example/a?utm_source=rss&utm_medium=x#top", "https://x.example/a", True),
        ("https://x.example/a?b=2&a=1", "https://x.example/a?a=1&b=2", True),
        ("https://x.example/a/index.html", "https://x.example/a", True),
        ("https://x.example:443/a?fbclid=1&gclid=2&wt_zmc=3", "https://x.example/a", True),
        ("https://x.example/a?id=1", "https://x.example/a?id=2", False),
        ("https://x.example/a", "https://x.example/A", False),
        ("https://x.example:8080/a", "https://x.example/a", False),
        ("https://x.example/?p=1", "https://x.example/?p=2", False),
    ],
)
def test_one_page_under_several_addresses(one: str, other: str, same: bool) -> None:
    assert (canonical(one) == canonical(other)) is same


@given(st.text(max_size=60))
@example(":\rA")
def test_any_text_may_stand_where_an_address_should(text: str) -> None:
    for url in (text, f"https://{text}", f"https://x.example/{text}"):
        assert canonical(canonical(url)) is not None
        assert without_tracking(url) is not None


_VISIBLE = st.text(st.characters(exclude_categories=["Z", "C"]), max_size=40)


@given(_VISIBLE, _VISIBLE, st.sampled_from(["", ":443", ":8080", ":no", ":99999"]))
def test_without_tracking_it_is_the_same_page(path: str, asked: str, port: str) -> None:
    url = f"https://www.x.example{port}/{path}?utm_source=a&{asked}"
    assert canonical(without_tracking(url)) == canonical(url)


@given(
    st.lists(
        st.tuples(*[st.sampled_from(["", "1", "2", "https://x.example/a", "https://x.example/b"])] * 3), max_size=8
    )
)
def test_of_one_reading_no_two_items_share_what_they_are_known_by(given: list[tuple[str, str, str]]) -> None:
    documents = [
        Document("f", text=f"{headline} text", metadata={"url": url, "id": guid, "headline": headline})
        for url, guid, headline in given
    ]
    found = entries("f", documents)
    keys = [key for one in found for key in one.keys if not key.startswith("words")]
    assert len(keys) == len(set(keys))
    assert len({one.source for one in found}) == len(found)
    assert bool(found) == bool(documents)


def test_a_date_that_cannot_be_is_none() -> None:
    seen = datetime(2026, 10, 19, 8, tzinfo=UTC)
    assert dated("2026-10-18T06:00:00+02:00", seen) == "2026-10-18T06:00:00+02:00"
    for wrong in ("1970-01-01", "2087-01-01", "", None, "gestern", "2026-10-21T00:00:00"):
        assert dated(wrong, seen) == "2026-10-19T10:00:00+02:00"
    assert dated(None, datetime(2026, 10, 18, 22, 30, tzinfo=UTC))[:10] == "2026-10-19"  # the day it is in Germany
