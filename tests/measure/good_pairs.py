"""The sentence pairs that the check measurements read: good pairs by set, one rule for what is news-like.

Used by `false_alarms.py`, `detection.py` and `check_speed.py`; run by itself it prints the sizes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

PERSON = re.compile(r"\b(?:ich|mich|mir|mein\w*|du|dich|dir|dein\w*|wir|uns|unser\w*|Sie|Ihnen|Ihr\w*|euch)\b|#|@|https?:")
SUPPORT = re.compile(r"#\w+#|NUMBER|\bORG\b|PRS|Bestellung|Lieferung|Artikel\b|Versand")
REACH = 5


@dataclass(frozen=True)
class Pair:
    """A good German-English pair; `id` is unique in its set."""

    id: str
    de: str
    en: str


def rows(data: Path, name: str) -> Iterator[dict[str, Any]]:
    """The JSON lines of `data/name`; leaves with a sentence if the file is missing."""
    path = data / name
    if not path.is_file():
        sys.exit(f"{path} is missing: give the folder of the development data with --data.")
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def pud(data: Path) -> list[Pair]:
    return [Pair(row["id"], row["de"], row["en"]) for row in rows(data, "pud-parallel/pairs.jsonl")]


def ntrex(data: Path) -> list[Pair]:
    found = rows(data, "ntrex-deen/segments.jsonl")
    return [Pair(f"{row['doc']}#{row['i']}", row["de"].strip(), row["en"].strip()) for row in found]


def news_like(sources: list[str]) -> list[bool]:
    """WMT22 mixes news with reviews, chats and shop mail, without labels; neighbouring lines belong together.

    A line is news-like if it has at least 8 words and an end mark, does not speak in the first or second person outside
    quotation marks, and of its 11 neighbours (5 before, 5 after, itself) none has a shop or mail word and at most 2
    speak in the first or second person.
    """
    speaks = [bool(PERSON.search(re.sub(r"[„“\"»].*?[“”\"«]", "", text))) for text in sources]
    shop = [bool(SUPPORT.search(text)) for text in sources]
    found = []
    for i, text in enumerate(sources):
        near = range(max(0, i - REACH), min(len(sources), i + REACH + 1))
        ends = re.search(r"[.!?][\"“”«]?\s*$", text)
        calm = not any(shop[j] for j in near) and sum(speaks[j] for j in near) <= 2
        found.append(bool(ends) and len(text.split()) >= 8 and not speaks[i] and calm)
    return found


def wmt22(data: Path, reference: str, *, news: bool = True) -> list[Pair]:
    """refA or refB of WMT22 de-en; `news` keeps the news-like lines."""
    found = list(rows(data, "wmt22-deen/segments.jsonl"))
    keep = news_like([row["src"] for row in found]) if news else [True] * len(found)
    return [Pair(str(row["i"]), row["src"], row[reference]) for row, yes in zip(found, keep, strict=True) if yes]


def good_sets(data: Path) -> dict[str, list[Pair]]:
    """Every set of good pairs by name."""
    return {
        "pud": pud(data),
        "wmt22 news refA": wmt22(data, "refA"),
        "wmt22 news refB": wmt22(data, "refB"),
        "ntrex": ntrex(data),
    }


def data_folder(description: str | None) -> argparse.ArgumentParser:
    """A parser with `--data`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    return parser


if __name__ == "__main__":
    for name, pairs in good_sets(data_folder(__doc__).parse_args().data).items():
        print(f"{name:20} {len(pairs):6}")
