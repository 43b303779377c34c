"""Pages with labelled parts come out as labelled, and every part of a page is accounted for."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from case_files import LAYOUT, read_case
from hypothesis import given, settings
from hypothesis import strategies as st

from presseschau.ingest import read_article
from presseschau.models import Article
from searching import examples

CASES = sorted(LAYOUT.glob("*.layout"))
UNWRAPPED = [path for path in CASES if "\n+ |" not in path.read_text("utf-8")]
SAMPLE = LAYOUT.parents[1] / "articles" / "000_044aac90155ef23c.txt"


def named_parts(article: Article) -> list[tuple[str, str]]:
    """(label, text) of every part of the article in page order; sentences of one paragraph joined again."""
    found: list[tuple[int, int, str]] = []
    for sentence in article.sentences:
        label = f"{sentence.role}@{sentence.when}" if sentence.when else sentence.role
        if found and found[-1][2] == label and article.text[found[-1][1] : sentence.start].strip(" ") == "":
            found[-1] = (found[-1][0], sentence.end, label)
        else:
            found.append((sentence.start, sentence.end, label))
    found += [(kept.start, kept.end, kept.role) for kept in article.kept]
    found += [(dropped.start, dropped.end, f"drop:{dropped.reason}") for dropped in article.dropped]
    return [(label, article.text[start:end]) for start, end, label in sorted(found)]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_part_is_named_as_labelled(path: Path) -> None:
    case = read_case(path)
    assert named_parts(read_article(case.text, source=path.stem)) == case.parts


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_metadata_is_as_expected(path: Path) -> None:
    case = read_case(path)
    article = read_article(case.text, source=path.stem)
    found = {name: _value(article, name) for name in case.expected}
    assert found == case.expected


def _value(article: Article, name: str) -> str:
    if name == "incomplete":
        return str(any(f.code == "input.incomplete" for f in article.findings)).lower()
    return str(getattr(article, name))


@pytest.mark.parametrize("path", UNWRAPPED, ids=lambda path: path.stem)
def test_blank_lines_between_all_blocks_change_nothing(path: Path) -> None:
    case = read_case(path)
    spaced = case.text.replace("\n", "\n\n")
    assert named_parts(read_article(spaced, source=path.stem)) == case.parts


def test_a_hyphenated_word_does_not_hide_that_a_text_is_wrapped() -> None:
    wrapped = (
        "Wesselau, 3. Juni (Reuters) - Nach einem Chemieunfall in\n"
        "einem Werk der Firma Halden AG in Wesselau haben rund 900\n"
        "Anwohner am Mittwochabend in ihre Häuser zurückkehren kön-\n"
        "nen. Bei dem Zwischenfall waren am Vormittag etwa 2.000\n"
        "Liter Salpetersäure ausgetreten.\n\n"
        "(Reporter: Inka Dahl, redigiert von Paul Brenner. Bei\n"
        "Rückfragen wenden Sie sich an die Redaktionsleitung)\n"
    )
    article = read_article(wrapped, source="x")
    assert [sentence.text for sentence in article.sentences] == [
        "Nach einem Chemieunfall in einem Werk der Firma Halden AG in Wesselau haben rund 900 Anwohner am Mittwochabend"
        " in ihre Häuser zurückkehren können.",
        "Bei dem Zwischenfall waren am Vormittag etwa 2.000 Liter Salpetersäure ausgetreten.",
    ]
    assert [kept.role for kept in article.kept] == ["dateline", "note"]


def test_sample_has_eighteen_blocks_classed_and_fifteen_units() -> None:
    article = read_article(SAMPLE.read_bytes(), source="sample")
    roles = [sentence.role for sentence in article.sentences]
    assert roles == ["headline", "lead", "lead", *["body"] * 6, "crosshead", *["body"] * 5]
    assert article.sentences[9].text == "Wen schickt Russland?"
    assert [sentence.n for sentence in article.sentences] == list(range(1, 16))
    assert [kept.role for kept in article.kept] == ["topic", "timestamp", "credit"]
    assert [dropped.reason for dropped in article.dropped] == ["stop heading", *["teaser"] * 6]
    assert (article.topic, article.published, article.agency) == ("Ukraine, Russland", "2025-12-20T19:25:08", "dpa")
    paragraphs = {sentence.paragraph for sentence in article.sentences}
    assert len(paragraphs) + len(article.kept) + len(article.dropped) == 18


LINES = st.lists(
    st.one_of(
        st.text(max_size=80),
        st.sampled_from(
            [
                "Mehr zum Thema",
                "Anzeige",
                "12.31 Uhr: Der Rat tagt.",
                "Berlin (dpa) - Der Rat tagt heute.",
                "@ dpa.de",
                "20.12.2025 - 19:25:08",
                "+++ 9.00 Uhr: Los +++",
                "Der Rat hat am Montag getagt und nichts beschlossen, was neu wäre.",
            ]
        ),
    ),
    max_size=12,
)


@settings(max_examples=examples(150))
@given(LINES)
def test_nothing_of_the_text_is_lost(lines: list[str]) -> None:
    """Sentences, kept and dropped parts together hold every letter and digit of the page, once."""
    page = "\n\n".join(["Der Rat hat getagt", "Der Rat der Stadt hat am Montag über den Haushalt beraten.", *lines])
    article = read_article(page, source="property", lang_check=False)
    spans = [(s.start, s.end, s.text) for s in article.sentences]
    spans += [(k.start, k.end, k.text) for k in article.kept] + [(d.start, d.end, d.text) for d in article.dropped]
    spans.sort()
    assert all(article.text[start:end] == text for start, end, text in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    outside = "".join(article.text[a:b] for a, b in _gaps(spans, len(article.text)))
    assert not any(char.isalnum() for char in outside)


def _gaps(spans: list[tuple[int, int, str]], length: int) -> list[tuple[int, int]]:
    edges = [0, *[edge for start, end, _ in spans for edge in (start, end)], length]
    return list(zip(edges[::2], edges[1::2], strict=True))


@pytest.mark.parametrize(
    ("name", "heading"), [("teasers-without-end-mark", "interessieren:”"), ("stop-heading-contact", "“Pressekontakt:”")]
)
def test_what_is_left_out_by_its_place_alone_is_said(name: str, heading: str) -> None:
    article = read_article(read_case(LAYOUT / f"{name}.layout").text, source=name)
    (message,) = (finding.message for finding in article.findings if finding.code == "input.cut")
    left_out = sum(len(part.text) for part in article.dropped if part.text.endswith("."))
    assert f"({left_out} characters)" in message
    assert heading in message


@pytest.mark.parametrize("name", ["dated-teasers", "inline-links", "stop-heading-marked", "stop-heading-videos"])
def test_marked_teasers_and_titles_are_no_cut(name: str) -> None:
    article = read_article(read_case(LAYOUT / f"{name}.layout").text, source=name)
    assert article.dropped
    assert "input.cut" not in [finding.code for finding in article.findings]
