"""Articles a CPU second through the whole of `read_article`, clean and damaged, and how long hostile text takes.

    python tests/measure/ingest_speed.py

Clean text is the own articles' running text cut to 3,000 characters; damaged is the same, UTF-8 read as ISO-8859-16.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

from presseschau.errors import InputError  # noqa: E402
from presseschau.ingest import read_article  # noqa: E402

SIZE = 3_000
ROUNDS = 150


def articles() -> list[str]:
    """Own articles of about 3,000 characters, each with its head."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "fixtures/articles/own").glob("*.txt"))]
    texts = [text for text in texts if len(text) > 1_500]
    return [(text + "\n\n" + other)[:SIZE] for text, other in zip(texts, texts[1:] + texts[:1], strict=True)]


def rate(texts: list[bytes]) -> float:
    start = time.process_time()
    for n in range(ROUNDS):
        read_article(texts[n % len(texts)], source="measured", lang_check=True)
    return ROUNDS / (time.process_time() - start)


def hostile() -> dict[str, str]:
    """Long text that invites quadratic time, a million characters or more each."""
    word = "Das ist ein deutscher Satz über die Lage im Land und nicht mehr. "
    return {
        "10 MB of prose, one line": word * 155_000,
        "10 MB of prose, short lines": (word.strip() + "\n") * 155_000,
        "10 MB of prose, paragraphs": (word * 5 + "\n\n") * 31_000,
        "1 M letters, no space": "ä" * 1_000_000,
        "1 M full stops": "Und das ist nicht gut " + "." * 1_000_000,
        "1 M spaced full stops": "Und das ist nicht gut " + ". " * 500_000,
        "1 M words, no full stop": "und das ist nicht " * 60_000,
        "1 M quotation marks": "Er sagte: " + "„“" * 500_000,
        "1 M opening brackets": "Und das ist nicht gut " + "(" * 1_000_000,
        "a million spaces": "Und das ist" + " " * 1_000_000 + "nicht gut.",
        "1 M line breaks": "Und das ist" + "\n" * 1_000_000 + "nicht gut.",
        "1 M digits": "1" * 1_000_000,
        "200,000 clock times": "12.31 Uhr: Das ist nicht gut.\n" * 200_000,
        "100,000 stop headings": (word.strip() + "\nMehr zum Thema\n") * 100_000,
        "200,000 short lines": "Wen schickt Russland\n" * 200_000,
        "1 M capital words": "Berlin " * 140_000,
        "1 M of dates": "20.12.2025 " * 90_000,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    clean = articles()
    damaged = [text.encode().decode("iso-8859-16").encode() for text in clean]
    rate([clean[0].encode()])
    print(f"clean    {rate([text.encode() for text in clean]):7.0f} articles of 3 kB a CPU second")
    print(f"damaged  {rate(damaged):7.0f} articles of 3 kB a CPU second")
    for name, text in hostile().items():
        start = time.process_time()
        try:
            outcome = f"{len(read_article(text, source='hostile', lang_check=False).sentences)} sentences"
        except InputError as error:
            outcome = f"InputError: {error}"
        print(f"{name:<30} {len(text) / 1e6:6.1f} M characters  {time.process_time() - start:6.2f} s  {outcome}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
