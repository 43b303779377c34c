"""The articles of fixtures/briefing, analysed by an engine that knows a good answer to every request about them."""

from __future__ import annotations

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from presseschau.analysis import analyze
from presseschau.ingest import iter_articles, read_article
from presseschau.models import Analysis, Article
from presseschau.pipeline.numbered import german
from scripted import ScriptedEngine, wanted

FIRST = Path(__file__).parent.parent / "fixtures/briefing"
SECOND = FIRST / "second"
THIRD = FIRST / "third"
CORPORA = {"first": FIRST, "second": SECOND, "third": THIRD, "fourth": FIRST / "fourth", "fifth": FIRST / "fifth"}
UNSEEN = {name: FIRST / name for name in ("sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")}
"""Measured, not held by tests: no rule has been made with them in view."""


@cache
def articles(folder: Path = FIRST) -> dict[str, Article]:
    """Name of the file without its ending -> the article; in the order of the names."""
    return {path.stem: read_article(path.read_bytes(), source=path.name) for path in sorted(folder.glob("*.txt"))}


def engine(folder: Path = FIRST) -> ScriptedEngine:
    """Answers translate, claims and summary requests about the articles of the folder from its `answers`, and
    requests for a note with the lines it is shown."""
    known = [(first_line(article), answers(folder, name)) for name, article in articles(folder).items()]
    return ScriptedEngine(knowing(known))


@cache
def analyses(folder: Path = FIRST) -> list[Analysis]:
    """The real analyses of the folder's articles, in the order of their names; made once."""
    return analysed(list(articles(folder).values()), engine(folder))


def analysed(read: list[Article], asked: ScriptedEngine) -> list[Analysis]:
    """Also inside a running event loop, hence the thread."""

    async def every():
        return [await analyze(article, asked) for article in read]

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(every())).result()


def knowing(known):
    """A reply that looks for the article in the prompt: `known` has its first line and the good answer."""

    def reply(request):
        said = "\n".join(message.content for message in request.messages)
        if request.task == "note":
            return noted(said, known)
        (good,) = [answer for line, answer in known if line in said]
        return answered(request, good)

    return reply


def answers(folder: Path, name: str) -> dict:
    return json.loads((folder / "answers" / f"{name}.json").read_text("utf-8"))


def answered(request, good):
    if request.task == "translate":
        return {"sentences": [{"n": n, "en": good["translation"][str(n)]} for n in wanted(request)]}
    if request.task == "claims":
        asked = set(wanted(request))
        return {"claims": [claim for claim in good["claims"] if asked & set(claim["sentences"])]}
    points = int(re.search(r"First give (\d+) key points", request.messages[-1].content)[1])
    return {**good["summary"], "points": good["summary"]["points"][:points]}


def noted(said, known):
    """The lines of the prompt as sentences of a note, spread over all of them; each says who says it."""
    lines = [(int(n), line) for n, line in re.findall(r"^\[(\d+)\] (.+)$", said, re.MULTILINE)]
    points = re.search(r"write (\d+) key points", said)
    if points:
        title = {"numbers": [lines[0][0]], "text": headline(lines[0][1], known)}
        return {"points": [cited(*lines[i]) for i in spread(len(lines), int(points[1]))], "title": title}
    failed = re.findall(r"^- \".+\" \(lines ([\d, -]+)\)", said, re.MULTILINE)
    if failed:
        return {"sentences": [cited(*next(line for line in lines if line[0] == int(n.split(",")[0]))) for n in failed]}
    most = re.search(r"(\d+) sentences at most", said)
    return {"sentences": [cited(*lines[i]) for i in spread(len(lines), int(most[1]) if most else 1)]}


def headline(line, known):
    """That of the article whose claim the line gives."""
    return next(
        (good["summary"]["headline"] for _, good in known if any(one["text"] in line for one in good["claims"])),
        sentence(line).rstrip("."),
    )


def cited(n, line):
    return {"numbers": [n], "text": sentence(line)}


def sentence(line):
    """The claim of a line "(Paper, 12 March 2026; Berg says) It burns. [am Montag: ...]": According to Berg, ..."""
    head, text = re.match(r"(?:\(([^()]*(?:\([^()]*\)[^()]*)*)\) )?(.+?)(?: \[[^\]]+\])?$", line).groups()
    who = re.search(r"; (.+?)(?: \(through .+\))? (?:says|alleges|plans|expects|thinks)$", head or "")
    return text if not who or who[1].split()[-1] in text else f"According to {who[1]}, {text[0].lower()}{text[1:]}"


def spread(length, wanted):
    return sorted({i * length // wanted for i in range(min(length, wanted))})


def first_line(article: Article) -> str:
    """How a prompt shows the beginning of the article: what tells two articles apart."""
    return "\n".join(f"[{s.n}] {german(s.text)}" for s in article.sentences[:2])


@cache
def unrelated() -> list[Analysis]:
    """The 40 articles about 40 things; their claims are the translations of the sentences."""
    read = list(iter_articles([str(FIRST / "unrelated/articles.jsonl")]))
    english = json.loads((FIRST / "answers/unrelated.json").read_text("utf-8"))
    known = [
        (
            first_line(article),
            {
                "translation": {str(n): text for n, text in enumerate(texts, 1)},
                "summary": {
                    "points": [{"sentences": [n], "text": texts[n - 1]} for n in range(2, len(texts) + 1)],
                    "bottom_line": {"sentences": [2], "text": texts[1]},
                    "headline": texts[0],
                },
                "claims": [claim(n, text) for n, text in enumerate(texts[1:], 2)],
            },
        )
        for article, texts in zip(read, english, strict=True)
    ]
    return analysed(read, ScriptedEngine(knowing(known)))


def claim(n, text):
    return {"sentences": [n], "speaker": None, "via": [], "stance": "asserted", "text": text}
