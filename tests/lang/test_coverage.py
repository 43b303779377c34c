"""The lexicon knows the words of running news: of text that was not counted for its order, and in reasonable time."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import median

from presseschau.facts.lexicon import english, lexicon, stem
from presseschau.lang import lines

sys.path.insert(0, str(Path(__file__).parents[1] / "measure"))
from word_coverage import coverage, own_articles


def test_it_knows_most_content_words_of_the_news() -> None:
    known, unknown = coverage(own_articles())
    assert known / (known + unknown.total()) >= 0.93, unknown.most_common(40)


def test_it_has_the_headwords_and_renderings_of_a_lexicon() -> None:
    assert len(lexicon()) >= 8_000
    assert median(len(english.split("|")) for english in lexicon().values()) >= 2
    assert all(word == word.lower() and said == said.lower() for word, said in lexicon().items())


def test_austria_and_switzerland_have_words_of_their_own() -> None:
    rows = [line.split(",") for _, line in lines("de_en", "lexicon.csv")]
    own = [row for row in rows[1:] if len(row) > 2]
    assert len(own) >= 300
    assert {region for row in own for region in row[2].split("|")} == {"AT", "CH"}
    assert all(len(row) <= 3 for row in rows)
    assert "governor" in english("landeshauptmann")
    assert "fine" in english("busse")


def test_less_than_a_third_of_the_headwords_have_one_rendering() -> None:
    single = sum("|" not in said for said in lexicon().values())
    assert single / len(lexicon()) < 1 / 3


def test_any_form_is_looked_up() -> None:
    assert stem("aufgenommen") == stem("aufzunehmen") == "aufnehmen"
    assert stem("städte") == "stadt"
    assert stem("verbotenen") in ("verbieten", "verboten")
    assert "acquit" in english("freigesprochen")


def test_a_word_is_known_by_its_last_part() -> None:
    assert "strike" in english("fluglotsenstreik")
    assert english("qzxv") == ()


def test_reading_it_takes_no_time() -> None:
    from presseschau.lang.tables import renderings

    began = time.process_time()
    renderings.__wrapped__("de_en", "lexicon")
    assert time.process_time() - began < 0.1  # about 0.01 s; ten times that on a busy machine
