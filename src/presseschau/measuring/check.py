"""One model measured: it is asked as for any article, and its answers are held against the labels."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from presseschau.analysis import Engine, Options, analyze, failed
from presseschau.checks.claim.labelled import ClaimCounts, claims_against
from presseschau.errors import AnswerError, BudgetReachedError, ProviderDownError
from presseschau.facts.chrf import chrf_of
from presseschau.measuring.articles import LabelledArticle
from presseschau.measuring.figures import (
    AnswerFigures,
    ClaimFigures,
    ModelFigures,
    SummaryFigures,
    Taken,
    TranslationFigures,
    Verdict,
    judged,
)
from presseschau.models import Analysis, Answer, AnswerModel, EngineInfo, Request, Usage


class MeasuredEngine(Engine, Protocol):
    """An engine that says how its answers are bound to a schema."""

    @property
    def schema_mode(self) -> str: ...


class Cost(Protocol):
    """US dollars of tokens read and written, and where the figures come from."""

    @property
    def source(self) -> str: ...
    def of(self, prompt_tokens: int, completion_tokens: int) -> float: ...


Sentences = tuple[tuple[str, str], ...]


class Measurement(NamedTuple):
    """The figures of a model, and (English, reference) of every sentence."""

    figures: ModelFigures
    sentences: Sentences


@dataclass
class WatchedEngine:
    """An engine that is watched while it is asked."""

    engine: Engine
    asked: int = 0
    at_once: int = 0
    cached: int = 0
    used: Usage = field(default_factory=Usage)
    written: int = 0
    seconds: float = 0.0
    """While anything was under way."""
    notes: set[str] = field(default_factory=set)
    _under_way: int = 0
    _since: float = 0.0

    @property
    def info(self) -> EngineInfo:
        return self.engine.info

    def count_tokens(self, text: str) -> int:
        return self.engine.count_tokens(text)

    async def ask(self, request: Request[AnswerModel]) -> Answer[AnswerModel]:
        self.asked += 1
        if not self._under_way:
            self._since = time.monotonic()
        self._under_way += 1
        try:
            answer = await self.engine.ask(request)
        except AnswerError:
            self.used += Usage(requests=1)
            raise
        finally:
            self._under_way -= 1
            if not self._under_way:
                self.seconds += time.monotonic() - self._since
        self.at_once += answer.usage.requests <= 1
        self.cached += answer.cached
        self.written += 0 if answer.cached else answer.usage.completion_tokens
        self.used += answer.usage
        self.notes.update(answer.notes)
        return answer


async def measure(
    engine: MeasuredEngine, articles: Sequence[LabelledArticle], options: Options, price: Cost | None = None
) -> Measurement:
    """The figures of one model on these articles, for the tasks of the options, and its sentences.

    An endpoint that fails on the first article, or gives no English of the first two, is not asked for the others.
    Raises ConfigurationError.
    """
    watched = WatchedEngine(engine)
    made: list[Analysis] = []
    for labelled in articles[:_TO_BEGIN_WITH]:
        made.append(await analyze(labelled.article, watched, options))
        if made[-1].translation or any(finding.failure in _GIVEN_UP for finding in made[-1].findings):
            break
    rest = articles[len(made) :]
    given_up: list[Analysis] = []
    if not made[-1].translation:
        given_up = [
            failed(labelled.article, ProviderDownError("not asked any more."), engine.info.model) for labelled in rest
        ]
    elif engine.info.english_first:  # one after the other: it has one place
        made += [await analyze(labelled.article, watched, options) for labelled in rest]
    else:
        made += await asyncio.gather(*(analyze(labelled.article, watched, options) for labelled in rest))
    stopped = {_GIVEN_UP[finding.failure] for one in made for finding in one.findings if finding.failure in _GIVEN_UP}
    made += given_up
    pairs = list(zip(articles, made, strict=True))
    rows = sentences_of(pairs)
    translation = translation_figures(pairs, rows)
    claims = claim_figures(pairs) if "claims" in options.tasks else None
    verdict, because = (max(stopped), ()) if stopped else judged(translation, claims)
    used = watched.used
    figures = ModelFigures(
        model=engine.info.model,
        identity=engine.info.identity,
        articles=len(articles),
        translation=translation,
        claims=claims,
        summary=summary_figures(pairs) if "summary" in options.tasks else None,
        answers=AnswerFigures(
            asked=watched.asked,
            at_once=watched.at_once,
            requests=used.requests,
            prompt_tokens=used.prompt_tokens,
            completion_tokens=used.completion_tokens,
            schema_mode=engine.schema_mode,
        ),
        cost=price.of(used.prompt_tokens, used.completion_tokens) / len(articles) if price else None,
        price=price.source if price else "",
        failures=dict(Counter(f.message for one in made for f in one.findings if f.code == "task.failed")),
        notes=tuple(sorted(watched.notes)),
        verdict=verdict,
        because=because,
        taken=Taken(
            day=datetime.now(UTC).strftime("%Y-%m-%d"),
            cached=watched.cached,
            seconds=round(watched.seconds, 1),
            tokens_a_second=round(watched.written / watched.seconds, 1) if watched.written else None,
        ),
    )

    return Measurement(figures, rows)


_TO_BEGIN_WITH = 2
_GIVEN_UP: dict[str | None, Verdict] = {ProviderDownError.failure: "down", BudgetReachedError.failure: "limit"}
Pairs = Sequence[tuple[LabelledArticle, Analysis]]


def sentences_of(pairs: Pairs) -> Sentences:
    """(English, reference) of every sentence; "" for one that is missing."""
    found = []
    for labelled, analysis in pairs:
        english = {row.n: row.en or "" for row in analysis.translation or ()}
        found += [(english.get(n, ""), reference) for n, reference in labelled.english.items()]
    return tuple(found)


def translation_figures(pairs: Pairs, sentences: Sentences) -> TranslationFigures:
    """The translations against the references; findings are those of the checks."""
    found = [f for _, made in pairs for row in made.translation or () for f in row.findings if f.severity != "info"]
    severities = Counter(finding.severity for finding in found)
    return TranslationFigures(
        sentences=len(sentences),
        missing=sum(not english for english, _ in sentences),
        chrf=chrf_of(sentences),
        errors=severities["error"],
        warnings=severities["warning"],
        codes=dict(Counter(f"{finding.severity} {finding.code}" for finding in found).most_common()),
    )


def claim_figures(pairs: Pairs) -> ClaimFigures:
    """The claim lists against the labelled ones."""
    counts = sum((claims_against(labelled.claims, made.claims or ()) for labelled, made in pairs), ClaimCounts())
    return ClaimFigures(**{name: n for name, n in asdict(counts).items() if name in ClaimFigures.model_fields})


def summary_figures(pairs: Pairs) -> SummaryFigures:
    """Where the summaries' points rest, and how many of the labelled ones they reach."""
    points = on_lead = wanted = found = 0
    for labelled, analysis in pairs:
        lead = {sentence.n for sentence in labelled.article.sentences if sentence.role == "lead"}
        made = analysis.summary
        points += len(made.points) if made else 0
        on_lead += sum(set(point.sentences) <= lead for point in made.points) if made else 0
        cited = {*made.bottom_line_sentences, *(n for point in made.points for n in point.sentences)} if made else set()
        wanted += len(labelled.points)
        found += sum(bool(cited & set(carrying)) for carrying in labelled.points)
    return SummaryFigures(points=points, on_lead=on_lead, labelled=wanted, found=found)
