"""Another translator beside the model: its English of each sentence is compared with ours, and never takes its place.

What it says is kept beside the answers under the German and its version, so that an article that was compared once
loads none.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence

from pydantic import ConfigDict, TypeAdapter, ValidationError

from presseschau.checks import differs
from presseschau.models import Analysis, Finding, TranslatedSentence
from presseschau.pipeline.asking import OtherTranslator, Work
from presseschau.pipeline.meanings import Memory

WHO = "Firefox's translator"
_KEPT = TypeAdapter(list[str], config=ConfigDict(defer_build=True))


async def compared(work: Work, rows: tuple[TranslatedSentence, ...]) -> tuple[TranslatedSentence, ...]:
    """The rows; those of which the other translator says something else with a finding, and with its English."""
    translator = work.options.translator
    if translator is None:
        return rows
    german = [row.de for row in rows]
    seen = hashlib.sha256(json.dumps(german, ensure_ascii=False).encode()).hexdigest()
    memory = work.engine if isinstance(work.engine, Memory) else None
    key = f"{translator.name}:{seen}"
    theirs = _believed(await memory.recall(key), len(rows)) if memory else None
    if theirs is None:
        theirs = await asyncio.to_thread(translator.english, german)
        if memory:
            await memory.remember(key, _KEPT.dump_json(theirs).decode())
    return tuple(_beside(row, other) for row, other in zip(rows, theirs, strict=True))


def _believed(kept: str | None, count: int) -> list[str] | None:
    try:
        found = _KEPT.validate_json(kept) if kept is not None else None
    except ValidationError:
        return None
    return found if found is not None and len(found) == count else None


def _beside(row: TranslatedSentence, theirs: str) -> TranslatedSentence:
    found = _findings(row, theirs)
    if not found:
        return row
    grave = any(finding.severity != "info" for finding in found)
    status = "flagged" if grave and row.status == "ok" else row.status
    return row.model_copy(update={"findings": (*row.findings, *found), "beside": theirs, "status": status})


def _findings(row: TranslatedSentence, theirs: str) -> tuple[Finding, ...]:
    return tuple(
        item.stamped(sentence=row.n, part="translation") for item in differs(row.de, row.en or "", theirs, WHO)
    )


def differences(analysis: Analysis, translator: OtherTranslator) -> tuple[Finding, ...]:
    """What the translator says otherwise than a stored result."""
    rows = [row for row in analysis.translation or () if row.en]
    theirs = translator.english([row.de for row in rows])
    return tuple(found for row, other in zip(rows, theirs, strict=True) for found in _findings(row, other))


def differences_of_pairs(pairs: Sequence[tuple[str, str]], translator: OtherTranslator) -> list[tuple[Finding, ...]]:
    """The same of each (German, English); none where one is empty."""
    theirs = translator.english([de for de, _ in pairs])
    return [
        tuple(item.stamped(part="translation") for item in differs(de, en, other, WHO)) if de and en else ()
        for (de, en), other in zip(pairs, theirs, strict=True)
    ]
