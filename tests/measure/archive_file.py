"""How fast results go into an archive file and are found there, also on the desk, its size, and the memory it takes.

Usage: python tests/measure/archive_file.py [--articles N] [--keep FILE.db] [--semantic]

Made articles: sentences of this repository's own articles with their own English, in which nouns are exchanged for
nouns and compounds of the lexicon by Zipf's law, so that common words are in most articles and most words in few.
Import is a process of its own; each search is asked once, of a file that nothing was asked of before.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT / "tests" / "output")]

QUESTIONS = (
    "Regierung", "Haushalt", "Häuser", "bridge", "government minister", '"am Montag"', "Wasserversorgung",
    "Polizei -Bahn", "Krankenh*", "agreement", "Taschkent Duschanbe",
)  # fmt: skip
FILTERS = (
    {"outlet": "Blatt 3"}, {"speaker": "spokes"}, {"speaker": "minister", "stance": "reported"},
    {"since": "2026-03-01", "until": "2026-03-31"}, {"finding": "number"},
)  # fmt: skip
_NOUN = re.compile(r"\b[A-ZÄÖÜ][a-zäöüß]{4,}\b")


@cache
def nouns() -> tuple[list[str], list[float]]:
    from presseschau.lang import SOURCE, listed

    words = sorted(listed(SOURCE, "nouns"))
    random.Random(5).shuffle(words)
    words += [f"{a}{b}" for a, b in zip(words[::2], words[1::3], strict=False)]
    words = [word.capitalize() for word in words]
    return words, list(accumulate(1 / (rank + 3) for rank in range(len(words))))


def exchanged(german: str, chance: random.Random) -> str:
    """The sentence with three other nouns."""
    fresh = iter(chance.choices(nouns()[0], cum_weights=nouns()[1], k=3))
    return _NOUN.sub(lambda found: next(fresh, found[0]) if found.start() else found[0], german)


def made(articles: int) -> Iterator[bytes]:
    """Results, a line each, no two of the same text."""
    from own_analysis import SLUGS, own

    from presseschau.models import Analysis

    chance, patterns = random.Random(22), [own(slug) for slug in SLUGS]
    every = [row for whole in patterns for row in whole.translation or ()]
    pool = [(row.de, row.en) for row in every if row.role in ("lead", "body") and row.en]
    speakers = sorted({claim.speaker for whole in patterns for claim in whole.claims or () if claim.speaker})
    for number in range(articles):
        whole = patterns[number % len(patterns)]
        rows, at, text = [], 0, []
        for n in range(1, chance.randint(16, 34)):
            de, en = chance.choice(pool)
            de = exchanged(de, chance)
            de = f"Bericht {number}: {de}" if n == 1 else de
            role = "headline" if n == 1 else "lead" if n == 2 else "body"
            rows.append({"n": n, "role": role, "de": de, "en": en, "start": at, "end": at + len(de), "status": "ok",
                         "findings": []})  # fmt: skip
            text.append(de)
            at += len(de) + 1
        claims = []
        for row in chance.sample(rows[2:], 7):
            speaker = f"{chance.choice(speakers)} {chance.randint(1, 900)}" if chance.random() < 0.7 else None
            claims.append({
                "id": f"c{len(claims) + 1}", "text": row["en"], "sentences": [row["n"]], "speaker": speaker,
                "evidence": [{"n": row["n"], "start": row["start"], "end": row["end"], "text": row["de"]}],
                "stance": chance.choice(("asserted", "reported", "alleged", "planned")),
            })  # fmt: skip
        code = chance.choice(("number.missing", "name.missing", "negation.lost"))
        finding = {"code": code, "severity": "warning", "message": "Made.", "sentence": 3, "part": "translation"}
        findings = [finding] * (chance.random() < 0.2)
        rows[2]["findings"] = findings
        joined = "\n".join(text)
        article = {
            "id": f"{random.Random(number).getrandbits(256):064x}", "source": f"made/{number}.txt", "text": joined,
            "text_sha256": "", "headline": rows[0]["de"], "outlet": f"Blatt {number % 40}",
            "published": f"2026-{1 + number % 12:02d}-{1 + number % 28:02d}T{number % 24:02d}:00:00",
            "sentences": [{"n": r["n"], "role": r["role"], "text": r["de"], "start": r["start"], "end": r["end"],
                           "paragraph": r["n"]} for r in rows],
        }  # fmt: skip
        from hashlib import sha256

        article["text_sha256"] = sha256(joined.encode()).hexdigest()
        given = {"article": article, "translation": rows, "summary": None, "claims": claims, "findings": findings,
                 "provenance": whole.provenance.model_dump()}  # fmt: skip
        yield Analysis.model_validate(given).model_dump_json().encode() + b"\n"


def peak() -> float:
    """MB that this process took at the most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def importing(lines: Path, archive: Path) -> None:
    from presseschau.archives import import_results

    began, used = time.perf_counter(), time.process_time()
    done = import_results(archive, lines)
    took, cpu = time.perf_counter() - began, time.process_time() - used
    count = sum(done.values())
    print(
        f"import                {count / took:8,.0f} articles a second, {count / cpu:,.0f} a second of CPU; "
        f"{peak():.0f} MB"
    )


