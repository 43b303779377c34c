"""Sentence pairs from outside for the measuring scripts: read, never copied."""

from __future__ import annotations

import math
import re
from pathlib import Path

from outside import rows

# wmt22-deen mixes news with chat and product texts and does not say which is which. Chat and shop talk shows itself by
# placeholders (#PRS_ORG#), trademark signs, and by speaking to someone.
_TALK = re.compile(
    r"#\w+#|®|™|\b(?:ich|mich|mir|mein\w*|du|dich|dir|dein\w*|euch|bitte|hallo|ihnen|ihre?r?)\b|\bSie\b", re.I
)


def good_pairs(data: Path) -> dict[str, list[tuple[str, str]]]:
    """Pairs of German and good English by set; `wmt22 news A/B` is the part without chat and shop talk,
    `europarl` is there if its folder is."""
    wmt = rows(data / "wmt22-deen" / "segments.jsonl")
    talk = [bool(_TALK.search(row["src"])) for row in wmt]
    europarl = data / "europarl-ner-deen" / "pairs.jsonl"
    news = [row for i, row in enumerate(wmt) if not any(talk[max(0, i - 2) : i + 3])]
    return {
        "pud": [(r["de"], r["en"]) for r in rows(data / "pud-parallel" / "pairs.jsonl")],
        "wmt22 news A": [(r["src"], r["refA"]) for r in news],
        "wmt22 news B": [(r["src"], r["refB"]) for r in news],
        "wmt22 all A": [(r["src"], r["refA"]) for r in wmt],
        "wmt22 all B": [(r["src"], r["refB"]) for r in wmt],
        "ntrex": [(r["de"].strip(), r["en"].strip()) for r in rows(data / "ntrex-deen" / "segments.jsonl")],
        **({"europarl": [(r["de"], r["en"]) for r in rows(europarl)]} if europarl.is_file() else {}),
    }


def wilson(hits: int, n: int) -> str:
    """The share in percent with its 95 % Wilson interval: "94.0 % [83.8, 97.9] (47 of 50)"."""
    if n == 0:
        return "- (0 of 0)"
    p, z = hits / n, 1.96
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (100 * (middle + s * half) / (1 + z * z / n) for s in (-1, 1))
    return f"{100 * p:.1f} % [{max(low, 0):.1f}, {min(high, 100):.1f}] ({hits} of {n})"
