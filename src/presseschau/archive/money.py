"""What a run has spent over all its invocations, however they ended.

The file of purchases beside the cache knows it request by request, before and after each; the journal knows it as of
its last row. A run that an earlier version began brings what its journal says; if the file of purchases is gone, the
journal's word stands.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from presseschau.archive.journal import Journal
from presseschau.archive.progress import Spent
from presseschau.archive.provider_batch.ledger import Ledger
from presseschau.errors import CacheError
from presseschau.llm.purchases import Amount, Certainty, For, PurchaseStore, Spend, Step
from presseschau.llm.spending import Price

_CERTAINTIES: tuple[Certainty, ...] = ("known", "assumed", "possible")
_ENTERED, _ENTERING = "entered", "entering"
"""The ledger's facts: what of its batches stands in the file of purchases, and what is about to stand there, with what
the file said of all the run's batches before: were this process killed between the two, that tells whether it does."""


@dataclass
class RunMoney:
    """The money of one run. `file` None: it cannot be written, and the journal alone is kept."""

    journal: Journal
    file: PurchaseStore | None

    def __post_init__(self) -> None:
        self._said = Spent.read(self.journal.fact("spent"))
        self._charged: list[Any] = self.journal.fact("charged") or [0, 0.0]
        known = self.journal.fact("run")
        if not known:
            known = {"id": os.urandom(8).hex(), "spent": self._said.stored(), "charged": self._charged}
            self.journal.commit(run=known)
        self.run = str(known["id"])
        self._opening = Spent.read(known["spent"])
        self._opening_charged: list[Any] = known["charged"]

    @property
    def before(self) -> Spent:
        """What was spent before this invocation, one by one."""
        sums = self._sums(self.run)
        whole = sum(sums.values(), Amount())
        if self._opening.requests + whole.requests < self._said.requests:
            return self._said
        billed = sums["known"] + sums["assumed"]
        return replace(
            self._said,
            requests=self._opening.requests + whole.requests,
            prompt_tokens=self._opening.prompt_tokens + billed.prompt_tokens,
            completion_tokens=self._opening.completion_tokens + billed.completion_tokens,
            possibly_billed=self._opening.possibly_billed + sums["possible"].requests,
            usage_unknown=self._opening.usage_unknown + sums["assumed"].requests,
        )

    @property
    def charged(self) -> tuple[int, float]:
        """Tokens and US dollars that count towards the limits: what is not known at the most that it can be."""
        whole = sum(self._sums(self.run).values(), Amount())
        tokens = self._opening_charged[0] + whole.prompt_tokens + whole.completion_tokens
        return max(int(self._charged[0]), tokens), max(self._charged[1], self._opening_charged[1] + whole.cost)

    def statement(self) -> Mapping[str, Mapping[str, float]]:
        """Requests, tokens and US dollars by how sure they are, batches included; {} without a file."""
        if self.file is None:
            return {}
        alone, batches = self._sums(self.run), self._sums(self._batches)
        found = {certainty: alone[certainty] + batches[certainty] for certainty in _CERTAINTIES}
        earlier = self._opening
        found["known"] += Amount(
            earlier.requests, earlier.prompt_tokens, earlier.completion_tokens, earlier.cost or 0.0
        )
        return {certainty: asdict(amount) for certainty, amount in found.items()}

    def enter_batches(self, ledger: Ledger, model: str, host: str, price: Price | None) -> None:
        """Brings what the provider's batches have cost up to date in the file of purchases."""
        if self.file is None:
            return
        spent, (lost_prompt, lost_completion) = ledger.spent(), ledger.lost()
        now = {
            "known": [spent.requests - spent.possibly_billed, spent.prompt_tokens, spent.completion_tokens],
            "possible": [spent.possibly_billed, lost_prompt, lost_completion],
        }
        before = self._entered(ledger)
        steps: list[Step] = []
        what = For(self._batches, model, host, price is not None)
        known: tuple[Certainty, ...] = ("known", "possible")
        for certainty in known:
            requests, read, written = (
                new - old for new, old in zip(now[certainty], before.get(certainty, (0, 0, 0)), strict=True)
            )
            amount = Amount(requests, read, written, price.of(read, written) if price else 0.0)
            if amount != Amount():
                steps.append(Spend(what, certainty, amount))
        if not steps:
            return
        ledger.remember(**{_ENTERING: [now, self._in_file()]})
        try:
            self.file.write(steps)
        except CacheError:
            return
        ledger.remember(**{_ENTERED: now})

    def _entered(self, ledger: Ledger) -> Mapping[str, Any]:
        """What of these batches the file has."""
        now, before = ledger.fact(_ENTERING) or (None, None)
        if now is not None and now != ledger.fact(_ENTERED) and self._in_file() != before:
            ledger.remember(**{_ENTERED: now})
        return ledger.fact(_ENTERED) or {}

    def _in_file(self) -> list[list[int]]:
        amounts = self._sums(self._batches).values()
        return [[one.requests, one.prompt_tokens, one.completion_tokens] for one in amounts]

    @property
    def _batches(self) -> str:
        return f"{self.run} batches"

    def _sums(self, run: str) -> dict[Certainty, Amount]:
        found = self.file.of_run(run) if self.file is not None else {}
        return {certainty: found.get(certainty, Amount()) for certainty in _CERTAINTIES}
