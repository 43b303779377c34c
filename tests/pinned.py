"""What the checks find today, in the short form in which `fixtures/checks/pinned*.jsonl` holds it.

The imports here are all that the pins know of the program: a move changes these lines and no pin. How the pins are
made anew: tests/tools/pin_findings.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from presseschau.checks import check_claim, check_pair, check_point, check_translation, grounded, house_glossary
from presseschau.checks.note.check import Basis, check
from presseschau.ingest import read_article
from presseschau.models import Article, Claim, Evidence, Finding, Sentence, Span
from presseschau.notes import Note

FIXTURES = Path(__file__).parent.parent / "fixtures"
Row = dict[str, Any]


def pair(row: Row) -> list[str]:
    """The findings about `row["en"]` as the English of `row["de"]`, with the built-in glossary."""
    found = check_pair(row["de"], row["en"], glossary=house_glossary())
    return [said(item, row["de"], row["en"]) for item in found]


def translation(row: Row) -> list[str]:
    """The findings about the good translation of an own article, spoilt as `SPOILS` does it at sentence `at`."""
    article, english = good_translation(row["article"])
    spoilt = SPOILS[row["spoilt"]](english, row["at"])
    found = check_translation(list(zip(article.sentences, spoilt, strict=True)), house_glossary())
    return [f"{n} {said(item, article.text, spoilt[n - 1])}" for n, items in found.items() for item in items]


def good_translation(name: str) -> tuple[Article, list[str]]:
    """An own article and the English of each of its sentences."""
    article = article_of(name)
    english = json.loads((FIXTURES / "translations" / "own" / f"{Path(name).stem}.json").read_text("utf-8"))
    return article, [english[str(sentence.n)] for sentence in article.sentences]


SPOILS: dict[str, Callable[[list[str], int], list[str]]] = {
    "merged": lambda english, i: [*english[:i], f"{english[i]} {english[i + 1]}", *english[i + 2 :], english[-1]],
    "swapped": lambda english, i: [*english[:i], english[i + 1], english[i], *english[i + 2 :]],
    "repeated": lambda english, i: [*english[:i], english[i - 1], *english[i + 1 :]],
    "moved": lambda english, i: [*english[:i], english[i], *english[i:-1]],
    "halved": lambda english, i: [*english[:i], english[i][: len(english[i]) // 2], *english[i + 1 :]],
}
"""How a translation goes wrong as a whole; sentences count from 0."""


def claim(row: Row) -> list[str]:
    """The findings about a claim (`speaker`: null is the article itself) or, without that key, a point."""
    article = article_of(row["article"])
    evidence = [sentence for sentence in article.sentences if sentence.n in row["sentences"]]
    if "speaker" in row:
        found = check_claim(row["text"], evidence, article, row["speaker"], cited=row["sentences"])
    else:
        found = check_point(row["text"], evidence, article, cited=row["sentences"])
    return [said(item, article.text, row["text"]) for item in found]


def note(row: Row) -> list[str]:
    """The findings about a sentence of the note in fixtures/continuity that cites `claims`."""
    whole = _note()
    cited = tuple(one for name in row["claims"] for one in whole.claims if one.id == name)
    found = check(row["text"], Basis(cited, whole.sources), row["claims"])
    return [said(item, None, row["text"]) for item in found]  # what de_span quotes there has no place in the German


@lru_cache(maxsize=1)
def _note() -> Note:
    return Note.model_validate_json((FIXTURES / "continuity" / "next.json").read_bytes())


def voices(row: Row) -> list[Row]:
    """What is read beside a claim on each of the sentences: speaker, chain, stance, verb, quotation, time.

    With `cited` beside one claim on all of these.
    """
    article = article_of(row["article"]) if "article" in row else article_from(row["sentences"], row.get("paragraphs"))
    if "cited" in row:
        return [_read([s for s in article.sentences if s.n in row["cited"]], row["en"], article)]
    wanted = [s for s in article.sentences if "n" not in row or s.n == row["n"]]
    return [_read([sentence], row.get("en", "x"), article) for sentence in wanted]


PINS: dict[str, Callable[[Row], list[Any]]] = {
    "pinned.jsonl": pair,
    "pinned_claims.jsonl": claim,
    "pinned_notes.jsonl": note,
    "pinned_translations.jsonl": translation,
    "pinned_voices.jsonl": voices,
}
"""File in fixtures/checks -> what makes the `found` of one of its rows."""


def said(finding: Finding, german: str | None, english: str) -> str:
    """Severity, code, places, and a digest of the message, so that a changed word shows; the places must be right."""
    places = [_place("de", finding.de_span, german), _place("en", finding.en_span, english)]
    digest = hashlib.sha256(finding.message.encode()).hexdigest()[:6]
    return " ".join([finding.severity, finding.code, *filter(None, places), f"#{digest}"])


def _place(side: str, span: Span | None, text: str | None) -> str:
    if span is None:
        return ""
    if text is None:
        return f"{side}“{span.text}”"
    assert text[span.start : span.end] == span.text, (side, span, text)
    return f"{side}[{span.start}:{span.end}]"


def _read(cited: list[Sentence], english: str, article: Article) -> Row:
    numbers, evidence = tuple(one.n for one in cited), tuple(map(Evidence.of, cited))
    bare = Claim(id="c1", text=english, sentences=numbers, evidence=evidence)
    read = grounded(bare, article)
    by_name = {
        "speaker": read.speaker,
        "speaker_de": read.speaker_de and [read.speaker_de.start, read.speaker_de.end, read.speaker_de.text],
        "via": list(read.via),
        "relies_on": read.relies_on,
        "stance": read.stance,
        "verb": read.verb,
        "quotation": read.quotation,
        "when": read.when and [read.when.text, read.when.date],
    }
    return {name: value for name, value in by_name.items() if value}


@lru_cache(maxsize=64)
def article_of(name: str) -> Article:
    """The article of a file in fixtures/: a text, or an Article as JSON."""
    path = FIXTURES / name
    if path.suffix == ".json":
        return Article.model_validate_json(path.read_bytes())
    return read_article(path.read_bytes(), source=path.name)


def article_from(sentences: list[str], paragraphs: list[int] | None = None) -> Article:
    """An article that says exactly these sentences; `paragraphs` has a number for each, else all are in one."""
    text, starts = "\n".join(sentences), [0]
    for sentence in sentences:
        starts.append(starts[-1] + len(sentence) + 1)
    return Article(
        id="0" * 64,
        source="pinned",
        text=text,
        text_sha256="0" * 64,
        sentences=tuple(
            Sentence(n=i, role="body", text=one, start=start, end=start + len(one), paragraph=paragraph)
            for i, (one, start, paragraph) in enumerate(
                zip(sentences, starts, paragraphs or [1] * len(sentences), strict=False), 1
            )
        ),
    )


def rows(name: str) -> list[Row]:
    """The rows of one file of pins."""
    return [json.loads(line) for line in (FIXTURES / "checks" / name).read_text("utf-8").splitlines()]


def changes(name: str, pinned: Iterable[Row]) -> Iterator[tuple[Row, list[Any]]]:
    """Each row that is no longer as pinned, and what is found now."""
    for row in pinned:
        now = PINS[name](row)
        if now != row["found"]:
            yield row, now


def told(row: Row, now: list[Any]) -> str:
    """One changed row for a reader: its text, then - what was found and + what is found now."""
    lines = [f"{row['set']}: " + " | ".join(str(row[key]) for key in ("de", "en", "text", "sentences") if key in row)]
    before, after = ([json.dumps(item, ensure_ascii=False).strip('"') for item in side] for side in (row["found"], now))
    lines += [f"  - {item}" for item in before if item not in after]
    lines += [f"  + {item}" for item in after if item not in before]
    return "\n".join(lines if len(lines) > 1 else [*lines, "  the same in another order"])
