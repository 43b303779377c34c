"""The requests of one wave, put into shards as they are found; entered in the ledger when the wave is whole."""

from __future__ import annotations

import time
from collections.abc import Mapping
from math import ceil
from pathlib import Path
from typing import Any

from presseschau.archive.provider_batch.ledger import Ledger
from presseschau.llm.batch.line import request_line
from presseschau.llm.batch.shard import ShardLimit, ShardWriter
from presseschau.llm.budget import Budget
from presseschau.llm.ladder import Shape
from presseschau.llm.token_count import PLANNED_RATIO

QUEUE = "queue_tokens"
"""The ledger's fact: prompt tokens that the provider lets be under way at once, as far as it has said so."""


class Wave:
    """What `add` takes is sent by `seal` and forgotten by `discard`. `cut`: something did not fit into the budget."""

    def __init__(self, ledger: Ledger, shape: Shape, budget: Budget, limit: ShardLimit) -> None:
        self.shape = shape
        self.requests = 0
        self.cut = False
        self._ledger = ledger
        self._budget = budget
        tokens = ledger.fact(QUEUE)
        self._writer = ShardWriter(
            self._file, ledger.next_shard(), ShardLimit(limit.requests, limit.bytes, tokens or limit.tokens)
        )
        self._held = list(ledger.held())

    def _file(self, number: int) -> Path:
        return self._ledger.folder / f"requests-{number}.jsonl"

    def add(self, id: str, body: Mapping[str, Any], cap: int) -> None:
        """Puts a request into the wave if the budget has room for the most that it can cost."""
        characters = sum(len(message["content"]) for message in body["messages"])
        prompt = ceil(characters / PLANNED_RATIO)
        most = ceil((characters + len(str(body.get("response_format", "")))) / PLANNED_RATIO)
        if not self._budget.has_room(self._held[0] + most, self._held[1] + cap):
            self.cut = True
            return
        self._held[0] += most
        self._held[1] += cap
        self._ledger.sending(id, self._writer.add(request_line(id, body), prompt), most, cap)
        self.requests += 1

    def seal(self) -> None:
        """Enters the shards; to be called within the transaction in which the requests were found."""
        self._ledger.seal(self._writer.finish(), self.shape.rung, int(time.time()))

    def discard(self) -> None:
        self._writer.discard()
