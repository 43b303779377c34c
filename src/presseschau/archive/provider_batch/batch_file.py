"""Batch files for anybody's runner: requests are written, somebody runs them, their results are read.

For vLLM `run-batch`, and everything else that reads and writes OpenAI's batch format.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from presseschau.archive.provider_batch.collecting import reconcile
from presseschau.archive.provider_batch.ledger import Ledger, Outcome, Sent
from presseschau.errors import InputError


@dataclass
class BatchFile:
    """Reads the results of what the ledger holds: from `given`, or found beside the requests.

    `step` is told a shard and why the server does not take requests in its shape: whether there is another shape.
    """

    ledger: Ledger
    given: Sequence[Path]
    step: Callable[[Sent, str], bool]

    async def deliver(self) -> None:
        """Enters every result there is. Raises InputError for a given file that is not there or holds none of ours."""
        missing = [str(path) for path in self.given if not path.is_file()]
        if missing:
            raise InputError(f"There is no result file {', '.join(missing)}.")
        written = self.ledger.shards("written")
        if self.given and written:
            self._read(written, list(self.given), given=True)
        for shard in self.ledger.shards("written"):
            beside = self.results_of(shard)
            if beside.is_file() and _whole(beside):
                self._read([shard], [beside], given=False)

    def waiting(self) -> list[tuple[Path, Path]]:
        """Requests without results, and where the results are looked for."""
        return [(self.ledger.folder / shard.file, self.results_of(shard)) for shard in self.ledger.shards("written")]

    def results_of(self, shard: Sent) -> Path:
        return self.ledger.folder / f"results-{shard.number}.jsonl"

    def _read(self, shards: Sequence[Sent], files: Sequence[Path], *, given: bool) -> None:
        """The results of these shards; of one that has any, requests without a result are to be asked again."""
        with self.ledger.transaction():
            before = {shard.number: len(self.ledger.unanswered(shard.number)) for shard in shards}
            found = reconcile(self.ledger, [(shard.number, shard.schema_mode) for shard in shards], files)
            self.ledger.count(repeated=found.repeated, unreadable=found.unreadable)
            ended = [s for s in shards if not given or len(self.ledger.unanswered(s.number)) < before[s.number]]
            for shard in ended:
                for id in self.ledger.unanswered(shard.number):
                    outcome = Outcome(id, "open", text="its result is not in the result file")
                    self.ledger.enter(shard.number, outcome, shard.schema_mode)
                self.ledger.move(shard.number, "ended")
        for shard in ended:
            if found.refused and not self.step(shard, found.refused[0]):
                self.ledger.reject(shard.number)
            with suppress(OSError):
                (self.ledger.folder / shard.file).unlink(missing_ok=True)
        if found.fatal is not None:
            raise found.fatal
        if given and not found.entered and not found.repeated:
            raise InputError(f"{', '.join(map(str, files))}: no result for any request of this run.")


def _whole(path: Path) -> bool:
    """Whether the file ends with its last line: else it is still being written."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 1))
        return size > 0 and file.read(1) in (b"\n", b"}")
