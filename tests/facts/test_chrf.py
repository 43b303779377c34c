"""chrF as sacrebleu 2.6.0 gives it (CHRF().sentence_score and corpus_score), and its interval."""

import pytest

from presseschau.facts.chrf import chrf, chrf_difference, chrf_of

PAIRS = [
    ("The court acquitted the former tenant on Friday.", "The regional court acquitted the tenant on Friday."),
    ("He announced an appeal.", "He announced that he would lodge an appeal."),
    ("A  fault?", "A technical fault remained a possibility."),
]


@pytest.mark.parametrize(
    ("translation", "reference", "score"),
    [
        (*PAIRS[0], 71.05017681614524),
        (*PAIRS[1], 49.034751944243126),
        (*PAIRS[2], 9.24474425198219),
        ("", "A fault.", 0.0),
        ("A", "A fault.", 17.241379310344822),
        ("ab", "ab", 100.0),
        ("The court", "The court, the court.", 39.895401356760004),
    ],
)
def test_a_sentence(translation: str, reference: str, score: float) -> None:
    assert chrf(translation, reference) == pytest.approx(score, abs=1e-9)


def test_a_corpus_is_the_score_of_the_sums() -> None:
    assert chrf_of(PAIRS).value == 46.8  # 46.79573772609702


def test_the_interval_is_the_same_each_time_and_shrinks_with_more_sentences() -> None:
    few, many = chrf_of(PAIRS), chrf_of(PAIRS * 30)
    assert few == chrf_of(PAIRS)
    assert few.low < many.low < many.value == few.value < many.high < few.high
    assert chrf_of([("the same", "the same")] * 5).low == 100.0


def test_nothing_translated_is_nothing() -> None:
    assert (chrf_of([]).value, chrf_of([("", "A fault.")]).high) == (0.0, 0.0)


def test_a_difference_is_that_of_the_same_sentences() -> None:
    better = [(reference, reference) if n % 2 else pair for n, pair in enumerate(PAIRS * 20) for reference in pair[1:]]
    found = chrf_difference(PAIRS * 20, better)
    assert found.value == pytest.approx(chrf_of(better).value - chrf_of(PAIRS * 20).value, abs=0.02)
    assert 0 < found.low < found.value < found.high
    assert chrf_difference(better, better).high == 0
