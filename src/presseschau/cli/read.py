"""`read`: the cleaned, numbered article; no model."""

from __future__ import annotations

from presseschau.cli.options import AsJson, FieldMap, LangCheck, NoRepair, Source, Switch
from presseschau.cli.terminal import emit, tell


def read(
    source: Source,
    json: AsJson = False,
    map: FieldMap = None,
    no_repair: NoRepair = False,
    lang_check: LangCheck = Switch.on,
) -> None:
    """Show an article as presseschau reads it: repaired, laid out, its sentences numbered. Asks no model."""
    from presseschau.cli.reading import read_options
    from presseschau.ingest import read as read_one
    from presseschau.output.article_text import article_text

    article = read_one(source, options=read_options(map), repair=not no_repair, lang_check=lang_check is Switch.on)
    emit(article.model_dump_json(indent=2)) if json else tell(article_text(article))
