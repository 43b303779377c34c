"""What is sent to a server, waited for, counted, told and made of what comes back, for as_before.py.

Each kind of bad answer comes once before a good one, and each time; the clock stands but for what is waited.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from pydantic import SecretStr
from test_faults import ALL, GOOD, KEY, REQUEST
from test_reading import WRAPPED

from fault_server import FaultServer, Reply, Seen, VirtualTime, completion, error, json_reply, saying_of_usage
from pinned import FIXTURES
from presseschau.errors import PresseschauError
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.profiles import PROFILES
from presseschau.llm.retry import Policy, Timing
from presseschau.llm.spending import Budget, Price, RequestEvent
from presseschau.models import Message, Request

Made = Iterable[tuple[str, list[str]]]
_FLEETING = re.compile(r"127\.0\.0\.1:\d+|until 20\d\d-[^.]*|(?<=used=)[^,)]*seconds=[^,)]*")
_FIELDS = ("max_tokens", "max_completion_tokens", "temperature", "reasoning_effort", "response_format", "n", "store")
_USAGE: tuple[Any, ...] = (
    ..., None, {}, {"prompt_tokens": 9}, {"prompt_tokens": "12", "completion_tokens": 7.0}, {"prompt_tokens": -1},
    {"prompt_tokens": 10**13, "completion_tokens": 1}, {"prompt_tokens": 900, "completion_tokens": 5000},
    {"prompt_tokens": 20, "completion_tokens": 7, "completion_tokens_details": {"reasoning_tokens": 5}},
    {"prompt_tokens": 20, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 16}},
    {"prompt_tokens": 20, "completion_tokens": 7, "cost": 0.25}, {"prompt_tokens": True, "completion_tokens": 1.5}, [1],
)  # fmt: skip


async def _asked(script: Iterable[Reply | Callable[[Seen], Reply]], profile: str = "vllm", **more: Any) -> list[str]:
    """All that can be seen of two requests, the second of them longer."""
    told: list[RequestEvent] = []
    clock = VirtualTime()
    timing = Timing(clock.clock, clock.sleep, lambda low, high: (low + high) / 2)
    request = more.pop("request", REQUEST)
    longer = replace(request, messages=(*request.messages, Message(role="user", content="Drei. " * 40)))
    policy, limits = more.pop("policy", Policy(attempts=3)), more.pop("limits", {})
    async with FaultServer([*script]) as server:
        known = Endpoint(server.base_url, "m", SecretStr(KEY), profile=profile, grace=20, **more)
        budget = Budget(price=Price(2, 8, "a list"), **limits)
        client = Client(known, None, policy=policy, timing=timing, on_event=told.append, budget=budget)
        made = []
        async with client:
            for one in (request, longer):
                try:
                    answer = await client.ask(one)
                    made.append(f"{answer.text} {answer.usage} {answer.notes} {answer.sure} {len(answer.more)}")
                except PresseschauError as failed:
                    made.append(f"{type(failed).__name__} {failed}")
            made += [f"{client.schema_mode} {client.load} {client.down}", repr(client.spending)]
            made += [f"{budget.tokens} {budget.cost} {budget.excess} {budget.reached}", f"{clock.waits}"]
    sent = [str({name: seen.json[name] for name in _FIELDS if name in seen.json}) for seen in server.requests]
    return [_FLEETING.sub("", line) for line in (*made, *map(repr, told), *sent)]


def _replies() -> Iterator[tuple[str, Reply]]:
    for case in ALL:
        if case.reply.ending not in ("hang", "drip", "flood", "reset"):
            yield case.name, case.reply
    for name, (text, _) in WRAPPED.items():
        yield name, completion(text, prompt_tokens=40)
    for n, line in enumerate((FIXTURES / "llm" / "errors.jsonl").read_text("utf-8").splitlines()):
        row = json.loads(line)
        for status in (400, 429, 503):
            yield f"{status} {n}", json_reply(row["body"], status, **row.get("headers", {}))
    for n, usage in enumerate(_USAGE):
        yield f"usage {n}", saying_of_usage(completion(GOOD), usage)
    body = completion(GOOD).body
    for n, (how, packed) in enumerate((("gzip", gzip.compress(body, mtime=0)), ("deflate", zlib.compress(body)),
                        ("deflate", zlib.compress(body)[2:-4]), ("gzip", body), ("br", body))):  # fmt: skip
        yield f"packed {n}", Reply(200, packed, {"content-type": "a/json", "content-encoding": how})
    for kind in ("", "text/plain", "x" * 80):
        yield f"as {kind[:9]}", Reply(200, b"tram", {"content-type": kind})


def _sent() -> Iterator[tuple[str, Any]]:
    good = completion(GOOD, prompt_tokens=30)
    for name, reply in _replies():
        yield f"once {name}", _asked([reply, good])
        yield f"always {name}", _asked([reply])
    refused = (
        "response_format", "temperature", "max_tokens", "max_completion_tokens", "reasoning_effort", "store",
        "json_schema", "strict", "minItems", "additionalProperties", "cache_prompt", "n", "logprobs",
    )  # fmt: skip
    for profile, field in product(PROFILES, refused):
        refusal = error(400, f"Unsupported parameter: '{field}' is not supported with this model.", "unsupported")
        yield f"refused {profile} {field}", _asked([refusal, refusal, good], profile)
        yield f"unknown {profile} {field}", _asked([lambda seen, f=field: _strict(seen, f)], profile)
    cut = completion(GOOD, prompt_tokens=11)
    for profile, tokens in product(PROFILES, (None, 16, 64, 4096)):
        yield f"context {profile} {tokens}", _asked([cut], profile, context_tokens=tokens)
    for n in (1, 2, 3):
        request = Request(REQUEST.task, REQUEST.messages, REQUEST.answer, 200, n=n, probabilities=True)
        yield f"several {n}", _asked([_several(n - 1), _several(n), _several(n + 1)], request=request)
    bad, busy = error(503), error(429, retry_after="7")
    for attempts, patience in product((1, 2, 5), (0, 30, 3600)):
        policy = Policy(attempts=attempts, elapsed=20, max_wait=8, base=2, cap=6, patience=patience)
        yield f"policy {attempts} {patience}", _asked([bad, busy, bad, bad, bad, busy, bad, good], policy=policy)
    for after in ("0", "1", "7.5", "8", "9", "180", "181", "Wed, 21 Oct 2015 07:28:00 GMT", "soon", "-3"):
        yield f"after {after}", _asked([error(429, retry_after=after), good], policy=Policy(attempts=3, max_wait=8))
    for tokens, cost in product((None, 200, 230, 300, 500, 900), (None, 0.001, 0.0017, 0.002, 0.01)):
        yield f"limits {tokens} {cost}", _asked([bad, good], limits={"max_tokens": tokens, "max_cost": cost})


def _strict(seen: Seen, field: str) -> Reply:
    known = json.dumps(seen.json)
    return error(422, f"Unrecognized request argument supplied: {field}") if f'"{field}"' in known else completion(GOOD)


def _several(count: int) -> Reply:
    data = json.loads(completion(GOOD, prompt_tokens=30).body)
    return json_reply(data | {"choices": [data["choices"][0] | {"index": n} for n in range(count)]})


def sent() -> Made:
    """What two requests come to with each server."""

    async def every() -> dict[str, list[str]]:
        said: dict[str, list[str]] = defaultdict(list)
        for name, asked in _sent():
            said[name.partition(" ")[0]] += [name, *await asked]
        return said

    return asyncio.run(every()).items()
