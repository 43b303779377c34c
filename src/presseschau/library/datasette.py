"""What Datasette must be told of an archive file: names of things, what is searched, what to sort and filter by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_TABLES: dict[str, dict[str, Any]] = {
    "articles": {
        "description": "Articles; search finds German words also inside compounds, and English ones.",
        "label_column": "headline",
        "fts_table": "articles_fts",
        "fts_pk": "doc",
        "sort_desc": "published",
        "facets": ["outlet", "agency"],
        "columns": {
            "article": "sha256 of the numbered sentences",
            "published": "ISO 8601, local time as printed",
            "summary": "JSON",
            "rest": "JSON: what has no column",
            "exact": "the line as it came, packed, where the rows do not give it back",
        },
    },
    "sentences": {
        "description": "Each sentence with its English, as the model gave it; decisions of people are in decisions.",
        "facets": ["role", "status"],
        "columns": {"start": "code points from the beginning of the article's text"},
    },
    "claims": {
        "description": "Who says what; speaker is empty where the article itself says it.",
        "facets": ["stance", "supported"],
        "columns": {"via": "JSON: the chain it came through, nearest the speaker first"},
    },
    "evidence": {"description": "The sentences that a claim rests on."},
    "findings": {"description": "What a reader must know.", "facets": ["severity", "code"]},
    "speakers": {"description": "Everybody who says something.", "label_column": "name", "sort": "name"},
    "decisions": {"description": "What people accepted, wrote or rejected.", "facets": ["kind", "verdict"]},
    "runs": {"description": "Runs of batch into this file, and what they cost.", "sort_desc": "started"},
    "notes": {
        "description": "Briefing notes that were made from this archive.",
        "label_column": "title",
        "sort_desc": "made",
        "columns": {"note": "the note as JSON", "series": "JSON: topic, outlets and what was excluded"},
    },
    "stories": {"description": "Events that run over days.", "label_column": "title", "sort_desc": "last"},
    "story_articles": {"description": "Which articles (sha256 of their sentences) tell of a story."},
    "note_stories": {"description": "Which stories a note told, and what it called them."},
    "makers": {"description": "Models, prompts and versions that results were made with.", "label_column": "model"},
    "jobs": {"description": "What was put into the inbox of the desk.", "sort_desc": "made"},
    "job_items": {"hidden": True},
    "job_inputs": {"hidden": True},
    "settings": {"description": "Settings of the desk; keys are not among them."},
    "vectors": {"hidden": True},
    "versions": {
        "description": "Earlier versions of articles that were changed.",
        "columns": {"changes": "JSON: what the next version has otherwise", "result": "the result as JSON, packed"},
    },
    "marks": {"description": "Articles that were corrected or withdrawn, or whose page is gone.", "facets": ["mark"]},
    "watched": {"description": "What `watch` looks at, and how it went.", "sort_desc": "looked"},
    "watch_items": {
        "description": "What was found there, each once.",
        "facets": ["state", "watched"],
        "label_column": "headline",
        "sort_desc": "first",
    },
    "watch_matches": {"description": "Articles that answered a saved search.", "sort_desc": "found"},
    "watch_notes": {"description": "Notes that `watch` wrote.", "sort_desc": "day"},
    "watch_keys": {"hidden": True},
    "watch_bands": {"hidden": True},
}


def metadata(archive: Path) -> dict[str, Any]:
    """The contents of a metadata file: `datasette archive.db -m metadata.json`."""
    return {"databases": {archive.stem: {"source": "presseschau", "tables": _TABLES}}}
