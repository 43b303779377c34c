"""A scripted endpoint that knows good answers about the articles of fixtures/briefing and about their note."""

import asyncio
import json
import re
import threading
from contextlib import contextmanager

import briefing_world
from fault_server import FaultServer, completion
from note_engine import NoteEngine
from presseschau.pipeline.note import SentencesAnswer, StoryAnswer


class Asked:
    """A request as the engine's script takes it, read from what arrived at the server."""

    def __init__(self, seen):
        self.messages = [type("Message", (), message) for message in seen.json["messages"]]
        said = self.messages[-1].content
        self.tight = None  # answered as JSON, not in numbered lines
        self.tight = None  # answered as JSON
        self.task = "note" if "briefing note" in said or "say something that the lines" in said else "other"
        self.answer = StoryAnswer if "key points for" in said else SentencesAnswer


def good(seen):
    return completion(json.dumps(NoteEngine()._answer(Asked(seen))))


def everything(seen):
    """Good answers about the articles of fixtures/briefing, for their analysis and for the note."""
    asked = Asked(seen)
    if asked.task != "note":
        said = asked.messages[-1].content
        asked.task = "summary" if "Task: summarise" in said else "translate" if " into " in said else "claims"
    return completion(json.dumps(briefing_world.engine().reply(asked)), prompt_tokens=len(seen.raw) // 4)


def judge(seen):
    """A second reader, which says of every first item that one word is wrong, and of a second that is not there."""
    text = seen.json["messages"][-1]["content"]
    first = re.search(r"^\[(\d+)\] German: (\w+).*\nEnglish: (\w+)", text, re.M)
    assert first
    row = {"n": int(first[1]), "kind": "name", "severity": "minor", "en": first[3], "de": first[2], "why": "so"}
    return completion(json.dumps({"errors": [row, {**row, "en": "nowhere"}]}), prompt_tokens=len(text) // 4)


@contextmanager
def endpoint(script):
    """The scripted server in a thread of its own; gives its base URL and the requests that arrived."""
    ready, ended = threading.Event(), []
    found = {}

    async def serve():
        async with FaultServer(script) as server:
            found["url"], found["requests"] = server.base_url, server.requests
            stop = asyncio.Event()
            ended.append((asyncio.get_running_loop(), stop))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait()
    try:
        yield found
    finally:
        loop, stop = ended[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join()
