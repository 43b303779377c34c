"""How far to trust each part of a result: a risk for every sentence, claim and point, and for the bottom line.

Of claims, points and the bottom line it is that of the riskiest sentence that they rest on, and more if something was
found in them, or if they have words of their own that nothing accounts for.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from pydantic import ConfigDict, TypeAdapter, ValidationError

from presseschau import checks
from presseschau.checks import ModelSigns
from presseschau.facts.encoder import encoder_here
from presseschau.models import READ_FIRST, Analysis, Finding, Point, Risk, Summary, Sureness, TranslatedSentence
from presseschau.pipeline.asking import Work
from presseschau.pipeline.meanings import Memory

_KEPT = TypeAdapter(list[float], config=ConfigDict(defer_build=True))


async def with_risks(work: Work, rows: tuple[TranslatedSentence, ...]) -> tuple[TranslatedSentence, ...]:
    """The rows, each that has English with its risk."""
    if work.options.risk is None:
        return rows
    meanings = await _meanings(work, [(row.de, row.en) for row in rows if row.en])
    backs: Mapping[int, Sureness] = {}
    if work.options.risk == "deep":
        from presseschau.pipeline.way_back import ways_back

        backs = await ways_back(work, rows)
    return tuple(
        row.model_copy(update={"risk": _of_row(work, row, meanings, backs.get(row.n))}) if row.en else row
        for row in rows
    )


def _of_row(
    work: Work, row: TranslatedSentence, meanings: Mapping[tuple[str, str], float], back: Sureness | None
) -> Risk:
    english = row.en or ""
    sure = work.sure.get(english)
    heard = ModelSigns(
        sure and sure.mean, sure and sure.least, work.agreed.get(english), meanings.get((row.de, english)),
        back and back.mean, back and back.nouns, sure and sure.torn,
    )  # fmt: skip
    return checks.risk(row.de, english, row.findings, demonstration=work.engine.info.demonstration, heard=heard)


async def _meanings(work: Work, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """How alike German and English are, by the encoder if there is one: that was given, or that is installed beside
    the demonstration model, whose weights know it. What it said is kept beside the answers, so that an article that
    comes from the cache loads none."""
    engine = work.engine
    encoder = work.options.encoder or (encoder_here() if engine.info.demonstration else None)
    if encoder is None or not pairs:
        return {}
    seen = hashlib.sha256(json.dumps(pairs, ensure_ascii=False).encode()).hexdigest()
    key, memory = f"{encoder.name} alike:{seen}", engine if isinstance(engine, Memory) else None
    kept = await memory.recall(key) if memory else None
    try:
        found = _KEPT.validate_json(kept) if kept is not None else []
    except ValidationError:
        found = []
    if len(found) != len(pairs) and work.bought:
        german, english = [await asyncio.to_thread(encoder.vectors, side) for side in zip(*pairs, strict=True)]
        found = [round(float(value), 4) for value in (german * english).sum(axis=1)]
        if memory:
            await memory.remember(key, _KEPT.dump_json(found).decode())
    return dict(zip(pairs, found, strict=False))


def weighed(analysis: Analysis) -> Analysis:
    """The analysis with the risk of claims, points and bottom line, and of the whole, from that of its sentences.

    What a person decided has none. Without a translation there is nothing to go by, and nothing is said.
    """
    if analysis.translation is None:
        return analysis
    rows = tuple(
        row.model_copy(update={"risk": None}) if row.status == "human" else row for row in analysis.translation
    )
    risks = {row.n: row.risk for row in rows if row.risk}
    said = _Said(rows)
    claims = analysis.claims and tuple(
        claim
        if claim.status == "human"
        else claim.model_copy(update={"risk": said.of(claim.text, claim.sentences, claim.findings)})
        for claim in analysis.claims
    )
    summary = analysis.summary and _summary(analysis.summary, analysis.findings, said)
    wrong = sum(risk.value for risk in risks.values()) / len(risks) if risks else None
    whole = None if wrong is None else round(wrong, 2)
    return analysis.model_copy(update={"translation": rows, "claims": claims, "summary": summary, "risk": whole})


def _summary(summary: Summary, findings: Iterable[Finding], said: _Said) -> Summary:
    def in_it(text: str) -> list[Finding]:
        """The findings whose words stand in this text; of several points, nobody notes which one they are about."""
        return [f for f in findings if f.part == "summary" and f.en_span and f.en_span.text in text]

    def point(one: Point) -> Point:
        return one.model_copy(update={"risk": said.of(one.text, one.sentences, in_it(one.text))})

    line = summary.bottom_line
    risk = said.of(line, summary.bottom_line_sentences, in_it(line)) if line else None
    return summary.model_copy(update={"points": tuple(map(point, summary.points)), "risk": risk})


class _Said:
    """What is said of sentences whose own risks are known."""

    def __init__(self, rows: Sequence[TranslatedSentence]) -> None:
        self._rows = {row.n: row for row in rows}

    def of(self, english: str, numbers: Sequence[int], findings: Sequence[Finding]) -> Risk | None:
        """The risk of English that rests on these sentences; None if theirs are not known."""
        rows = [self._rows[n] for n in numbers if n in self._rows]
        known = [(row.risk.value, -row.n) for row in rows if row.risk]
        if not known:
            return None
        value, n = max(known)
        reasons = (f"rests on sentence {-n}",) if value >= READ_FIRST else ()
        if [row.en for row in rows] == [english]:  # word for word
            return Risk(value=value, reasons=reasons)
        own = checks.restated(value, " ".join(row.de for row in rows), english, findings)
        return Risk(value=own.value, reasons=(*reasons, *(own.reasons if own.value >= READ_FIRST else ())))
