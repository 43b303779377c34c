"""Make `lang/en/words.txt`: English words that are written small, so that a capital on them makes no name.

Run: python tests/tools/make_word_lists.py [--data DIR]. Sources: the English side of NTREX-128 (CC BY-SA 4.0), of the
Europarl NER corpus (no known restrictions) and of MLQE critical errors (CC0). A list of single words, no text.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "measure"))
from outside import options, rows

OUT = Path(__file__).parents[2] / "src" / "presseschau" / "lang" / "en" / "words.txt"


def main() -> None:
    data = options(__doc__).data
    sources = (
        data / "ntrex-deen" / "segments.jsonl",
        data / "europarl-ner-deen" / "pairs.jsonl",
        data / "mlqe-critical-ende" / "items.jsonl",
    )
    small: Counter[str] = Counter()
    for path in sources:
        for row in rows(path):
            small.update(re.findall(r"(?<![\w'’.-])[a-z]{3,}\b", row["en"]))
    words = sorted(small)
    OUT.write_text("\n".join(words) + "\n", "utf-8")
    print(f"{len(words)} words -> {OUT.name}")


if __name__ == "__main__":
    main()
