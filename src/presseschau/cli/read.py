"""`read`: the cleaned, numbered article; no model."""

from __future__ import annotations

from presseschau.cli.options import AsJson, FieldMap, LangCheck, NoRepair, OneOfFile, Source, Switch
from presseschau.cli.terminal import emit, tell


def read(
    source: Source,
    json: AsJson = False,
    map: FieldMap = None,
    no_repair: NoRepair = False,
    lang_check: LangCheck = Switch.on,
    article: OneOfFile = None,
) -> None:
    """Show an article as presseschau reads it: repaired, laid out, its sentences numbered. Asks no model."""
    from presseschau.cli.reading import read_options
    from presseschau.ingest import read as read_one
    from presseschau.output.article_text import article_text

    german = lang_check is Switch.on
    found = read_one(source, options=read_options(map), repair=not no_repair, lang_check=german, article=article)
    emit(found.model_dump_json(indent=2)) if json else tell(article_text(found))
