"""An encoder that was given: what it finds stands in the result, is asked for again, and is kept beside the answers."""

from __future__ import annotations

import numpy as np

from presseschau.analysis import Options, analyze
from presseschau.ingest import read_article
from scripted import ScriptedEngine, wanted

TEXT = """Brücke bleibt gesperrt

Die Schulen am Deich bleiben wegen der Sperrung der Brücke zu.
"""
RIGHT = "The schools by the dyke stay shut because the bridge is closed."
OTHER = "She wants to devote more of her time to painting from now on."


class Topics:
    """Knows two topics: schools, and the rest."""

    name = "topics"

    def __init__(self) -> None:
        self.asked = 0

    def vectors(self, texts):
        self.asked += 1
        school = ("schools", "Schulen")
        return np.array([[1.0, 0.0] if any(w in text for w in school) else [0.0, 1.0] for text in texts], np.float32)


class Remembering(ScriptedEngine):
    """Answers once, then as a cache does; with a memory."""

    def __init__(self, reply) -> None:
        super().__init__(reply)
        self.memory: dict[str, str] = {}
        self.known: set[str] = set()

    async def ask(self, request):
        answer = await super().ask(request)
        key = repr(request.messages)
        cached = key in self.known
        self.known.add(key)
        return type(answer)(answer.value, answer.text, answer.usage, cached)

    async def recall(self, key):
        return self.memory.get(key)

    async def remember(self, key, text):
        self.memory[key] = text


def reply_with(last):
    answers = iter([OTHER, last or RIGHT])

    def reply(request):
        english = {1: "Bridge remains closed", 2: next(answers, last or RIGHT)}
        return {"sentences": [{"n": n, "en": english[n]} for n in wanted(request)]}

    return reply


async def made(engine, encoder):
    return await analyze(read_article(TEXT, source="a.txt"), engine, Options(tasks=("translate",), encoder=encoder))


def codes(analysis):
    return [[f.code for f in row.findings] for row in analysis.translation]


async def test_it_is_flagged_and_asked_for_again():
    encoder, engine = Topics(), ScriptedEngine(reply_with(None))
    analysis = await made(engine, encoder)
    assert [row.en for row in analysis.translation] == ["Bridge remains closed", RIGHT]
    assert analysis.translation[1].status == "repaired"
    assert analysis.provenance.versions["encoder"] == "topics"


async def test_without_one_nothing_is_said():
    analysis = await made(ScriptedEngine(reply_with(OTHER)), None)
    assert not any("speaks of something else" in f.message for f in analysis.findings)
    assert "encoder" not in analysis.provenance.versions


async def test_what_comes_from_the_cache_loads_none_and_says_the_same():
    engine = Remembering(reply_with(OTHER))
    first = await made(engine, Topics())
    assert "coverage.shifted" in codes(first)[1]
    encoder = Topics()
    again = await made(engine, encoder)
    assert (codes(again), encoder.asked) == (codes(first), 0)


async def test_a_cached_article_that_no_encoder_has_seen_loads_none():
    engine = Remembering(reply_with(OTHER))
    await made(engine, None)
    encoder = Topics()
    await made(engine, encoder)
    assert encoder.asked == 0


async def test_a_damaged_memory_is_not_believed():
    engine = Remembering(reply_with(OTHER))
    first = await made(engine, Topics())
    engine.memory = dict.fromkeys(engine.memory, '{"2": "yes"}')
    engine.known.clear()
    assert codes(await made(engine, Topics())) == codes(first)
