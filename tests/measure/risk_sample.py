"""Of the sample that the Makefile shows, in the demonstration model's English: are the wrong sentences read first?

fixtures/risk/sample.jsonl: its English as the model wrote it, what the model said of its words, and whether one reader
calls it wrong, who had seen how risky it was taken for before (the sample is not among the sentences that weights were
learnt from). The program makes an article of it as it would have. `--record` asks the model anew (three minutes); of
English that is another then nobody has said whether it is wrong, until somebody writes it into the file.
Run: python tests/measure/risk_sample.py [--record]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from presseschau.analysis import Options, analyze
from presseschau.ingest import read_article
from presseschau.llm.engine import choose, open_engine
from presseschau.llm.local.grammar import lines_of
from presseschau.models import READ_FIRST, Answer, EngineInfo, Request, Sureness, Usage
from presseschau.output.placing import read_first

ROOT = Path(__file__).parents[2]
ROWS = ROOT / "fixtures" / "risk" / "sample.jsonl"
SAMPLE = ROOT / "fixtures" / "articles" / "000_044aac90155ef23c.txt"
SIGNS = ("sure", "least", "torn")


class Recorded:
    """An engine that translates as the file has it."""

    def __init__(self, rows: dict[int, dict[str, Any]]) -> None:
        self.rows = rows
        self.info = EngineInfo(
            "recorded", "recorded", 8_192, english_first=True, translates_only=True, demonstration=True
        )

    def count_tokens(self, text: str) -> int:
        return len(text) // 3

    async def ask(self, request: Request[Any]) -> Answer[Any]:
        lines = lines_of(request.tight)
        own = [self.rows[n] for n in (lines.numbers if lines else ()) if n in self.rows]
        text = json.dumps({"sentences": [{"n": row["n"], "en": row["en"]} for row in own]})
        signs = {row["en"]: Sureness(row["sure"][0], row["sure"][1], None, row["sure"][2]) for row in own}
        return Answer(request.answer.model_validate_json(text), text, Usage(requests=1), cached=False, sure=signs)


async def record(known: dict[str, bool | None]) -> None:
    article, options = read_article(SAMPLE.read_bytes(), source=SAMPLE.name), Options(tasks=["translate"])
    async with open_engine(choose("local:qwen2.5-coder-1.5b")) as engine:
        made = await analyze(article, engine, options)
    said = [
        {"n": row.n, "en": row.en, "wrong": known.get(row.en), "sure": [row.risk.signs[name] for name in SIGNS]}
        for row in made.translation or ()
        if row.en and row.risk
    ]
    ROWS.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in said), "utf-8")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="ask the demonstration model first")
    lines = ROWS.read_text("utf-8").splitlines() if ROWS.exists() else []
    if parser.parse_args().record:
        await record({row["en"]: row["wrong"] for row in map(json.loads, lines)})
        lines = ROWS.read_text("utf-8").splitlines()
    labelled = {row["n"]: row for row in map(json.loads, lines)}
    article = read_article(SAMPLE.read_bytes(), source=SAMPLE.name)
    made = await analyze(article, Recorded(labelled), Options(rounds=0))
    first = {row.n for row in read_first(made)}
    for name, said in {"wrong": True, "right": False, "not labelled": None}.items():
        numbers = [n for n, row in labelled.items() if row["wrong"] is said]
        print(f"{name}: {len(numbers)} of {len(labelled)} sentences, read first {len(first & set(numbers))} "
              f"of {len(numbers)}, not read first: {sorted(set(numbers) - first)}")  # fmt: skip
    for row in made.translation or ():
        if row.risk:
            print(f"   [{row.n}] risk {row.risk.value:.2f}, wrong {labelled[row.n]['wrong']}: {row.en}")
    summary = made.summary
    if summary and summary.bottom_line and summary.risk:
        numbers = list(summary.bottom_line_sentences)
        print(f"bottom line: risk {summary.risk.value:.2f}, read first: {summary.risk.value >= READ_FIRST}, "
              f"wrong: {[n for n in numbers if labelled[n]['wrong']]}: {summary.bottom_line}")  # fmt: skip


if __name__ == "__main__":
    asyncio.run(main())
