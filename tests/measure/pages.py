"""Pages with what is right beside them: text, lead, headline, date, author, roles, furniture; with trafilatura.

    python tests/measure/pages.py [--show] [FILE.jsonl]      (default: fixtures/ingest/pages30/pages30.jsonl)

A row names `page` (NAME.html beside the file) and what a reader sees on it (README there). Text F1: words of lead
and body, counted as a bag. Lead kept: nine tenths of its words stand together in the text. Date right: the same day and
the same minute where both know it. `presseschau read --json` and trafilatura's bare extraction read the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import mean
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "fixtures" / "ingest" / "pages30" / "pages30.jsonl"
FITS = {"crosshead": {"crosshead"}, "lead": {"lead"}}  # a list item or a question is evidence like any sentence
TITLES = re.compile(r"\b(?:Dr|Prof|Dipl|Ing|med|phil)\.\s*")


@dataclass
class Read:
    """What a program makes of a page; `parts`: text with its role, None where a program names no roles."""

    headline: str | None = None
    author: str | None = None
    date: str | None = None
    parts: list[tuple[str | None, str]] = field(default_factory=list)
    findings: set[str] = field(default_factory=set)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("\xad", ""))


def overlap(want: list[str], got: list[str]) -> float:
    """F1 of two bags of words, 0 to 1."""
    shared = sum((Counter(want) & Counter(got)).values())
    return 2 * shared / (len(want) + len(got)) if want and got else 0.0


def presseschau(path: Path) -> Read:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "presseschau", "read", "--json", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        print(f"{path.name}: exit {done.returncode}: {done.stderr.strip()[-200:]}", file=sys.stderr)
        return Read()
    article = json.loads(done.stdout)
    parts = [(s["role"], s["text"]) for s in article["sentences"] if s["role"] not in ("headline", "topic")]
    found = {finding["code"] for finding in article["findings"]}
    when = article["published"] or article["updated"]
    return Read(article["headline"], article["author"], when, parts, found)


def trafilatura_reads(path: Path) -> Read:
    import trafilatura

    document = trafilatura.bare_extraction(path.read_bytes(), with_metadata=True, include_comments=False)
    if document is None:
        return Read()
    lines = [line for line in (document.text or "").splitlines() if line.strip()]
    if lines and words(lines[0]) == words(document.title or ""):
        del lines[0]
    return Read(document.title, document.author, document.date, [(None, line) for line in lines])


def same_name(want: str | None, got: str | None) -> bool:
    return words(TITLES.sub("", want or "")) == words(TITLES.sub("", got or ""))


def same_date(want: str, got: str | None) -> bool:
    if not got:
        return False
    left, right = datetime.fromisoformat(want), datetime.fromisoformat(got)
    if left.tzinfo and right.tzinfo:
        return left == right
    if "T" in want and "T" in got and (right.hour or right.minute):
        return left.replace(tzinfo=None) == right.replace(tzinfo=None)
    return left.date() == right.date()


def stands_together(text: str, where: str) -> bool:
    """Whether nine tenths of the words of `text` stand in `where`, four and four in a row."""
    want, got = words(text), words(where)
    runs = {tuple(got[i : i + 4]) for i in range(len(got))}
    wanted = [tuple(want[i : i + 4]) for i in range(max(1, len(want) - 3))]
    return sum(run in runs for run in wanted) >= 0.9 * len(wanted)


def right_roles(row: dict[str, Any], read: Read) -> tuple[int, int]:
    """(blocks whose sentences are there with a fitting role, blocks)."""
    good = 0
    for number, block in enumerate(row["body"]):
        fits = FITS.get(block["role"], {"body"})
        if number == 0 and row["lead"] is None:
            fits = fits | {"lead"}  # a page without a printed lead begins with its news
        inside = " ".join(words(block["text"]))
        told = [t for role, t in read.parts if role in fits and " ".join(words(t)) in inside]
        good += len(words(" ".join(told))) >= 0.8 * len(words(block["text"]))
    return good, len(row["body"])


def judge(row: dict[str, Any], read: Read) -> dict[str, Any]:
    """Measure -> value; lists name what is wrong."""
    text = "\n".join(part for _, part in read.parts)
    leads = " ".join(part for role, part in read.parts if role == "lead")
    want = words(" ".join([row["lead"] or "", *(block["text"] for block in row["body"])]))
    flat = " ".join(words(text))
    return {
        "f1": overlap(want, words(text)),
        "lead": None if row["lead"] is None else stands_together(row["lead"], text),
        "lead as lead": None if row["lead"] is None else stands_together(row["lead"], leads),
        "headline": words(row["headline"]) == words(read.headline or ""),
        "date": same_date(row["date"], read.date),
        "author": same_name(row["author"], read.author),
        "roles": right_roles(row, read),
        "furniture": [item for item in row["must_not"] if " ".join(words(item)) in flat],
        "findings": {code for code in ("input.incomplete", "input.cut") if code in read.findings},
    }


def summary(name: str, rows: list[dict[str, Any]], all_judged: list[dict[str, Any]], roles: bool) -> None:
    def share(key: str) -> str:
        values = [j[key] for j in all_judged if j[key] is not None]
        return f"{sum(values)}/{len(values)}"

    lost = sum(j["f1"] < 0.9 for j in all_judged)
    print(
        f"{name:12} F1 {100 * mean(j['f1'] for j in all_judged):.1f} (below 90: {lost})  lead {share('lead')}", end="  "
    )
    print(f"headline {share('headline')}  date {share('date')}  author {share('author')}", end="  ")
    print(f"furniture {sum(len(j['furniture']) for j in all_judged)}", end="  " if roles else "\n")
    if roles:
        good, blocks = (sum(j["roles"][i] for j in all_judged) for i in (0, 1))
        told = sum(
            j["findings"] >= set(row["findings"]) for row, j in zip(rows, all_judged, strict=True) if row["findings"]
        )
        silent = sum(not j["findings"] for row, j in zip(rows, all_judged, strict=True) if not row["findings"])
        due = sum(bool(row["findings"]) for row in rows)
        print(f"lead as lead {share('lead as lead')}  roles {good}/{blocks}", end="  ")
        print(f"said {told}/{due}, silent {silent}/{len(rows) - due}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=PAGES)
    parser.add_argument("--show", action="store_true", help="a line for each page with what is wrong on it")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.file.read_text("utf-8").splitlines()]
    paths = [options.file.parent / f"{row['page']}.html" for row in rows]
    reads = [presseschau(path) for path in paths]
    judged = [judge(row, read) for row, read in zip(rows, reads, strict=True)]
    if options.show:
        for row, read, j in zip(rows, reads, judged, strict=True):
            wrong = [key for key in ("lead", "lead as lead", "headline", "date", "author") if j[key] is False]
            wrong += [f"roles {j['roles'][0]}/{j['roles'][1]}"] * (j["roles"][0] != j["roles"][1])
            wrong += [f"said {sorted(j['findings'])}"] * (j["findings"] != set(row["findings"]))
            print(f"{row['page']:26} {100 * j['f1']:5.1f}  {', '.join(wrong)}  {j['furniture'] or ''}")
            for key, got in (("headline", read.headline), ("date", read.date), ("author", read.author)):
                if key in wrong:
                    print(f"{'':34}{key}: {got!r}, right: {row[key]!r}")
    summary("presseschau", rows, judged, roles=True)
    others = [trafilatura_reads(path) for path in paths]
    summary("trafilatura", rows, [judge(row, read) for row, read in zip(rows, others, strict=True)], roles=False)


if __name__ == "__main__":
    main()
