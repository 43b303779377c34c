"""False refusals: how many whole articles are taken for a feed, a mail, an export or a text that is mostly markup.

    python tests/measure/refused.py [--data DIR]

The project's own articles and pages, and tenkgnad, quotes-wikinews and ntrex-deen, each article as text, as HTML, and
joined with all others of its set.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

from outside import options, rows  # noqa: E402

from presseschau.errors import FormatError, InputError  # noqa: E402
from presseschau.ingest import read_article  # noqa: E402
from presseschau.ingest.formats.detect import HEAD, format_of  # noqa: E402
from presseschau.ingest.sources import Skipped, iter_documents  # noqa: E402


def texts(data: Path) -> Iterator[tuple[str, list[str]]]:
    yield "tenkgnad", [row["text"] for row in rows(data / "tenkgnad/articles.jsonl")]
    yield "quotes-wikinews", [row["text"] for row in rows(data / "quotes-wikinews/train_sample.jsonl")]
    segments = rows(data / "ntrex-deen/segments.jsonl")
    articles = [[row["de"].strip() for row in found] for _, found in groupby(segments, lambda row: row["doc"])]
    yield "ntrex-deen", ["\n\n".join(lines) for lines in articles]


def is_refused(text: str) -> bool:
    try:
        read_article(text, source="x", lang_check=False)
    except FormatError:
        return True
    except InputError:
        pass
    return False


def main() -> int:
    total = 0
    for name in ("articles", "briefing", "ingest/html"):
        files = [path for path in sorted((ROOT / "fixtures" / name).rglob("*")) if path.suffix in (".txt", ".html")]
        items = [item for path in files for item in iter_documents([str(path)])]
        refused = [item.source for item in items if isinstance(item, Skipped) and item.reason == "format"]
        refused += [str(path) for path in files if path.suffix == ".txt" and is_refused(path.read_text("utf-8"))]
        total += len(refused)
        print(f"{name:<18}{len(files):>5} files     {len(refused)} refused {refused[:3] or ''}")
    for name, found in texts(options(__doc__).data):
        pages = ["".join(f"<p>{block}</p>\n" for block in text.split("\n\n")) for text in found]
        wrong = [text[:60] for text in [*found, "\n\n".join(found)] if is_refused(text)]
        wrong += [text[:60] for text in found if format_of("x", text.encode()[:HEAD]) != "plain"]
        wrong += [page[:60] for page in pages if format_of("x", page.encode()[:HEAD]) != "fragment"]
        total += len(wrong)
        print(f"{name:<18}{len(found):>5} articles  {len(wrong)} refused {wrong[:3] or ''}")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