def searching(archive: Path) -> None:
    from presseschau.library.search import Question, search
    from presseschau.library.store import Archive

    asked = [*map(Question, QUESTIONS), *(Question(text, **more) for text in ("", "Regierung") for more in FILTERS)]
    with Archive(archive, reads=True) as opened:
        search(opened, Question("aufwärmen"))  # words are loaded
        times = []
        for question in asked:
            began, used = time.perf_counter(), time.process_time()
            found = search(opened, question)
            times.append(((time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000))
            said = (question.text, question.speaker, question.outlet, question.finding, question.since, question.stance)
            what = " ".join(filter(None, said))
            print(f"  {what:38} {found.total:7,} articles {times[-1][0]:6.0f} ms, {times[-1][1]:5.0f} ms of CPU")
    wall, cpu = (sorted(one[at] for one in times) for at in (0, 1))
    print(
        f"search                median {wall[len(wall) // 2]:.0f} ms ({cpu[len(cpu) // 2]:.0f} of CPU), worst "
        f"{wall[-1]:.0f} ({cpu[-1]:.0f}); {peak():.0f} MB"
    )


def visiting(archive: Path) -> None:
    """The desk's page of the archive, all of it: what answers, facets, the page itself; each address once."""
    from desk_visit import browser, desk

    client = browser(desk(archive))
    client.get("/archive?q=aufw%C3%A4rmen")  # words and templates are loaded

    def took(**asked: str) -> tuple[float, float]:
        began, used = time.perf_counter(), time.process_time()
        assert client.get("/archive", params=asked).status_code == 200
        return (time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000

    wall, cpu = took()
    print(f"desk, first page      {wall:.0f} ms ({cpu:.0f} of CPU)")
    times = [took(q=text) for text in QUESTIONS] + [
        took(q=text, **more) for text in ("", "Regierung") for more in FILTERS
    ]
    walls, cpus = (sorted(one[at] for one in times) for at in (0, 1))
    print(
        f"desk, search          median {walls[len(walls) // 2]:.0f} ms ({cpus[len(cpus) // 2]:.0f} of CPU), worst "
        f"{walls[-1]:.0f} ({cpus[-1]:.0f}); {peak():.0f} MB"
    )


def sizes(archive: Path, lines: int) -> None:
    from presseschau.library.store import Archive

    with Archive(archive, reads=True) as opened:
        count = opened.count()
        full = opened.database.one("SELECT coalesce(sum(length(block)), 0) FROM articles_fts_data")
    size, index = archive.stat().st_size, full[0] if full else 0
    print(
        f"size                  {size / 1e6:,.0f} MB for {lines / 1e6:,.0f} MB of JSON ({size / count / 1000:.1f} KB "
        f"an article), {index / 1e6:,.0f} MB of it full text"
    )


def indexing(archive: Path) -> None:
    from presseschau.facts.encoder import sentence_encoder
    from presseschau.library.meaning import index, search_meaning
    from presseschau.library.search import Question
    from presseschau.library.store import Archive

    encoder = sentence_encoder()
    encoder.vectors(["loaded"])
    with Archive(archive) as opened:
        began = time.process_time()
        count = index(opened, encoder)
        took, began = time.process_time() - began, time.process_time()
        search_meaning(opened, Question("a strike at the railways"), encoder)
        found = time.process_time() - began
    made = f"{count / took:,.1f} articles a second of CPU; a search {found * 1000:.0f} ms of CPU; {peak():.0f} MB"
    print(f"vectors               {made}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--keep", type=Path, help="leave the archive here")
    parser.add_argument("--semantic", action="store_true", help="also make vectors, of all articles")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        step, *paths = given.step
        {"import": importing, "search": searching, "desk": visiting, "index": indexing}[step](*map(Path, paths))
        return
    with tempfile.TemporaryDirectory() as folder:
        lines, archive = Path(folder) / "out.jsonl", given.keep or Path(folder) / "archive.db"
        with lines.open("wb") as file:
            file.writelines(made(given.articles))
        print(f"{given.articles:,} articles", flush=True)
        steps = [("import", lines, archive), ("search", archive), ("desk", archive)] + [
            ("index", archive)
        ] * given.semantic
        for step in steps:
            subprocess.run([sys.executable, __file__, "--step", *map(str, step)], check=True)
        sizes(archive, lines.stat().st_size)


if __name__ == "__main__":
    main()
