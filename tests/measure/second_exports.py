"""What is right of a second export of each format: articles found, their fields, and lines that are no sentence.

    python tests/measure/second_exports.py [--wrong]

The files and what they hold: `tests/second_exports.py`. Of agency material the agency counts as the outlet, and names
of authors are compared without case. `--wrong` prints each wrong value.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from presseschau.errors import PresseschauError  # noqa: E402
from presseschau.ingest import Document, iter_documents, read_document  # noqa: E402
from presseschau.models import Article  # noqa: E402
from second_exports import exports  # noqa: E402

FIELDS = ("headline", "outlet", "published", "author")


def read(data: bytes) -> tuple[list[Article], list[str]]:
    """The articles of a file without its name, and the reasons of what was left out."""
    articles, reasons = [], []
    try:
        for item in iter_documents("-", stdin=io.BytesIO(data)):
            if isinstance(item, Document):
                articles.append(read_document(item, lang_check=False))
            else:
                reasons.append(item.reason)
    except PresseschauError as error:
        reasons.append(type(error).__name__)
    return articles, reasons


def people(author: str | None) -> set[str]:
    """The names in a byline, in capitals or not."""
    return set(re.split(r", | und ", (author or "").casefold()))


def wrong(articles: list[Article], expected: dict[str, Any]) -> tuple[dict[str, int], list[str]]:
    """How many fields of each kind are right, and a line for what is not."""
    right, faults = dict.fromkeys((*FIELDS, "text"), 0), []
    for number, wanted in enumerate(expected["articles"]):
        found = articles[number] if number < len(articles) else None
        for name in FIELDS:
            value = getattr(found, name) if found else None
            value = found.agency if found and name == "outlet" and not value else value
            value = value[: len(wanted[name])] if name == "published" and value and wanted[name] else value
            same = found is not None and (
                value == wanted[name] or (name == "author" and people(value) == people(wanted[name]))
            )
            right[name] += same
            if not same:
                faults.append(f"{name} {value!r} not {wanted[name]!r}")
        text = " ".join(sentence.text for sentence in found.sentences) if found else ""
        lost = [part for part in wanted["has"] if part not in text]
        right["text"] += not lost
        faults += [f"lost: {part!r}" for part in lost]
    return right, faults


def main() -> None:
    total, count, read_all, strange, files = dict.fromkeys((*FIELDS, "text"), 0), 0, 0, 0, 0
    for name, (data, expected) in exports().items():
        articles, reasons = read(data)
        right, faults = wrong(articles, expected)
        sentences = [sentence.text for article in articles for sentence in article.sentences]
        labels = [(line, bad) for line in sentences for bad in expected["never"] if bad in line]
        faults += [f"sentence with {bad!r}: {line[:80]}" for line, bad in labels]
        number = len(expected["articles"])
        files, count, strange = files + 1, count + number, strange + len({line for line, _ in labels})
        read_all += len(articles) == number and reasons == expected.get("skipped", [])
        if (len(articles), reasons) != (number, expected.get("skipped", [])):
            faults.insert(0, f"{len(articles)} articles, left out: {reasons}")
        for field, value in right.items():
            total[field] += value
        print(f"{name:20} {len(articles)} of {number}  " + "  ".join(f"{f} {n}" for f, n in right.items()))
        if "--wrong" in sys.argv:
            print(*(f"    {fault}" for fault in faults), sep="\n", end="\n" if faults else "")
    share = "  ".join(f"{field} {100 * value / count:.0f} %" for field, value in total.items())
    print(f"files with exactly their articles: {read_all} of {files}; of {count} articles right: {share}")
    print(f"sentences that are a label, a tag or a note: {strange}")


if __name__ == "__main__":
    main()
