"""OpenAI Batch: uploads shards, creates batches, waits for them, enters the results, deletes the files there.

    written ──upload──▶ (input file) ──▶ creating ──create──▶ created ──poll──▶ ended: results in the ledger

Before `create` the ledger says `creating`, afterwards which batch it is. Whoever finds `creating` looks for a batch
with this shard's digest in its metadata; only if there is none is one made. A shard that is new to this ledger is
looked for as well: the ledger may have been lost, the batch not.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from presseschau.archive.provider_batch.collecting import QUEUE, LostError, reconcile
from presseschau.archive.provider_batch.ledger import Ledger, Outcome, Sent
from presseschau.errors import ConfigurationError, ProviderDownError
from presseschau.llm.batch.files import read_result
from presseschau.llm.batch.provider import ENDED, UNDER_WAY, Batch, BatchError, BatchProvider
from presseschau.llm.faults import Unsupported, clean, of_status

_LOOKED_BACK = 48 * 3600
"""Seconds before a shard was written in which a lost ledger may have sent it: two completion windows."""
_LOOKS = 8
"""Times that something is looked for again; with the usual waits that takes five minutes."""
_OVERDUE = 48 * 3600
"""Seconds after which a batch ought to have ended, whatever is said of it: two completion windows."""
_QUEUE_FULL = "token_limit_exceeded"
_QUEUE_LIMIT = re.compile(r"limit: ([\d,.]+) enqueued", re.IGNORECASE)


Value = TypeVar("Value")


@dataclass(frozen=True)
class Polling:
    """Seconds between two looks at the batches: `first`, growing to `most` while nothing moves."""

    first: float = 5.0
    most: float = 120.0


@dataclass
class OpenAIBatch:
    """Delivers what the ledger holds. `show` is told how far it is; `halt` ends it soon, batches go on.

    `step` is told a shard and why the server does not take requests in its shape: whether there is another shape.
    """

    ledger: Ledger
    provider: BatchProvider
    polling: Polling
    show: Callable[[str], None]
    halt: asyncio.Event
    step: Callable[[Sent, str], bool]
    _odd: dict[str, int] = field(default_factory=dict)

    async def deliver(self) -> None:
        """Returns when no shard is under way any more, or soon after `halt`. Raises what `BatchProvider` does."""
        wait = self.polling.first
        seen: list[tuple[str, int, int]] = []
        while not self.halt.is_set():
            await self._submit()
            sent = self.ledger.shards("created")
            if not sent and not self.ledger.shards("written", "creating"):
                return
            now, ended = [], 0
            for shard in sent:
                batch = await self._batch(shard)
                if self.halt.is_set():
                    return
                if batch is None:
                    ended += self._gone(shard)
                elif batch.status in ENDED or (batch.status not in UNDER_WAY and batch.output_file):
                    ended += await self._collect(shard, batch)
                else:
                    self._bound(shard, batch)
                    now.append((batch.status, batch.answered, batch.failed))
            if ended:  # the queue has room
                continue
            wait = self.polling.first if now != seen else min(self.polling.most, wait * 1.5)
            seen = now
            self._tell(now)
            await self._pause(wait)

    async def _submit(self) -> None:
        """Hands over what was written, as far as the provider's queue has room."""
        for shard in self.ledger.shards("creating", "written"):
            queue, under_way = self.ledger.fact(QUEUE), sum(s.tokens for s in self.ledger.shards("created"))
            full = queue is not None and under_way and under_way + shard.tokens > queue
            if self.halt.is_set() or (full and shard.state == "written"):
                return
            await self._submit_one(shard)

    async def _submit_one(self, shard: Sent) -> None:
        known, since = self.ledger.batches(), shard.written - _LOOKED_BACK
        unsure = shard.state == "creating" or shard.input_file is None
        batch = await self.provider.find(shard.digest, known, since) if unsure else None
        if batch is None:
            input_file = shard.input_file
            if input_file is None:
                self.show(f"uploading {shard.file} ({shard.requests:,} requests)")
                input_file = await self.provider.upload(self.ledger.folder / shard.file)
            self.ledger.move(shard.number, "creating", input_file=input_file)
            batch = await self.provider.create(input_file, shard.digest, known, since)
        self.ledger.move(shard.number, "created", batch=batch.id)

    async def _batch(self, shard: Sent) -> Batch | None:
        """The batch of a shard; None if the provider has none, neither by its name nor in its list, for minutes."""
        assert shard.batch is not None
        name, since = shard.batch, shard.written - _LOOKED_BACK
        batch = await self._looked_for(lambda: self.provider.batch(name), f"the batch {name}")
        if batch is None and not self.halt.is_set():
            batch = await self.provider.find(shard.digest, (), since)
        return batch

    async def _looked_for(self, look: Callable[[], Awaitable[Value | None]], what: str) -> Value | None:
        """What a provider does not have at once it may have a little later."""
        wait = self.polling.first
        for _ in range(_LOOKS):
            found = await look()
            if found or self.halt.is_set():
                return found
            self.show(f"the provider does not find {what}: looking again in {wait:.0f} s")
            await self._pause(wait)
            wait = min(self.polling.most, wait * 1.5)
        return await look()

    def _gone(self, shard: Sent) -> bool:
        """The batch is lost: its requests are not sent again without being asked for, since they may have been paid."""
        prompt, completion = self.ledger.most_of(shard.number)
        lost = self.ledger.unanswered(shard.number)
        text = (
            f"The provider no longer knows the batch {shard.batch}. Its {len(lost):,} requests may have been paid; "
            f"with --retry-failed they are sent again, at most {prompt:,} tokens read and {completion:,} written."
        )
        with self.ledger.transaction():
            for id in lost:
                self.ledger.enter(
                    shard.number, Outcome(id, "failed", lost=True, kind=LostError.failure, text=text), shard.schema_mode
                )
            self.ledger.count(failed=1)
            self.ledger.move(shard.number, "ended", batch=shard.batch)
        return True

    def _bound(self, shard: Sent, batch: Batch) -> None:
        """Raises ProviderDownError for a batch that is never going to end, as far as can be told."""
        self._odd[batch.id] = self._odd.get(batch.id, 0) + (batch.status not in UNDER_WAY)
        late = time.time() - shard.written > _OVERDUE
        if late or self._odd[batch.id] > _LOOKS:
            hours = f" for more than {_OVERDUE // 3600} hours" if late else ", a status that is not known here"
            raise ProviderDownError(
                f"The provider says that the batch {batch.id} is {clean(batch.status, 40)!r}{hours}. Look at the "
                "provider's own page; the same command looks again, and nothing is lost."
            )

    async def _collect(self, shard: Sent, batch: Batch) -> bool:
        """Enters the results of a batch that has ended; what has none is to be sent again. False: the shard is."""
        if batch.status == "failed" and not batch.output_file and not batch.error_file:
            return self._not_taken(shard, batch)
        files, there = await self._fetched(shard, batch)
        if not there and self.halt.is_set():
            return False
        with self.ledger.transaction():
            found = reconcile(self.ledger, [(shard.number, shard.schema_mode)], files)
            self.ledger.count(repeated=found.repeated, unreadable=found.unreadable, **{batch.status: 1})
            for id in self.ledger.unanswered(shard.number):
                lost = batch.status == "completed" or not there  # worked on, so paid, but not in the files
                reason = f"the batch ended as {batch.status!r} without a result for it"
                self.ledger.enter(shard.number, Outcome(id, "open", lost=lost, text=reason), shard.schema_mode)
            self.ledger.move(shard.number, "ended", batch=batch.id)
        if found.refused and not self.step(shard, found.refused[0]):
            self.ledger.reject(shard.number)
        await self._clean(shard, batch, files)
        if found.fatal is not None:
            raise found.fatal
        return True

    async def _fetched(self, shard: Sent, batch: Batch) -> tuple[list[Path], bool]:
        """The files that came, and whether these are all that the batch has."""
        files, wanted = [], [(batch.output_file, "output"), (batch.error_file, "errors")]
        for file, name in wanted:
            path = self.ledger.folder / f"{name}-{shard.number}.jsonl"
            if file is not None and await self._looked_for(
                partial(self.provider.download, file, path), f"the file {file}"
            ):
                files.append(path)
        return files, len(files) == sum(file is not None for file, _ in wanted)

    async def _clean(self, shard: Sent, batch: Batch, files: list[Path]) -> None:
        for path in (*files, self.ledger.folder / shard.file):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        ours = shard.input_file is not None  # a batch that was found may be that of another run
        for file in (shard.input_file, batch.output_file, batch.error_file):
            if file is not None and ours:
                await self.provider.delete(file)

    def _not_taken(self, shard: Sent, batch: Batch) -> bool:
        """A batch that the provider did not begin: nothing was paid. False: the same shard will be tried later.

        Raises ConfigurationError if that has no use.
        """
        full = [error for error in batch.errors if error.code == _QUEUE_FULL]
        others = sum(s.tokens for s in self.ledger.shards("created") if s.number != shard.number)
        if full:
            limit = _limit(full[0]) or max(1, (others + shard.tokens) // 2)
            self.ledger.remember(**{QUEUE: limit})
            self.show(f"the provider lets {limit:,} tokens wait at once: going on in smaller steps")
            if shard.tokens <= limit:  # there was no room just now: once more with the file that is there
                self.ledger.move(shard.number, "written", batch=None)
                return False
        bad = self._rejected(shard, batch)
        with self.ledger.transaction():
            for id, reason in bad.items():
                self.ledger.enter(shard.number, Outcome(id, "failed", kind="failed", text=reason), shard.schema_mode)
            for id in self.ledger.unanswered(shard.number):
                alone = shard.requests == 1  # it cannot be made smaller: too often, and it is given up
                self.ledger.enter(
                    shard.number, Outcome(id, "open", counts=alone, text=_words(batch)), shard.schema_mode
                )
            self.ledger.count(failed=1)
            self.ledger.move(shard.number, "ended", batch=batch.id)
        if not full and not bad:
            raise _refusal(batch)
        return True

    def _rejected(self, shard: Sent, batch: Batch) -> dict[str, str]:
        """The requests that the provider's errors name by line, and why."""
        reasons = {error.line: error.message or error.code for error in batch.errors if error.line}
        rejected = {}
        with (self.ledger.folder / shard.file).open("rb") as lines:
            for number, line in enumerate(lines, 1):
                result = read_result(line) if number in reasons else None
                if result is not None:
                    rejected[result.custom_id] = f"The provider rejected the request: {reasons[number]}"
        return rejected

    def _tell(self, batches: list[tuple[str, int, int]]) -> None:
        waiting = len(self.ledger.shards("written", "creating"))
        answered, failed = sum(b[1] for b in batches), sum(b[2] for b in batches)
        requests = sum(s.requests for s in self.ledger.shards("created"))
        states = ", ".join(sorted({status for status, _, _ in batches})) or "waiting for room"
        under_way = "1 batch" if len(batches) == 1 else f"{len(batches)} batches"
        self.show(
            f"{under_way} ({states}): {answered:,} of {requests:,} requests answered"
            + (f", {failed:,} failed" if failed else "")
            + (f"; {waiting} more waiting for room" if waiting and batches else "")
        )

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.halt.wait(), seconds)


def _limit(error: BatchError) -> int | None:
    found = _QUEUE_LIMIT.search(error.message)
    return int(re.sub(r"\D", "", found[1])) if found else None


def _words(batch: Batch) -> str:
    return batch.errors[0].message or batch.errors[0].code if batch.errors else "no reason given"


def _refusal(batch: Batch) -> ConfigurationError:
    code = batch.errors[0].code if batch.errors else ""
    failure = of_status(400, {"error": {"code": code, "message": _words(batch)}})
    if isinstance(failure, Unsupported):
        failure = failure.failure
    if isinstance(failure, ConfigurationError):
        return failure
    return ConfigurationError(f"The provider does not take the batch {batch.id}: {_words(batch)}")
