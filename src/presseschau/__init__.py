"""German press articles in; a checked English translation, summary and claim list out.

    article = presseschau.read("article.txt")                             # a file, an address, or - -> Article
    analysis = presseschau.analyze_article(article)                       # plain, the embedded model
    analysis = presseschau.analyze_article(article, presseschau.choose("gpt-6.1-terra", api_key=key))
    async with presseschau.open_engine(presseschau.choose("gpt-6.1-terra", api_key=key)) as engine:
        analysis = await presseschau.analyze(article, engine)             # async, any engine
    await presseschau.analyze_many(["articles/"], Path("out.jsonl"))      # an archive; the same call continues it
    note = await presseschau.brief(analyses, engine)                      # a briefing note; plain: brief_results
    kept = await presseschau.note_of_day("archive.db", engine, request)   # the same from an archive, kept in it

Everything named here is loaded when it is first used. Errors: `presseschau.errors`.
"""

from __future__ import annotations

TYPE_CHECKING = False  # so that even `typing` is loaded only when it is needed
if TYPE_CHECKING:
    from typing import Any

    from presseschau import archives, comparison, errors, models, notebook, notes, results
    from presseschau.analysis import Engine, Options, Task, analyze
    from presseschau.archive.forecast import Forecast, forecast
    from presseschau.archive.many import analyze_many
    from presseschau.blocking import analyze_article, brief_results
    from presseschau.briefing.brief import brief
    from presseschau.briefing.following import StoryIdentity
    from presseschau.briefing.since import LaterVersion
    from presseschau.checks import Glossary, check_pair
    from presseschau.checks.files.pairs import BadRow, Pair
    from presseschau.checks.naming.glossary import GlossaryEntry, GlossaryMatch
    from presseschau.facts.encoder import Encoder, sentence_encoder
    from presseschau.history import DayNote, NoteRequest, note_of_day
    from presseschau.ingest import ReadOptions, Skipped, iter_articles, read, read_article
    from presseschau.library.memory import Offer
    from presseschau.library.noted import StoredNote
    from presseschau.library.search import Answered, Hit, Question, Shown
    from presseschau.library.store import Archive, Listed
    from presseschau.library.stories import StoredStory
    from presseschau.library.terms import ArchiveTerm, Rendering
    from presseschau.library.versions import ArticleVersion, ChangedSentence, TextChanges
    from presseschau.llm.cache import AnswerCache, CacheMode, CacheReport, CacheStats, Stored
    from presseschau.llm.client import Client
    from presseschau.llm.endpoint import Endpoint
    from presseschau.llm.engine import Choice, choose, open_engine
    from presseschau.llm.local.catalog import CatalogModel, PackageParts
    from presseschau.llm.local.firefox import firefox_translator
    from presseschau.llm.local.measured import KnownSpeed
    from presseschau.llm.local.server import Speed
    from presseschau.llm.local.store import LocalModel
    from presseschau.llm.pacing import OwnPace, Pacing, Rate, SharedPace
    from presseschau.llm.places import default_cache
    from presseschau.llm.purchase_file import PurchaseFile
    from presseschau.llm.purchases import (
        Amount,
        ClaimKey,
        For,
        Hold,
        Purchases,
        PurchaseStore,
        ReleaseKey,
        Renew,
        Settle,
        Spend,
        SpentRow,
    )
    from presseschau.llm.retry import Policy, Timing
    from presseschau.llm.shared_cache import SharedCache
    from presseschau.llm.spending import Budget, Event, Price, RequestEvent, Spending
    from presseschau.models import Analysis, Article, Claim, Finding, Summary
    from presseschau.notes import Note
    from presseschau.pipeline.asking import OtherTranslator
    from presseschau.pipeline.decisions import Corrections, Decision, Decisions
    from presseschau.pipeline.prompts import Prompts
    from presseschau.storage.postgres import DatabaseUrl

    __version__: str

