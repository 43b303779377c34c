"""What becomes of texts that were put together from good ones, for as_before.py: layouts, sentences, pairs, claims.

As as_bent.py bends one text, this crosses two: half of a sentence with half of another, the German of one pair with the
English of the next, a claim with a sentence beside its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

from case_files import LAYOUT, read_case

import pinned
from as_bent import WAYS, words_bent
from presseschau.checks import check_translation, house_glossary
from presseschau.errors import PresseschauError
from presseschau.facts import compare, facts
from presseschau.ingest import read_article

Made = Iterable[tuple[str, list[str]]]
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def layouts() -> Made:
    """The parts and metadata of labelled pages of which the lines are bent, or that go on as another one."""
    texts = [read_case(path).text for path in sorted(LAYOUT.glob("*.layout"))]
    for how, way in WAYS.items():
        bent = ["\n".join(way(text.split("\n"))) for text in texts[:: 1 if how in _OFTEN else 4]]
        yield how, [_article(text) for text in bent]
    yield "crossed", [_article(one + "\n" + other) for one, other in pairwise(texts)]
    yield "halves", [_article(one[: len(one) // 2] + other[len(other) // 2 :]) for one, other in pairwise(texts)]


_OFTEN = ("every third gone", "first third gone", "backwards", "none empty", "capitals", "cut")


def _article(text: str) -> str:
    try:
        return repr(read_article(text, source="", lang_check=False))
    except PresseschauError as error:
        return str(error)


def spliced() -> Made:
    """What is read in sentences of two halves, and how they compare with one of the two."""
    rows = pinned.rows("pinned.jsonl")[1::5]
    for name, put in (("begun", _begun), ("within", _within), ("both", "{0} {1}".format)):
        said = []
        for one, other in pairwise(rows):
            german, english = (facts(put(one[lang], other[lang]), lang) for lang in ("de", "en"))
            said += [f"{kind} {fact}" for read in (german, english) for kind in read.concepts
                     for fact in getattr(read, kind)]  # fmt: skip
            said += map(repr, compare(german, facts(other["en"], "en")))
            said += map(repr, compare(german, facts(one["en"], "en"), "within"))
        yield name, said


def _begun(one: str, other: str) -> str:
    return " ".join((*one.split(" ")[: one.count(" ") // 2 + 1], *other.split(" ")[other.count(" ") // 2 + 1 :]))


def _within(one: str, other: str) -> str:
    begun, _, rest = one.partition(" ")
    return f"{begun} {other.rstrip('.!?')}, {rest}"


def pairs() -> Made:
    """What is found where the English is of another sentence, is German in part or in whole, or says a thing twice."""
    rows = pinned.rows("pinned.jsonl")[5::23]
    ways: dict[str, Callable[[str, str, str, str], tuple[str, str]]] = {
        "of the next": lambda de, en, de2, en2: (de, en2),
        "with the next": lambda de, en, de2, en2: (de, f"{en} {en2}"),
        "of both": lambda de, en, de2, en2: (f"{de} {de2}", en),
        "the German": lambda de, en, de2, en2: (de, de),
        "German behind": lambda de, en, de2, en2: (de, f"{en} {de}"),
        "German begun": lambda de, en, de2, en2: (de, _begun(de, en)),
        "ends in German": lambda de, en, de2, en2: (de, _begun(en, de)),
        "German words": lambda de, en, de2, en2: (de, _mixed(en, de, 5)),
        "a German word": lambda de, en, de2, en2: (de, _mixed(en, de, 11)),
        "other German words": lambda de, en, de2, en2: (de, _mixed(en, de2.translate(_PLAIN), 6)),
        "turned": lambda de, en, de2, en2: (en, de),
        "twice": lambda de, en, de2, en2: (de, f"{en} {en}"),
        "a part four times": lambda de, en, de2, en2: (de, f"{en} {' '.join(en.split(' ')[:4])}" * 4),
        "in marks": lambda de, en, de2, en2: (de, f"„{en}“"),
        "with remarks": lambda de, en, de2, en2: (de, f"Here is the translation: {en} (Note: “{de2[:30]}” is unclear)"),
        "half": lambda de, en, de2, en2: (de, en[: len(en) // 2]),
        "a third": lambda de, en, de2, en2: (de, en[: len(en) // 3]),
        "long German": lambda de, en, de2, en2: (" ".join([de, de2, de, de2]), en),
        "in small letters": lambda de, en, de2, en2: (de, en.lower()),
        "in capitals": lambda de, en, de2, en2: (de.upper(), en.title()),
    }
    for name, put in ways.items():
        crossed = [put(one["de"], one["en"], other["de"], other["en"]) for one, other in pairwise(rows)]
        yield name, [line for de, en in crossed for line in (de, *pinned.pair({"de": de, "en": en}))]


def _mixed(english: str, german: str, every: int) -> str:
    """So often a word is one of the German ones."""
    other = german.split(" ")
    return " ".join(other[n % len(other)] if n % every == 2 else word for n, word in enumerate(english.split(" ")))


def claims() -> Made:
    """What is found in claims and notes on other sentences than their own, or with another's words or speaker."""
    rows = pinned.rows("pinned_claims.jsonl")[7::47]
    notes = pinned.rows("pinned_notes.jsonl")[1::8]
    for name, more in (("before", -1), ("behind", 1), ("far", 5)):
        moved = [row | {"sentences": [max(1, n + more) for n in row["sentences"]]} for row in rows]
        yield name, [line for row in moved for line in _claim(row)]
    for name, put in (("begun", _begun), ("within", _within), ("both", "{0} {1}".format)):
        yield (
            f"{name}, claims",
            [line for a, b in pairwise(rows) for line in _claim(a | {"text": put(a["text"], b["text"])})],
        )
        yield (
            f"{name}, notes",
            [line for a, b in pairwise(notes) for line in pinned.note(a | {"text": put(a["text"], b["text"])})],
        )
    for name, speaker in (
        ("nobody", None),
        ("a man", "Peter Müller"),
        ("a body", "the city council"),
        ("they", "they"),
    ):
        yield f"said by {name}", [line for row in rows for line in _claim(row | {"speaker": speaker})]
    yield "other claims", [line for a, b in pairwise(notes) for line in pinned.note(a | {"claims": b["claims"]})]
    yield (
        "more claims",
        [line for a, b in pairwise(notes) for line in pinned.note(a | {"claims": [*a["claims"], *b["claims"]]})],
    )


