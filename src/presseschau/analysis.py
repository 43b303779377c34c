"""analyze(article, engine) -> Analysis: the one place that knows the order.

    translate ─▶ check ─▶ ask again for what failed ─▶ (second reader) ─▶ (another translator) ─▶ rows
    summary   ─▶ check ─▶ ask again if it failed    ─▶ (second reader) ─▶ Summary
    claims    ─▶ check ─▶ ask again for what failed ─▶ (second reader) ─▶ Claims

A part that fails for good is None and leaves a `task.failed` finding; the other parts go on. Faults of the set-up
(ConfigurationError) end the analysis at once. `llm/` has retried whatever can be retried below this level.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from importlib.metadata import version
from typing import Any, TypeVar

from presseschau.errors import AnswerError, BudgetReachedError, PresseschauError, ProviderDownError
from presseschau.findings import flag
from presseschau.models import (
    UNREVIEWED,
    Analysis,
    Article,
    Claim,
    Finding,
    Part,
    Provenance,
    Request,
    Summary,
    TranslatedSentence,
    Usage,
)
from presseschau.pipeline import claims, summary
from presseschau.pipeline.asking import TASKS, Engine, Manner, Options, Task, Work, counted, failure
from presseschau.pipeline.risks import weighed, with_risks
from presseschau.pipeline.translation import translation

__all__ = [
    "TASKS",
    "UNREVIEWED",
    "Engine",
    "Options",
    "Task",
    "analyze",
    "expected_requests",
    "failed",
]

Value = TypeVar("Value")


async def analyze(article: Article, engine: Engine, options: Options | None = None) -> Analysis:
    """Translation, summary and claims of one article, checked against its German.

    Raises ConfigurationError when the set-up makes every request pointless.
    """
    info, options = engine.info, options or Options()
    if options.risk == "deep":
        from presseschau.pipeline.way_back import check_way_back

        check_way_back(engine)
    manner, summarise, claim = Manner(), summary.summary, claims.claims
    if info.translates_only:
        from presseschau.pipeline import small_model

        manner, summarise, claim = small_model.manner(info.form), small_model.summary, small_model.claims
    work = Work(engine, options, article=article, manner=manner)
    wanted = options.tasks
    try:
        async with asyncio.TaskGroup() as parts:

            def part(name: Part, made: Awaitable[Value | None]) -> asyncio.Task[Value | None]:
                return parts.create_task(_part(work, name, made))

            known: dict[int, str] = {}  # English by sentence number, for what is asked after the translation
            rows = short = found = None
            if info.english_first or "translate" in wanted:
                rows = part("translation", translation(work))
            if rows and info.english_first:
                known = {row.n: row.en for row in await rows or () if row.en}
            if "summary" in wanted:
                short = part("summary", summarise(work, known))
            if "claims" in wanted:
                found = part("claims", claim(work, known))
    except BaseExceptionGroup as several:  # all parts end together; the first fault says why
        raise several.exceptions[0] from None
    return _assembled(
        work,
        rows.result() if rows and "translate" in wanted else None,
        short.result() if short else None,
        found.result() if found else None,
    )


async def _reread(work: Work, part: Part, value: Any) -> Any:
    """The part as the second readers leave it, if there are any; rows with their risks."""
    if work.engine.info.reader:
        from presseschau.pipeline.second_reading import REREAD

        value = await REREAD[part](work, value)
    if part == "translation":
        if work.options.translator:
            from presseschau.pipeline.second_translator import compared

            value = await compared(work, value)
        value = await with_risks(work, value)
        work.risks |= {row.n: row.risk for row in value if row.risk}
    return value


def _assembled(
    work: Work,
    rows: tuple[TranslatedSentence, ...] | None,
    short: tuple[Summary, tuple[Finding, ...]] | None,
    found: tuple[Claim, ...] | None,
) -> Analysis:
    made, of_summary = short or (None, ())
    of_rows = [finding for row in rows or () for finding in row.findings]
    of_claims = [finding for claim in found or () for finding in claim.findings]
    analysis = Analysis(
        article=work.article,
        translation=rows,
        summary=made,
        claims=found,
        findings=(*work.article.findings, *work.failures, *of_rows, *of_summary, *of_claims),
        provenance=_provenance(work, counted(rows, made, found)),
    )
    for known in filter(None, (work.options.memory, work.options.decisions)):
        from presseschau.pipeline.decisions import decided

        analysis = decided(analysis, known)
    return weighed(analysis) if work.options.risk else analysis


def expected_requests(
    article: Article, options: Options, analysis: Analysis, *, reader: bool
) -> Iterator[Request[Any]]:
    """What a second reader and the way back would be sent for the parts that `analysis` lacks since nothing was asked
    yet."""
    if reader:
        from presseschau.pipeline import second_reading

        yield from second_reading.expected(article, options, analysis)
    if options.risk == "deep" and analysis.translation is None:
        from presseschau.pipeline import way_back

        yield from way_back.expected(article, options)


def failed(article: Article, error: PresseschauError, model: str) -> Analysis:
    """The analysis of an article for which nothing could be asked: every part None, and why."""
    finding = flag("task.failed", str(error)).stamped(failure=error.failure)
    provenance = Provenance(
        model=model, engine="", prompts="", usage=Usage(), repairs=0, versions={}, notice=UNREVIEWED
    )
    return Analysis(article=article, findings=(*article.findings, finding), provenance=provenance)


async def _part(work: Work, part: Part, made: Awaitable[Value | None]) -> Value | None:
    """The part as the second readers leave it; None and a finding that says why if there is no part."""
    try:
        value = await made
        return value if value is None else await _reread(work, part, value)
    except (AnswerError, ProviderDownError, BudgetReachedError) as error:
        work.failures.append(failure(part, error))
        return None


def _provenance(work: Work, made: dict[Part, int]) -> Provenance:
    encoder, translator, reader = work.options.encoder, work.options.translator, work.engine.info.reader
    return Provenance(
        model=work.engine.info.model,
        engine=work.engine.info.identity,
        prompts=work.options.prompts.version,
        usage=work.usage,
        repairs=work.repairs,
        versions={
            "presseschau": version("presseschau"),
            **({"encoder": encoder.name} if encoder else {}),
            **({"translator": translator.name} if translator else {}),
        },
        notice=" ".join(filter(None, (UNREVIEWED, work.engine.info.notice))),
        notes=tuple(sorted(work.notes)),
        second_reader=work.reading.by(reader) if reader else None,
        made=made,
    )
