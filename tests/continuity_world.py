"""The world in which fixtures/continuity was made and is gone on with: six articles about a fire, and a server that
knows a good answer to everything that is asked about them.

Only the command line is used. The engine is called `model.example`, as a proxy would reach it, so that no port stands
in a key, a journal or a ledger; the prompts are those of the fixtures, so that a better prompt changes nothing here.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from batch_server import BatchServer
from fault_server import FaultServer, Reply, Seen, completion

FIXTURES = Path(__file__).parent.parent / "fixtures"
HERE = FIXTURES / "continuity"
KNOWN = {
    "a1-hansebote": "Großbrand in Lagerhalle in Brunsbek",
    "a2-foerdezeitung": "Großbrand in Brunsbek: 14 Verletzte",
    "a3-kieler-rundschau": "Feuer bei Nordlack",
    "a4-hansebote": "Defektes Ladegerät",
    "a5-foerdezeitung": "Schaden liegt bei 3,5 Millionen",
    "a6-alpenpost": "Lackfabrik in Norddeutschland",
}
"""Articles by what their headlines alone say."""
ENGINE = ("-m", "scripted", "--base-url", "http://model.example/v1")
PROMPTS = ("--prompts", "prompts", "--repair-rounds", "0")
RUN = ("batch", "articles", *ENGINE, *PROMPTS, "--concurrency", "1", "--quiet")
BATCHES = ("batch", "in.jsonl", *ENGINE, *PROMPTS, "--tasks", "translate", "--engine", "openai-batch", "--quiet")


def asked_about(seen: Seen) -> str:
    """The article that a request is about; "" for a request about a note."""
    said = "\n".join(message["content"] for message in seen.json["messages"])
    headline = re.search(r"^\[1\] (.*)$", said, re.MULTILINE)
    return next((name for name, words in KNOWN.items() if headline and words in headline[1]), "")


def reply(seen: Seen) -> Reply:
    """The answer to any request about these articles."""
    task = seen.json["messages"][-1]["content"]
    name = asked_about(seen)
    if not name:
        return completion(json.dumps(_noted(task)))
    good = json.loads((FIXTURES / "briefing" / "answers" / f"{name}.json").read_text("utf-8"))
    return completion(json.dumps(_analysed(task, good)), prompt_tokens=len(task) // 4)


def _analysed(task: str, good: dict[str, Any]) -> dict[str, Any]:
    if "Task: translate" in task:
        return {"sentences": [{"n": n, "en": good["translation"][str(n)]} for n in _numbers(task)]}
    if "Task: say in" in task:
        asked = set(_numbers(task))
        return {"claims": [claim for claim in good["claims"] if asked & set(claim["sentences"])]}
    points = re.search(r"First give (\d+) key points", task)
    assert points
    return {**good["summary"], "points": good["summary"]["points"][: int(points[1])]}


def _numbers(task: str) -> list[int]:
    runs = re.search(r"sentences ([\d, -]+)(?: into|:)", task)
    assert runs
    edges = [run.strip().partition("-") for run in runs[1].split(",")]
    return [n for first, _, last in edges for n in range(int(first), int(last or first) + 1)]


def _noted(task: str) -> dict[str, Any]:
    """The lines of the prompt as sentences of a note, spread over all of them."""
    lines = re.findall(r"^\[(\d+)\] (.+)$", task, re.MULTILINE)
    most = re.search(r"write (\d+) key points", task) or re.search(r"(\d+) sentences at most", task)
    count = int(most[1]) if most else 1
    chosen = [lines[i] for i in sorted({i * len(lines) // count for i in range(min(len(lines), count))})]
    told = [{"numbers": [int(n)], "text": _sentence(line)} for n, line in chosen]
    if "key points for" in task:
        return {"points": told, "title": {"numbers": [int(lines[0][0])], "text": "Warehouse fire in Brunsbek"}}
    return {"sentences": told}


def _sentence(line: str) -> str:
    """The claim of a line "(Paper, 12 March 2026; Berg says) It burns. [am Montag: ...]" with who says so."""
    found = re.match(r"(?:\(([^()]*(?:\([^()]*\)[^()]*)*)\) )?(.+?)(?: \[[^\]]+\])?$", line)
    assert found
    who = re.search(r"; (.+?)(?: \(through .+\))? (?:says|alleges|plans|expects|thinks)$", found[1] or "")
    text = found[2]
    return text if not who or who[1].split()[-1] in text else f"According to {who[1]}, {text[0].lower()}{text[1:]}"


@contextmanager
def serving(server: FaultServer | BatchServer) -> Iterator[dict[str, str]]:
    """The server runs in a thread; given is the environment in which `model.example` is this server."""
    ready, loop, done = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    async def work() -> None:
        async with server:
            ready.set()
            await done.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(work()))
    thread.start()
    ready.wait()
    proxy = server.base_url.removesuffix("/v1")
    try:
        yield {"HTTP_PROXY": proxy, "http_proxy": proxy, "NO_PROXY": "", "no_proxy": "", "OPENAI_API_KEY": ""}
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()
