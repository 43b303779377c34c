"""How a model is asked: what was wanted, one way to ask and to ask again, and one article on its way."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeVar

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
from presseschau.models import (
    Answer,
    Article,
    EngineInfo,
    Finding,
    Part,
    Request,
    Risk,
    SecondReader,
    Summary,
    Sureness,
    Usage,
)
from presseschau.pipeline.numbered import Window, shown, windows
from presseschau.pipeline.prompts import Prompts, shipped

if TYPE_CHECKING:
    from presseschau.facts.encoder import Encoder
    from presseschau.pipeline.decisions import Decisions
    from presseschau.pipeline.translation import TranslationAnswer

Task = Literal["translate", "summary", "claims"]
TASKS: tuple[Task, ...] = ("translate", "summary", "claims")

_FIXED_TOKENS = 1_400  # system text, the longest task text, and the headline and sentences repeated as context
_TOKENS_PER_GERMAN_TOKEN = 3.4  # German read once; its English written, read again, and written again as claims
USUAL_CONTEXT = 32_000
"""Tokens of context of endpoints that do not say; every current hosted model has more."""
_NOTES_PER_SENTENCE = 3

AnswerModel = TypeVar("AnswerModel", bound=BaseModel)
Value = TypeVar("Value")


class Engine(Protocol):
    """Whatever answers requests: `llm.client.Client`, or a scripted one in tests."""

    @property
    def info(self) -> EngineInfo: ...
    def count_tokens(self, text: str) -> int: ...
    async def ask(self, request: Request[AnswerModel]) -> Answer[AnswerModel]: ...


class OtherTranslator(Protocol):
    """Whatever translates German sentences one by one. `name` says in which version: what it said is kept under it."""

    @property
    def name(self) -> str: ...
    def english(self, sentences: Sequence[str]) -> list[str]:
        """The English of each sentence."""


@dataclass(frozen=True)
class Options:
    """What is wanted. `rounds` is how often failing sentences and claims are asked for again (0 to 2); `samples`
    how many translations of each sentence are asked for, of which one stands (`translation.py`); `decisions` of
    people win over what the model says, and so does an archive's `memory` (`read_memory`) of sentences. `encoder`
    (`sentence_encoder()`) tells another sentence's English, a `translator` (`firefox_translator()`) what it would
    say otherwise. `risk`: say of each sentence how far to trust it (None: do not), `deep` also by the way back.
    `earlier` is the English of German sentences in an earlier version of the article: it is taken, and not asked
    for again."""

    tasks: Collection[Task] = TASKS
    english: Literal["British English", "American English"] = "British English"
    rounds: int = 1
    samples: int = 1
    points: int = 4
    prompts: Prompts = field(default_factory=shipped)
    glossary: checks.Glossary = field(default_factory=checks.house_glossary)
    decisions: Decisions | None = None
    encoder: Encoder | None = None
    translator: OtherTranslator | None = None
    memory: Decisions | None = None
    risk: Literal["plain", "deep"] | None = "plain"
    earlier: Mapping[str, str] = field(default_factory=dict)

    def echoed(self, answer: str, german: str) -> bool:
        """Does the answer hold words of its instructions, for which the German gives no cause? Then it is no answer."""
        return checks.echoed(answer, german, self.prompts.own) is not None


@dataclass
class Asker:
    """Asks an engine in the user's prompts. `usage` is what its requests took, `bought` how many were not cached,
    `notes` what is odd about the answers, `sure` how sure the model was of texts in them."""

    engine: Engine
    options: Options
    usage: Usage = field(default_factory=Usage)
    bought: int = 0
    notes: set[str] = field(default_factory=set)
    sure: dict[str, Sureness] = field(default_factory=dict)

    async def ask(self, request: Request[AnswerModel]) -> AnswerModel:
        return (await self.ask_for_all(request))[0]

    async def ask_for_all(self, request: Request[AnswerModel]) -> list[AnswerModel]:
        """The answer, and those to as many of the `n` samples as came with it."""
        answer = await self.engine.ask(request)
        self.usage += answer.usage
        self.bought += not answer.cached
        self.notes.update(answer.notes)
        for one in (answer, *answer.more):
            self.sure |= one.sure
        return [answer.value, *(one.value for one in answer.more)]

    async def samples(self, request: Request[AnswerModel], samples: int, temperature: float) -> list[AnswerModel]:
        """The ordinary answer and `samples` - 1 others, as far as they came. Raises the first failure if none did.

        The others are asked for at once, and one by one where a server does not give them so; each is kept by itself.
        """
        other = replace(request, temperature=temperature, sample=1, n=samples - 1)
        outcomes = await self.every([partial(self.ask_for_all, one) for one in (request, other)])
        last = outcomes[-1]
        if len(outcomes) == 2 and isinstance(last, list | AnswerError):
            known = len(last) if isinstance(last, list) else 1
            single = [replace(other, sample=i, n=1) for i in range(1 + known, samples)]
            outcomes += await self.every([partial(self.ask_for_all, one) for one in single])
        came = [answer for outcome in outcomes if isinstance(outcome, list) for answer in outcome]
        return came or without_failures(outcomes)[0]

    async def answered(
        self, request: Callable[[Sequence[str]], Request[AnswerModel]], notes: Sequence[str] = ()
    ) -> AnswerModel:
        """The answer to `request(notes)`; one that came cut off or broken is asked for once more, and told so.

        Raises what `Engine.ask` raises.
        """
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
        if self.engine.info.english_first:
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

    def note(self, findings: Iterable[Finding], german: str = "", english: str = "", *, folder: str = "repair") -> str:
        """What to tell the model about its last attempt, the gravest first, in the words of prompts/`folder`."""
        prompts, grave = self.options.prompts, sorted(findings, key=lambda f: f.severity != "error")
        names = prompts.names()
        said = dict.fromkeys(
            prompts.render(
                f"{folder}/{f.code}" if f"{folder}/{f.code}" in names else f"{folder}/default",
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


class Manner(NamedTuple):
    """How a translation is asked for: an engine that only translates is asked in another one (`small_model.py`).

    `window`: German characters in one request at most. `piece`: sentences asked for again at once; None: what failed
    of a window. `apart`: passages that address a model are asked for in requests of their own. `request`: how the
    request is worded; None: as `translation.request`.
    """

    window: int = 20_000
    piece: int | None = None
    apart: bool = False
    request: Callable[[Window, Collection[int], Options, Mapping[int, str]], Request[TranslationAnswer]] | None = None


@dataclass
class ReadingTally:
    """What a second reader was given, and what became of what it said: items read, errors kept and dropped."""

    read: int = 0
    errors: int = 0
    dropped: Counter[str] = field(default_factory=Counter)

    def by(self, reader: EngineInfo) -> SecondReader:
        return SecondReader(
            model=reader.model, engine=reader.identity, read=self.read, errors=self.errors, dropped=dict(self.dropped)
        )


@dataclass
class Work(Asker):
    """One article on its way: what it has used and what went wrong.

    `echoed` are the sentences that a part was answered with words of the instructions, `strange` those with English of
    another, by number and that English; `agreed` says how like its other samples English is (chrF), `risks` how far to
    trust each sentence.
    """

    article: Article = field(kw_only=True)
    manner: Manner = field(default_factory=Manner, kw_only=True)
    repairs: int = 0
    failures: list[Finding] = field(default_factory=list)
    strange: dict[tuple[int, str], checks.Stranger] = field(default_factory=dict)
    agreed: dict[str, float] = field(default_factory=dict)
    risks: dict[int, Risk] = field(default_factory=dict)
    echoed: defaultdict[Part, set[int]] = field(default_factory=lambda: defaultdict(set))
    reading: ReadingTally = field(default_factory=ReadingTally)

    def heard_of(self, said: str, english: str) -> None:
        """What is known of English holds of it as it was respelled."""
        if said in self.sure:
            self.sure[english] = self.sure[said]
        if said in self.agreed:
            self.agreed[english] = self.agreed[said]

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """The article in stretches that fit the engine's context, each with its terms."""
        per_character = self.engine.count_tokens(self.article.text) / max(1, len(self.article.text))
        fitting = ((self.engine.info.context_tokens or USUAL_CONTEXT) - _FIXED_TOKENS) / (
            _TOKENS_PER_GERMAN_TOKEN * per_character
        )
        every = windows(self.article, max(500, min(self.manner.window, round(fitting))))
        return tuple(window._replace(terms=self._terms(window)) for window in every)

    def _terms(self, window: Window) -> tuple[tuple[str, str], ...]:
        return checks.renderings("\n".join(s.text for s in window.own), self.options.glossary)


def failure(part: Part, error: PresseschauError, sentences: Collection[int] = ()) -> Finding:
    """The finding that a part, or its `sentences`, could not be made, and why."""
    about = f" for {len(sentences)} sentences" if sentences else ""
    return flag("task.failed", f"{part}{about}: {error}").stamped(part=part, failure=error.failure)


def echo(part: Part, n: int) -> Finding:
    """The finding that there is nothing for sentence `n`, since the model answered with words of its instructions."""
    return flag("content.meta", f"{checks.ECHO} It is not used.").stamped(sentence=n, part=part)


def counted(translation: Sized | None, summary: Summary | None, claims: Sized | None) -> dict[Part, int]:
    """How many sentences, summaries and claims there are, of the parts that there are."""
    whole = (summary,) if summary else None
    parts: dict[Part, Sized | None] = {"translation": translation, "summary": whole, "claims": claims}
    return {part: len(there) for part, there in parts.items() if there is not None}


def without_failures(outcomes: Iterable[Value | PresseschauError]) -> list[Value]:
    """The results, if all came. Raises the first failure."""
    found: list[Value] = []
    for outcome in outcomes:
        if isinstance(outcome, PresseschauError):
            raise outcome
        found.append(outcome)
    return found
