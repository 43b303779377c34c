"""Options that several commands share, named once, and what they ask for: sources, engine, cache, delivery."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from presseschau.errors import ConfigurationError

if TYPE_CHECKING:
    from presseschau.archive.many import Delivery
    from presseschau.archive.prices import Limits
    from presseschau.facts.encoder import Encoder
    from presseschau.ingest import ReadOptions
    from presseschau.llm.cache import CacheMode
    from presseschau.llm.engine import Choice


class Switch(StrEnum):
    on = "on"
    off = "off"


class Format(StrEnum):
    md = "md"
    json = "json"
    html = "html"
    csv = "csv"
    jsonl = "jsonl"
    jsonld = "jsonld"
    tmx = "tmx"


class NoteFormat(StrEnum):
    md = "md"
    html = "html"
    docx = "docx"
    json = "json"


class ArchiveFormat(StrEnum):
    jsonl = "jsonl"
    md = "md"
    html = "html"
    tmx = "tmx"
    csv = "csv"


class ArchiveEngine(StrEnum):
    live = "live"
    openai_batch = "openai-batch"
    batch_file = "batch-file"


class Length(StrEnum):
    short = "short"
    medium = "medium"
    long = "long"

    @property
    def points(self) -> int:
        """Key points of a summary of this length."""
        return {"short": 3, "medium": 4, "long": 5}[self.value]


class EnglishVariant(StrEnum):
    british = "british"
    american = "american"


Source = Annotated[str, typer.Argument(help="A file, an http(s) address, or - for standard input.", show_default=False)]
LangCheck = Annotated[Switch, typer.Option(help="Refuse text that is not German.")]
NoRepair = Annotated[bool, typer.Option("--no-repair", help="Leave damaged encoding as it is.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file; its extension decides the format.")
]
Force = Annotated[bool, typer.Option("--force", help="Also replace an output that presseschau did not make.")]
AsFormat = Annotated[
    Format | None,
    typer.Option(
        "--format",
        "-f",
        help="Format; csv, jsonl and jsonld hold the claims, tmx the sentence pairs.",
        show_default="md",
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        envvar="PRESSESCHAU_MODEL",
        show_default="the embedded one",
        help="local:NAME or local:FILE.gguf is embedded; any other name goes to the endpoint.",
    ),
]
BaseUrl = Annotated[str | None, typer.Option(envvar="OPENAI_BASE_URL", help="An OpenAI-compatible endpoint.")]
SameModel = Annotated[
    str | None,
    typer.Option(
        "--same-model",
        metavar="OLD_URL",
        help="The same model was at this address before: its stored answers and runs carry on.",
    ),
]
KeyFile = Annotated[
    Path | None, typer.Option("--api-key-file", help="A file that holds the key (or set OPENAI_API_KEY).")
]
EnglishStyle = Annotated[EnglishVariant, typer.Option("--english", help="Spelling of the English.")]
SummaryLength = Annotated[Length, typer.Option("--length", help="Key points of the summary: three, four or five.")]
Rounds = Annotated[
    int, typer.Option("--repair-rounds", min=0, max=2, help="How many times to ask again for what failed a check.")
]
PromptsFolder = Annotated[
    Path | None, typer.Option("--prompts", envvar="PRESSESCHAU_PROMPTS", help="Your own prompt files.")
]
CacheFile = Annotated[Path | None, typer.Option("--cache", envvar="PRESSESCHAU_CACHE", help="The answer cache file.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Do not read or write the answer cache.")]
Refresh = Annotated[bool, typer.Option("--refresh", help="Ask again; store the new answers.")]
CacheOnly = Annotated[bool, typer.Option("--cache-only", help="Send nothing; use stored answers only.")]
ModelsFolder = Annotated[
    Path | None, typer.Option("--models", envvar="PRESSESCHAU_MODELS", help="The folder of embedded models.")
]
FieldMap = Annotated[
    str | None,
    typer.Option(
        help="Fields of JSON, JSONL or CSV, as in headline=title,text=body.sections[].paragraphs.",
        metavar="NAME=FIELD,...",
    ),
]
Follow = Annotated[
    bool, typer.Option("--follow", help="Fetch the pages of which a list, a table or a feed gives only the address.")
]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Also fetch from the addresses of an intranet.")]
OneArticle = Annotated[
    str | None,
    typer.Option("--article", metavar="ID", help="One article of a JSONL file: its id, its beginning, or its source."),
]
OneOfFile = Annotated[
    str | None,
    typer.Option(
        "--article",
        metavar="ID",
        help="One article of a file with several: the end of its source (3), its id, link, or how its title begins.",
    ),
]
GlossaryFile = Annotated[
    Path | None, typer.Option("--glossary", help="CSV of your own terms: source, target, forbidden, note.")
]
Semantic = Annotated[
    bool,
    typer.Option(
        "--semantic",
        envvar="PRESSESCHAU_SEMANTIC",
        help="Also compare meanings with a sentence encoder (extra: semantic).",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Forecast requests, tokens, dollars and, if embedded, time; send nothing.")
]
MaxCost = Annotated[float | None, typer.Option(min=0, help="Stop before this many US dollars are spent.")]
MaxTokens = Annotated[int | None, typer.Option(min=0, help="Stop before this many tokens are used.")]
PriceGiven = Annotated[
    str | None, typer.Option("--price", metavar="IN,OUT", help="US dollars per million tokens read and written.")
]
MetricsFile = Annotated[
    Path | None, typer.Option("--metrics", help="Write what this run took (seconds, requests, tokens) as JSON.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]


def check_sources(sources: list[str]) -> list[str]:
    """The sources. Raises BadParameter if one is neither there, a web address nor `-`: a typing error, not an article
    to be passed over."""
    from presseschau.ingest.sources import is_web_address

    for source in sources:
        if source != "-" and not is_web_address(source) and not Path(source).exists():
            raise typer.BadParameter(f"there is no file or folder {source}. Nothing was started.")
    return sources


def read_options(mapping: str | None, *, follow: bool = False, allow_private: bool = False) -> ReadOptions:
    """The options for `--map text=body,headline=title` and for what may be fetched. Raises BadParameter if the map is
    not of that form."""
    from presseschau.ingest import ReadOptions
    from presseschau.ingest.formats.fields import KEYS, key_of

    pairs = [pair.partition("=") for pair in (mapping or "").split(",") if pair.strip()]
    if not all(name.strip() and field.strip() for name, _, field in pairs):
        raise typer.BadParameter(f"--map {mapping!r} is not of the form text=body,headline=title.")
    found = {key_of(name.strip()) or name.strip(): field.strip() for name, _, field in pairs}
    known = (*KEYS, "id", "page", "section")
    if unknown := [name for name in found if name not in known]:
        raise typer.BadParameter(
            f"--map {mapping!r}: there is no {', '.join(unknown)}; it can name {', '.join(known)}."
        )
    return ReadOptions(mapping=found, follow=follow, allow_private=allow_private)


_NO_KEY = "none"


@dataclass(frozen=True)
class CacheChoice:
    """Which file and how; `path` None is without a cache."""

    path: Path | None
    mode: CacheMode


def cache_choice(file: Path | None, *, no_cache: bool, refresh: bool, cache_only: bool) -> CacheChoice:
    """What the options say about the cache. Raises BadParameter if they contradict each other."""
    from presseschau.llm.engine import default_cache

    if no_cache + refresh + cache_only > 1:
        raise typer.BadParameter("--no-cache, --refresh and --cache-only cannot be used together.")
    return CacheChoice(
        None if no_cache else file or default_cache(), "refresh" if refresh else "only" if cache_only else "normal"
    )


def engine_choice(
    model: str | None,
    base_url: str | None,
    key_file: Path | None,
    models: Path | None,
    same_model: str | None = None,
    *,
    sends: bool = True,
) -> Choice:
    """The engine that the options name; `sends`: whether it will be asked for anything, which may need a key.

    Raises ConfigurationError if they name none.
    """
    from presseschau.llm.engine import choose

    key = _key(key_file)
    key = _NO_KEY if not key and not sends else key
    return choose(model or None, base_url=base_url or None, api_key=key, models=models, same_model=same_model)


def _key(file: Path | None) -> str | None:
    if file is None:
        return os.environ.get("OPENAI_API_KEY")
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"The key file {file} cannot be read.") from None


def delivery_choice(
    engine: ArchiveEngine, results: list[Path] | None, *, rest_live: bool, cache_only: bool
) -> Delivery | None:
    """None: one by one. Raises BadParameter for options that do not go together."""
    if engine is ArchiveEngine.live:
        if results or rest_live:
            raise typer.BadParameter("--batch-results and --rest-live need --engine openai-batch or batch-file.")
        return None
    if results and engine is not ArchiveEngine.batch_file:
        raise typer.BadParameter("--batch-results needs --engine batch-file.")
    if cache_only:
        raise typer.BadParameter("--cache-only asks for nothing: leave --engine out.")
    from presseschau.archive.many import Delivery

    named: Literal["openai-batch", "batch-file"] = (
        "openai-batch" if engine is ArchiveEngine.openai_batch else "batch-file"
    )
    return Delivery(named, results=tuple(results or ()), rest_live=rest_live)


def archive_choice(
    engine: ArchiveEngine,
    model: str | None,
    base_url: str | None,
    key_file: Path | None,
    models: Path | None,
    same_model: str | None,
    *,
    sends: bool,
) -> Choice:
    """The model that the options name. Raises ConfigurationError: an embedded model takes no batches."""
    if engine is not ArchiveEngine.live and (not model or model.startswith("local:")):
        raise ConfigurationError(
            f"--engine {engine.value} needs a model at an endpoint: name it with -m. An embedded model answers one by "
            "one; leave --engine out for it."
        )
    sends = sends and engine is not ArchiveEngine.batch_file  # files are written without a key
    return engine_choice(model, base_url, key_file, models, same_model, sends=sends)


def encoder_of(semantic: bool) -> Encoder | None:
    """The encoder if it is wanted. Raises ConfigurationError where it is not installed."""
    if not semantic:
        return None
    from presseschau.facts.encoder import sentence_encoder

    return sentence_encoder()


def limits_of(max_tokens: int | None, max_cost: float | None, price: str | None) -> Limits:
    """The limits that the options name. Raises BadParameter for a price that is none."""
    from presseschau.archive.prices import Limits

    if price is None:
        return Limits(max_tokens, max_cost)
    try:
        read, written = (float(part) for part in price.split(","))
    except ValueError:
        raise typer.BadParameter(f"--price {price!r} is not of the form IN,OUT, as in 0.10,0.50.") from None
    if not (0 <= read < 1e6 and 0 <= written < 1e6):
        raise typer.BadParameter(f"--price {price!r} is not a pair of usable prices.")
    return Limits(max_tokens, max_cost, (read, written))