def _claim(row: dict[str, Any]) -> Iterator[str]:
    last = len(pinned.article_of(row["article"]).sentences)
    numbers = [min(n, last) for n in row["sentences"]]
    yield from pinned.claim(row | {"sentences": list(dict.fromkeys(numbers))})


def translations() -> Made:
    """What is found in whole translations of which the sentences or their words are bent."""
    rows = [row for row in pinned.rows("pinned_translations.jsonl") if row["at"]][:: 60 // 4]
    for how, way in [*WAYS.items()][::2]:
        said = []
        for n, row in enumerate(rows[:3]):
            article, good = pinned.good_translation(row["article"])
            english = way(good)[: len(good)] if n else [words_bent(way, one) if k % 4 == 1 else one for k, one in
                                                        enumerate(good)]  # fmt: skip
            english += good[len(english) :]
            found = check_translation(list(zip(article.sentences, english, strict=True)), house_glossary())
            said += [
                f"{k} {pinned.said(one, article.text, english[k - 1])}" for k, items in found.items() for one in items
            ]
        yield how, said


SETS: dict[str, Callable[[], Made]] = {
    "bent layouts": layouts, "spliced facts": spliced, "crossed pairs": pairs, "crossed claims": claims,
    "bent translations": translations,
}  # fmt: skip
