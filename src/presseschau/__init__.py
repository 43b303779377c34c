"""German press articles in; a checked English translation, summary and claim list out.

    article = presseschau.read("article.txt")                             # a file, an address, or - -> Article
    analysis = presseschau.analyze_article(article)                       # plain, the embedded model
    analysis = presseschau.analyze_article(article, presseschau.choose("gpt-6.1-terra", api_key=key))
    async with presseschau.open_engine(presseschau.choose("gpt-6.1-terra", api_key=key)) as engine:
        analysis = await presseschau.analyze(article, engine)             # async, any engine
    await presseschau.analyze_many(["articles/"], Path("out.jsonl"))      # an archive; the same call continues it
    note = await presseschau.brief(analyses, engine)                      # a briefing note; plain: brief_results

Everything named here is loaded when it is first used. Errors: `presseschau.errors`.
"""

from __future__ import annotations

TYPE_CHECKING = False  # so that even `typing` is loaded only when it is needed
if TYPE_CHECKING:
    from typing import Any

    from presseschau import errors
    from presseschau.analysis import Engine, Options, analyze
    from presseschau.archive.many import analyze_many
    from presseschau.blocking import analyze_article, brief_results
    from presseschau.briefing.brief import brief
    from presseschau.ingest import iter_articles, read, read_article
    from presseschau.llm.engine import Choice, choose, default_cache, open_engine
    from presseschau.models import Analysis, Article, Claim, Finding, Summary
    from presseschau.notes import Note

    __version__: str

_HOMES = {
    "Analysis": "models",
    "Article": "models",
    "Choice": "llm.engine",
    "Claim": "models",
    "Engine": "analysis",
    "Finding": "models",
    "Note": "notes",
    "Options": "analysis",
    "Summary": "models",
    "analyze": "analysis",
    "analyze_article": "blocking",
    "analyze_many": "archive.many",
    "brief": "briefing.brief",
    "brief_results": "blocking",
    "choose": "llm.engine",
    "default_cache": "llm.engine",
    "iter_articles": "ingest",
    "open_engine": "llm.engine",
    "read": "ingest",
    "read_article": "ingest",
}

__all__ = [
    "Analysis",
    "Article",
    "Choice",
    "Claim",
    "Engine",
    "Finding",
    "Note",
    "Options",
    "Summary",
    "analyze",
    "analyze_article",
    "analyze_many",
    "brief",
    "brief_results",
    "choose",
    "default_cache",
    "errors",
    "iter_articles",
    "open_engine",
    "read",
    "read_article",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "errors":
        return import_module("presseschau.errors")
    if name == "__version__":
        from importlib.metadata import version

        return version("presseschau")
    if name not in _HOMES:
        raise AttributeError(f"module 'presseschau' has no attribute {name!r}")
    return getattr(import_module(f"presseschau.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """So that help() and completion see what is not loaded yet."""
    return [*__all__, "__doc__", "__name__", "__path__", "__version__"]
