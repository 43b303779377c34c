"""What a model would answer that had read the labels of the articles, over real HTTP, and worse ones."""

from __future__ import annotations

import json
from collections.abc import Callable

from fault_server import FaultServer, Reply, Seen, VirtualTime, completion
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.retry import Policy, Timing
from presseschau.measuring.articles import LabelledArticle, labelled_articles
from presseschau.pipeline.numbered import german
from scripted import numbers_in

Worse = Callable[[int, str], str]


def as_labelled(worse: Worse = lambda n, english: english) -> Callable[[Seen], Reply]:
    """Answers all tasks from the labels of the article in the prompt; `worse` makes of each English what is sent."""

    def answer(seen: Seen) -> Reply:
        said = seen.json["messages"][-1]["content"]
        schema = seen.json["response_format"]["json_schema"]["schema"]
        labelled = about(said)
        (field, *_) = schema["properties"]
        if field == "sentences":
            rows = [{"n": n, "en": worse(n, labelled.english[n])} for n in numbers_in(said)]
            return completion(json.dumps({"sentences": rows}), prompt_tokens=len(seen.raw) // 4)
        if field == "claims":
            rows = [
                {"sentences": list(c.sentences), "speaker": c.speaker, "via": [], "stance": c.stance,
                 "text": worse(c.sentences[0], c.text)}
                for c in labelled.claims
            ]  # fmt: skip
            return completion(json.dumps({"claims": rows}), prompt_tokens=len(seen.raw) // 4)
        points = [{"sentences": list(ns), "text": worse(ns[0], labelled.english[ns[0]])} for ns in labelled.points]
        return completion(
            json.dumps({"points": points, "bottom_line": points[0], "headline": labelled.english[1]}),
            prompt_tokens=len(seen.raw) // 4,
        )

    return answer


def about(prompt: str) -> LabelledArticle:
    """The article that stands in a prompt."""
    return next(one for one in labelled_articles() if f"[1] {german(one.article.sentences[0].text)}" in prompt)


def client(server: FaultServer, model: str = "m") -> Client:
    """A client of the server that waits on a clock of its own."""
    time = VirtualTime()
    timing = Timing(clock=time.clock, sleep=time.sleep)
    return Client(Endpoint(base_url=server.base_url, model=model), policy=Policy(attempts=3), timing=timing)
