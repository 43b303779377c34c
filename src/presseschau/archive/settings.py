"""Everything that decides what a run's records say: two runs with the same settings make the same output."""

from __future__ import annotations

import hashlib
from typing import Any

from presseschau.analysis import Options
from presseschau.ingest import ReadOptions


def settings(options: Options, identity: str, read: ReadOptions, *, repair: bool, lang_check: bool) -> dict[str, Any]:
    """By name, as JSON can hold it. `identity` is the engine's."""
    decided = options.decisions.digest if options.decisions else ""
    entries = repr(options.glossary.entries).replace("GlossaryEntry(", "Entry(")  # as runs that go on have it
    glossary = hashlib.sha256(entries.encode()).hexdigest()[:12]
    return {
        "engine": identity,
        "tasks": sorted(options.tasks),
        "english": options.english,
        "repair_rounds": options.rounds,
        "points": options.points,
        "prompts": options.prompts.version,
        "glossary": glossary,
        "map": dict(sorted(read.mapping.items())),
        "format_in": read.format,
        "charset": read.charset,
        "repair_encoding": repair,
        "lang_check": "on" if lang_check else "off",  # as earlier versions wrote it
        **({"decisions": decided} if decided else {}),
    }
