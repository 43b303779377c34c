"""Saved pages: which give exactly the article, which JSON-LD disagreements are found, milliseconds a page.

Usage: python tests/measure/html_pages.py   (the pages are this project's own)
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

from presseschau.ingest.formats.html import read_page  # noqa: E402
from presseschau.ingest.sources import Document  # noqa: E402

PAGES = ROOT / "fixtures" / "ingest" / "html"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    expected = json.loads((PAGES / "expected.json").read_text(encoding="utf-8"))
    read_page((PAGES / "wien.html").read_bytes(), "warm")  # imports are not reading
    exact = found = 0
    print(f"{'page':16} {'body':>6} {'extra':>6} {'missed':>6} {'JSON-LD':>8} {'ms':>6}")
    for name, want in expected.items():
        start = time.perf_counter()
        document = read_page((PAGES / f"{name}.html").read_bytes(), name)
        milliseconds = 1000 * (time.perf_counter() - start)
        blocks = (document.text or "").split("\n\n") if isinstance(document, Document) else []
        right = [block for block in (want["topic"], want["headline"], want["lead"], *want["body"]) if block]
        warned = isinstance(document, Document) and any(f.code == "input.jsonld" for f in document.findings)
        exact += blocks == right
        found += warned == want["disagrees"]
        extra, missed = len(set(blocks) - set(right)), len(set(right) - set(blocks))
        verdict = "exact" if blocks == right else "wrong"
        flag = "right" if warned == want["disagrees"] else "wrong"
        print(f"{name:16} {verdict:>6} {extra:6} {missed:6} {flag:>8} {milliseconds:6.1f}")
    print(f"exact {exact} of {len(expected)}; JSON-LD verdict right on {found} of {len(expected)}")


if __name__ == "__main__":
    main()
