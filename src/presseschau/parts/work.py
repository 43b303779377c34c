"""What the parts of an analysis share: the engine they ask, what was wanted, and one article on its way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from pydantic import BaseModel

from presseschau import checks
from presseschau.errors import (
    AnswerError,
    BudgetReachedError,
    MalformedAnswer,
    PresseschauError,
    ProviderDownError,
    TruncatedAnswer,
)
from presseschau.findings import flag
from presseschau.models import Answer, Article, Finding, Message, Part, Request, Usage
from presseschau.tasks import translate
from presseschau.tasks.numbered import Window, shown, windows
from presseschau.tasks.prompt import Prompts

if TYPE_CHECKING:
    from presseschau.parts.decisions import Decisions

Task = Literal["translate", "summary", "claims"]
TASKS: tuple[Task, ...] = ("translate", "summary", "claims")

_MOST_WINDOW_CHARACTERS = 20_000
_SMALL_WINDOW_CHARACTERS = 3_000  # about 25 sentences: a small model loses itself in more
_FIXED_TOKENS = 1_400  # system text, the longest task text, and the headline and sentences repeated as context
_TOKENS_PER_GERMAN_TOKEN = 3.4  # German read once; its English written, read again, and written again as claims
_USUAL_CONTEXT = 32_000  # of endpoints that do not say; every current hosted model has more
_NOTES_PER_SENTENCE = 3

AnswerModel = TypeVar("AnswerModel", bound=BaseModel)
Value = TypeVar("Value")


class Engine(Protocol):
    """Whatever answers requests: `llm.client.Client`, or a scripted one in tests.

    `english_first`: summary and claims are asked for with the finished translation in view (a small model left alone
    with the German copies it: `tests/measure/english_first.py`). `small`: claims and summary are the checked
    translations of their sentences, as the model would copy or spoil them. `notice` is what every result must say of
    the model.
    """

    @property
    def model(self) -> str: ...
    @property
    def identity(self) -> str: ...
    @property
    def context_tokens(self) -> int | None: ...
    @property
    def english_first(self) -> bool: ...
    @property
    def small(self) -> bool: ...
    @property
    def notice(self) -> str: ...
    def count_tokens(self, text: str) -> int: ...
    async def ask(self, request: Request[AnswerModel]) -> Answer[AnswerModel]: ...


@dataclass(frozen=True)
class Options:
    """What is wanted. `rounds` is how often failing sentences and claims are asked for again (0 to 2); `decisions` of
    people win over what the model says."""

    tasks: Collection[Task] = TASKS
    english: Literal["British English", "American English"] = "British English"
    rounds: int = 1
    points: int = 4
    prompts: Prompts = field(default_factory=Prompts)
    glossary: checks.Glossary = field(default_factory=checks.house_glossary)
    decisions: Decisions | None = None


@dataclass
class Work:
    """One article on its way: what it has used and what went wrong."""

    article: Article
    engine: Engine
    options: Options
    usage: Usage = field(default_factory=Usage)
    repairs: int = 0
    failures: list[Finding] = field(default_factory=list)

    async def ask(self, request: Request[AnswerModel]) -> AnswerModel:
        answer = await self.engine.ask(request)
        self.usage += answer.usage
        return answer.value

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """The article in stretches that fit the engine's context, each with its terms."""
        per_character = self.engine.count_tokens(self.article.text) / max(1, len(self.article.text))
        fitting = ((self.engine.context_tokens or _USUAL_CONTEXT) - _FIXED_TOKENS) / (
            _TOKENS_PER_GERMAN_TOKEN * per_character
        )
        most = _SMALL_WINDOW_CHARACTERS if self.engine.small else _MOST_WINDOW_CHARACTERS
        every = windows(self.article, max(500, min(most, round(fitting))))
        return tuple(replace(window, terms=self._terms(window)) for window in every)

    def _terms(self, window: Window) -> tuple[tuple[str, str], ...]:
        return checks.renderings("\n".join(s.text for s in window.own), self.options.glossary)

    async def answered(
        self, request: Callable[[Sequence[str]], Request[AnswerModel]], notes: Sequence[str] = ()
    ) -> AnswerModel:
        """The answer to `request(notes)`; one that came cut off or broken is asked for once more, and told so."""
        try:
            return await self.ask(request(notes))
        except (MalformedAnswer, TruncatedAnswer) as error:
            if not self.options.rounds:
                raise
            return await self.ask(request([*notes, self.options.prompts.render(f"repair/answer.{error.failure}")]))

    async def every(self, asked: Sequence[Callable[[], Awaitable[Value]]]) -> list[Value | PresseschauError]:
        """The results in order, failures of single requests and of the endpoint among them; other errors are raised.

        All at once, so that whoever gathers requests sees every window's; on an embedded model one after the other,
        since its tasks share what was read of a window, and none after the endpoint has failed.
        """
        found: list[Value | PresseschauError] = []
        if self.engine.english_first:
            for ask in asked:
                try:
                    found.append(await ask())
                except AnswerError as error:
                    found.append(error)
                except (ProviderDownError, BudgetReachedError) as error:  # so it would be for the rest
                    return [*found, error]
            return found
        for outcome in await asyncio.gather(*(ask() for ask in asked), return_exceptions=True):
            if isinstance(outcome, BaseException):
                if not isinstance(outcome, AnswerError | ProviderDownError | BudgetReachedError):
                    raise outcome
                found.append(outcome)
            else:
                found.append(outcome)
        return found

    def before(self, window: Window, known: Mapping[int, str]) -> tuple[Message, ...]:
        """The conversation that summary and claims follow on: none, or the window's finished translation."""
        if not known:
            return ()
        return translate.in_view(
            window, known, self.options.prompts, english=self.options.english, lines=self.engine.small
        )

    def note(self, findings: Iterable[Finding], german: str = "", english: str = "") -> str:
        """What to tell the model about its last attempt, in the words of prompts/repair."""
        prompts, grave = self.options.prompts, sorted(findings, key=lambda f: f.severity != "error")
        names = prompts.names()
        said = dict.fromkeys(
            prompts.render(
                f"repair/{f.code}" if f"repair/{f.code}" in names else "repair/default",
                n=f.sentence or "",
                de=shown(german),
                en=shown(english),
                message=shown(f.message),
                source=shown(f.de_span.text) if f.de_span else "",
                target=shown(f.en_span.text) if f.en_span else "",
            )
            for f in grave
        )
        return "; ".join(list(said)[:_NOTES_PER_SENTENCE])


def failure(part: Part, error: PresseschauError, sentences: Collection[int] = ()) -> Finding:
    """The finding that a part, or its `sentences`, could not be made, and why."""
    about = f" for {len(sentences)} sentences" if sentences else ""
    return flag("task.failed", f"{part}{about}: {error}").stamped(part=part, failure=error.failure)


def without_failures(outcomes: Iterable[Value | PresseschauError]) -> list[Value]:
    """The results, if all came. Raises the first failure."""
    found: list[Value] = []
    for outcome in outcomes:
        if isinstance(outcome, PresseschauError):
            raise outcome
        found.append(outcome)
    return found
