"""Sentences whose English is another one's, by an encoder that was given, and what is kept of it.

An encoder takes most of a second to load and compares only what words leave open (`checks/pair/strangers.py`). What it
found is kept beside the answers, under the pairs that it saw: an article that comes from the cache loads none.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from pydantic import ConfigDict, TypeAdapter, ValidationError

from presseschau.checks import Stranger, article_strangers
from presseschau.models import Sentence
from presseschau.pipeline.asking import Work

Pairs = Sequence[tuple[Sentence, str | None]]

_KEPT = TypeAdapter(dict[int, Stranger], config=ConfigDict(defer_build=True))


@runtime_checkable
class Memory(Protocol):
    """An engine that keeps what was worked out beside its answers, as `llm.client.Client` does."""

    async def recall(self, key: str) -> str | None: ...
    async def remember(self, key: str, text: str) -> None: ...


async def look_for_strangers(work: Work, pairs: Pairs) -> None:
    """Adds those among `pairs` to `work.strange`. Without an encoder, or if nothing was bought and nothing is kept, it
    does nothing."""
    encoder, engine = work.options.encoder, work.engine
    if encoder is None:
        return
    seen = json.dumps([(s.text, en) for s, en in pairs], ensure_ascii=False)
    key = f"{encoder.name}:{hashlib.sha256(seen.encode()).hexdigest()}"
    memory = engine if isinstance(engine, Memory) else None
    found = _believed(await memory.recall(key)) if memory else None
    if found is None and work.bought:
        found = await asyncio.to_thread(article_strangers, pairs, encoder)
        if memory:
            await memory.remember(key, _KEPT.dump_json(found).decode())
    english = {s.n: en for s, en in pairs}
    work.strange |= {(n, en): one for n, one in (found or {}).items() if (en := english.get(n))}


def known_strangers(work: Work, pairs: Pairs) -> dict[int, Stranger]:
    """Those that were found among `pairs`, by sentence number."""
    return {s.n: work.strange[s.n, en] for s, en in pairs if en and (s.n, en) in work.strange}


def _believed(kept: str | None) -> dict[int, Stranger] | None:
    try:
        return _KEPT.validate_json(kept) if kept is not None else None
    except ValidationError:
        return None
