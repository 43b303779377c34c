"""What must hold for any text: no check fails, spans lie where they say, and a check says the same twice."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from presseschau.checks import check_pair
from presseschau.checks.files.pairs import Pair, verify_pairs
from searching import examples

WORDS = st.sampled_from(
    """Der|die|Regierung|zahlt|9|Milliarden|Euro|nicht|„ja“|Merz|Kiew|and|the|government|pays|billion|"|'|«|not|—|1.000,5
    |Straße|laut|ihm|<|im_end|>|https://x.de|...|?|ß|é|日本|\u00ad|Ministerin|GEHEIM""".split("|")  # noqa: SIM905 - a list of 30 strings would not be read
)
TEXT = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=25).map(" ".join))


@given(TEXT, TEXT)
@settings(max_examples=examples(300))
def test_any_pair_can_be_checked(de: str, en: str) -> None:
    found = check_pair(de, en, n=3)

    for item in found:
        assert item.sentence == 3
        assert item.message
        for span, text in ((item.de_span, de), (item.en_span, en)):
            assert span is None or text[span.start : span.end] == span.text
    assert check_pair(de, en, n=3) == found


@given(TEXT)
@settings(max_examples=examples(100))
def test_no_english_is_missing_only_if_there_is_german(de: str) -> None:
    codes = [item.code for item in check_pair(de, " ")]

    assert codes == (["coverage.missing"] if any(letter.isalnum() for letter in de) else [])


@given(st.lists(st.tuples(TEXT, TEXT), max_size=6))
@settings(max_examples=examples(50))
def test_verify_gives_one_row_a_pair_in_order(texts: list[tuple[str, str]]) -> None:
    rows = [Pair(str(i), de, en) for i, (de, en) in enumerate(texts)]

    assert [name for name, _ in verify_pairs(rows)] == [row.id for row in rows]
