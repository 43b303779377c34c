"""One way of writing; no spelling changes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presseschau.ingest.text.normalize import normalize


@pytest.mark.parametrize(
    ("text", "expected", "kind"),
    [
        ("eins\r\nzwei\rdrei\u2028vier\x85fünf", "eins\nzwei\ndrei\nvier\nfünf", "line break"),
        ("M&uuml;nchen &amp;amp; Umgebung &#8222;Ja&#x201C;", "München & Umgebung „Ja“", "entity"),
        ("AT&T &unbekannt; R&D;", "AT&T &unbekannt; R&D;", None),
        ("&#128; &#0; &#55296;", "€ &#0; &#55296;", "entity"),
        ("u\u0308ber", "über", "composed"),
        ("x² ½ … ª", "x² ½ … ª", None),
        ("Zu\u00adstim\u200bmung\ufeff \u202eoben\u202c", "Zustimmung oben", "invisible"),
        ("1\u00a0000 und 2\u202f000 und\u20093", "1 000 und 2 000 und 3", "space"),
        ("oﬃziell ﬂüssig, daſs", "offiziell flüssig, dass", "ligature"),
        ("Zeile \t\nEnde ", "Zeile\nEnde", "line end"),
        ("die Regie-\nrung", "die Regierung", "hyphenation"),
        ("die Regie\u2010\nrung", "die Regierung", "hyphenation"),
        ("die Regie¬\nrung", "die Regierung", "hyphenation"),
        ("Ein-\nund Ausfuhr", "Ein-\nund Ausfuhr", None),
        ("die US-\nRegierung", "die US-Regierung", "hyphenation"),
        ("ein CDU-\nnaher Verband", "ein CDU-naher Verband", "hyphenation"),
        ("Regie¬\nrung", "Regierung", "hyphenation"),
        ("Berlin (dpa) -\nDie Regierung", "Berlin (dpa) -\nDie Regierung", None),
        ("Familie 👨\u200d👩\u200d👧", "Familie 👨\u200d👩\u200d👧", None),
        ("Boerse, aktuell, Goethe, Strasse", "Boerse, aktuell, Goethe, Strasse", None),
    ],
)
def test_one_kind_of_change(text: str, expected: str, kind: str | None) -> None:
    result, repairs = normalize(text)
    assert result == expected
    assert [repair.kind for repair in repairs] == ([kind] if kind else [])


def test_every_change_is_counted_with_examples() -> None:
    _, (repair,) = normalize("a\u00adb\u00adc")
    assert repair.count == 2
    assert repair.examples == ("U+00AD -> ",)


@given(st.text(max_size=200))
def test_result_is_stable_and_composed(text: str) -> None:
    once = normalize(text)[0]
    assert unicodedata.is_normalized("NFC", once)
    assert not any("\ud800" <= char <= "\udfff" for char in once)
    assert normalize(once)[0] == once or "&" in once or "-\n" in once
