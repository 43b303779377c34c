"""What the parts of a note share: the engine they ask, the prompts, and what was used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from presseschau.analysis import Engine, Options
from presseschau.errors import MalformedAnswer, TruncatedAnswer
from presseschau.models import Finding, Request, Usage
from presseschau.tasks.note import TOKENS_PER_SENTENCE, Line
from presseschau.tasks.numbered import shown

_USUAL_CONTEXT = 32_000  # of endpoints that do not say; every current hosted model has more
_FIXED_TOKENS = 900  # system and task text, and an answer's frame
_TOKENS_PER_LINE = 8  # its number and the line break, with room to spare
_NOTES_PER_SENTENCE = 3

AnswerModel = TypeVar("AnswerModel", bound=BaseModel)


@dataclass
class Desk:
    """One note on its way. `usage` is what its own requests took."""

    engine: Engine
    options: Options
    usage: Usage = field(default_factory=Usage)

    async def answered(self, request: Callable[[Sequence[str]], Request[AnswerModel]]) -> AnswerModel:
        """The answer to `request(notes)`; one that came cut off or broken is asked for once more, and told so.

        Raises what `Engine.ask` raises.
        """
        try:
            return await self._ask(request(()))
        except (MalformedAnswer, TruncatedAnswer) as error:
            if not self.options.rounds:
                raise
            return await self._ask(request([self.options.prompts.render(f"repair/answer.{error.failure}")]))

    async def _ask(self, request: Request[AnswerModel]) -> AnswerModel:
        answer = await self.engine.ask(request)
        self.usage += answer.usage
        return answer.value

    def windows(self, lines: Sequence[Line], sentences: int) -> Iterator[tuple[Line, ...]]:
        """The lines in stretches that fit the engine's context beside an answer of so many sentences.

        Half of the answer's size again is left free for sentences that have to be written again.
        """
        context = self.engine.context_tokens or _USUAL_CONTEXT
        room = max(300, context - _FIXED_TOKENS - round(1.5 * TOKENS_PER_SENTENCE * (sentences + 1)))
        window: list[Line] = []
        size = 0
        for line in lines:
            tokens = self.engine.count_tokens(line.text) + _TOKENS_PER_LINE
            if window and size + tokens > room:
                yield tuple(window)
                window, size = [], 0
            window.append(line)
            size += tokens
        if window:
            yield tuple(window)

    def reason(self, findings: Iterable[Finding]) -> str:
        """What to tell the model about a sentence that failed, in the words of prompts/repair/note."""
        prompts, names = self.options.prompts, self.options.prompts.names()
        said = dict.fromkeys(
            prompts.render(
                f"repair/note/{f.code}" if f"repair/note/{f.code}" in names else "repair/note/default",
                source=shown(f.de_span.text) if f.de_span else "",
                target=shown(f.en_span.text) if f.en_span else "",
            )
            for f in findings
            if f.severity == "error"
        )
        return "; ".join(list(said)[:_NOTES_PER_SENTENCE])