_HOMES = {
    "Amount": "llm.purchases",
    "Analysis": "models",
    "AnswerCache": "llm.cache",
    "Answered": "library.search",
    "Archive": "library.store",
    "ArchiveTerm": "library.terms",
    "Article": "models",
    "ArticleVersion": "library.versions",
    "BadRow": "checks.files.pairs",
    "Budget": "llm.spending",
    "CacheMode": "llm.cache",
    "ChangedSentence": "library.versions",
    "CacheReport": "llm.cache",
    "CacheStats": "llm.cache",
    "CatalogModel": "llm.local.catalog",
    "Choice": "llm.engine",
    "Claim": "models",
    "ClaimKey": "llm.purchases",
    "Client": "llm.client",
    "Corrections": "pipeline.decisions",
    "DatabaseUrl": "storage.postgres",
    "DayNote": "history",
    "Decision": "pipeline.decisions",
    "Decisions": "pipeline.decisions",
    "Encoder": "facts.encoder",
    "Endpoint": "llm.endpoint",
    "Engine": "analysis",
    "Event": "llm.spending",
    "Finding": "models",
    "For": "llm.purchases",
    "Forecast": "archive.forecast",
    "Glossary": "checks",
    "GlossaryEntry": "checks.naming.glossary",
    "GlossaryMatch": "checks.naming.glossary",
    "Hit": "library.search",
    "Hold": "llm.purchases",
    "KnownSpeed": "llm.local.measured",
    "LaterVersion": "briefing.since",
    "Listed": "library.store",
    "LocalModel": "llm.local.store",
    "Note": "notes",
    "NoteRequest": "history",
    "Offer": "library.memory",
    "Options": "analysis",
    "OtherTranslator": "pipeline.asking",
    "OwnPace": "llm.pacing",
    "Pacing": "llm.pacing",
    "PackageParts": "llm.local.catalog",
    "Pair": "checks.files.pairs",
    "Policy": "llm.retry",
    "Price": "llm.spending",
    "Prompts": "pipeline.prompts",
    "PurchaseFile": "llm.purchase_file",
    "PurchaseStore": "llm.purchases",
    "Purchases": "llm.purchases",
    "Question": "library.search",
    "Rate": "llm.pacing",
    "ReadOptions": "ingest",
    "ReleaseKey": "llm.purchases",
    "Rendering": "library.terms",
    "Renew": "llm.purchases",
    "RequestEvent": "llm.spending",
    "Settle": "llm.purchases",
    "SharedCache": "llm.shared_cache",
    "SharedPace": "llm.pacing",
    "Shown": "library.search",
    "Skipped": "ingest",
    "Speed": "llm.local.server",
    "Spend": "llm.purchases",
    "Spending": "llm.spending",
    "SpentRow": "llm.purchases",
    "Stored": "llm.cache",
    "StoredNote": "library.noted",
    "StoredStory": "library.stories",
    "StoryIdentity": "briefing.following",
    "Summary": "models",
    "Task": "analysis",
    "TextChanges": "library.versions",
    "Timing": "llm.retry",
    "analyze": "analysis",
    "analyze_article": "blocking",
    "analyze_many": "archive.many",
    "brief": "briefing.brief",
    "brief_results": "blocking",
    "check_pair": "checks",
    "choose": "llm.engine",
    "default_cache": "llm.places",
    "firefox_translator": "llm.local.firefox",
    "forecast": "archive.forecast",
    "iter_articles": "ingest",
    "note_of_day": "history",
    "open_engine": "llm.engine",
    "read": "ingest",
    "read_article": "ingest",
    "sentence_encoder": "facts.encoder",
}
_MODULES = ("archives", "comparison", "errors", "models", "notebook", "notes", "results")

__all__ = [
    "Amount",
    "Analysis",
    "AnswerCache",
    "Answered",
    "Archive",
    "ArchiveTerm",
    "Article",
    "ArticleVersion",
    "BadRow",
    "Budget",
    "CacheMode",
    "CacheReport",
    "CacheStats",
    "CatalogModel",
    "ChangedSentence",
    "Choice",
    "Claim",
    "ClaimKey",
    "Client",
    "Corrections",
    "DatabaseUrl",
    "DayNote",
    "Decision",
    "Decisions",
    "Encoder",
    "Endpoint",
    "Engine",
    "Event",
    "Finding",
    "For",
    "Forecast",
    "Glossary",
    "GlossaryEntry",
    "GlossaryMatch",
    "Hit",
    "Hold",
    "KnownSpeed",
    "LaterVersion",
    "Listed",
    "LocalModel",
    "Note",
    "NoteRequest",
    "Offer",
    "Options",
    "OtherTranslator",
    "OwnPace",
    "Pacing",
    "PackageParts",
    "Pair",
    "Policy",
    "Price",
    "Prompts",
    "PurchaseFile",
    "PurchaseStore",
    "Purchases",
    "Question",
    "Rate",
    "ReadOptions",
    "ReleaseKey",
    "Rendering",
    "Renew",
    "RequestEvent",
    "Settle",
    "SharedCache",
    "SharedPace",
    "Shown",
    "Skipped",
    "Speed",
    "Spend",
    "Spending",
    "SpentRow",
    "Stored",
    "StoredNote",
    "StoredStory",
    "StoryIdentity",
    "Summary",
    "Task",
    "TextChanges",
    "Timing",
    "analyze",
    "analyze_article",
    "analyze_many",
    "archives",
    "brief",
    "brief_results",
    "check_pair",
    "choose",
    "comparison",
    "default_cache",
    "errors",
    "firefox_translator",
    "forecast",
    "iter_articles",
    "models",
    "note_of_day",
    "notebook",
    "notes",
    "open_engine",
    "read",
    "read_article",
    "results",
    "sentence_encoder",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"presseschau.{name}")
    if name == "__version__":
        from importlib.metadata import version

        return version("presseschau")
    if name not in _HOMES:
        raise AttributeError(f"module 'presseschau' has no attribute {name!r}")
    return getattr(import_module(f"presseschau.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """So that help() and completion see what is not loaded yet."""
    return [*__all__, "__doc__", "__name__", "__path__", "__version__"]
