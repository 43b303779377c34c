"""An archive to look at: 22 finished articles of this repository, made without a model, without a network.

    python examples/sample_archive.py [-o sample.db]     # `make desk` opens it in the browser

Eighteen articles of invented outlets about three invented events, with English written by hand, so that a note can be
made of them; and four that the demonstration model translated, from its recorded answers, with all its mistakes. The
articles, the answers and who wrote them: fixtures/briefing, fixtures/models.
"""

import argparse
import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import presseschau
from presseschau.errors import ProviderDownError
from presseschau.llm.cache import cache_key
from presseschau.llm.local.catalog import catalog
from presseschau.measuring.articles import labelled_articles
from presseschau.models import Analysis, Answer, EngineInfo, Request, Usage

FIXTURES = Path(__file__).parent.parent / "fixtures"


class ByHand:
    """An engine that answers with what people wrote about one article."""

    info = EngineInfo("sample", "sample", context_tokens=32_000, notice="A sample: its English was written by hand.")

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers

    def count_tokens(self, text: str) -> int:
        return len(text) // 3

    async def ask(self, request: Request[Any]) -> Answer[Any]:
        said = request.messages[-1].content
        if request.task == "translate":
            english = self.answers["translation"]
            answer: dict[str, Any] = {"sentences": [{"n": n, "en": english[str(n)]} for n in asked_for(said)]}
        elif request.task == "claims":
            wanted = set(asked_for(said))
            answer = {"claims": [claim for claim in self.answers["claims"] if wanted & set(claim["sentences"])]}
        else:
            most = re.search(r"First give (\d+) key points", said)
            points = self.answers["summary"]["points"]
            answer = {**self.answers["summary"], "points": points[: int(most[1])] if most else points}
        text = json.dumps(answer)
        return Answer(request.answer.model_validate_json(text), text, Usage(), cached=True)


def asked_for(said: str) -> Iterator[int]:
    """The sentences that a request is about: "sentences 1-3, 7 into ..."."""
    runs = re.search(r"sentences ([\d, -]+)(?: into|:)", said)
    for run in runs[1].split(",") if runs else ():
        first, _, last = run.strip().partition("-")
        yield from range(int(first), int(last or first) + 1)


class Recorded:
    """The demonstration model, as far as its answers were recorded."""

    def __init__(self) -> None:
        rows = (FIXTURES / "models" / "answers.jsonl").read_text("utf-8").splitlines()
        about, *answers = map(json.loads, rows)
        known = next(model for model in catalog() if about["model"] == f"local:{model.name}")
        self.info = EngineInfo(
            about["model"], about["identity"], known.context_tokens, english_first=True,
            translates_only=known.purpose == "translates", form=known.form, notice=known.note,
            demonstration=known.small_demo,
        )  # fmt: skip
        self.answers = {row["key"]: row for row in answers}

    def count_tokens(self, text: str) -> int:
        return len(text) // 3

    async def ask(self, request: Request[Any]) -> Answer[Any]:
        found = self.answers.get(cache_key(self.info.identity, request))
        if found is None:
            raise ProviderDownError("This answer of the demonstration model was not recorded.")
        used = Usage(prompt_tokens=found["prompt_tokens"], completion_tokens=found["completion_tokens"], requests=1)
        return Answer(request.answer.model_validate_json(found["answer"]), found["answer"], used, cached=True)


async def analyses() -> list[Analysis]:
    """All results, the same each time."""
    made = []
    for file in sorted((FIXTURES / "briefing").glob("*.txt")):
        answers = json.loads((file.parent / "answers" / f"{file.stem}.json").read_text("utf-8"))
        article = presseschau.read_article(file.read_bytes(), source=file.name)
        made.append(await presseschau.analyze(article, ByHand(answers)))
    engine = Recorded()
    made += [await presseschau.analyze(labelled.article, engine) for labelled in labelled_articles(quick=True)]
    return made


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", "--out", type=Path, default=Path("sample.db"), help="an archive; made if there is none")
    out: Path = parser.parse_args().out
    lines = out.with_suffix(".jsonl")
    lines.write_text("".join(f"{one.model_dump_json()}\n" for one in asyncio.run(analyses())), "utf-8")
    done = presseschau.archives.import_results(out, lines)
    lines.unlink()
    print(f"{out}: {', '.join(f'{count} {how}' for how, count in done.items())}")
