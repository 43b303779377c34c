"""Options that several commands share, named once. Those that go together are a group: a frozen dataclass whose fields
are options and whose methods give what they ask for. A command marked `@grouped` takes a group as one parameter."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, get_type_hints

import typer

from presseschau.errors import ConfigurationError

if TYPE_CHECKING:
    from presseschau.analysis import Options
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
    xliff = "xliff"


class NoteFormat(StrEnum):
    md = "md"
    html = "html"
    docx = "docx"
    json = "json"


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
        help="Format; csv, jsonl and jsonld hold the claims, tmx and xliff the sentence pairs.",
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
MemoryFile = Annotated[
    Path | None,
    typer.Option("--archive", help="An archive: what people wrote there for the same German sentence holds here, too."),
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
CompareModel = Annotated[
    str | None,
    typer.Option("--compare", metavar="MODEL2", help="Ask this model too; put what differs side by side."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """The command as Typer reads it: in place of each group its options, in a panel of their own in the help."""
    parameters: list[inspect.Parameter] = []
    groups: dict[str, Any] = {}
    for parameter in inspect.signature(command, eval_str=True).parameters.values():
        group = parameter.annotation
        if not hasattr(group, "panel"):
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))
            continue
        groups[parameter.name] = group
        hints = get_type_hints(group, include_extras=True)
        for field in fields(group):
            base, option = hints[field.name].__origin__, copy(hints[field.name].__metadata__[0])
            option.rich_help_panel = group.panel
            parameters.append(
                inspect.Parameter(
                    field.name,
                    inspect.Parameter.KEYWORD_ONLY,
                    default=field.default,
                    annotation=Annotated[base, option],
                )
            )

    def run(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        command(**given)

    run.__doc__, run.__name__ = command.__doc__, command.__name__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run


_NO_KEY = "none"


@dataclass(frozen=True)
class EngineOptions:
    """Who is asked."""

    panel: ClassVar = "Model"

    model: Model = None
    base_url: BaseUrl = None
    same_model: SameModel = None
    api_key_file: KeyFile = None
    models: ModelsFolder = None

    def choice(self, *, sends: bool = True) -> Choice:
        """The engine that the options name; `sends`: whether it will be asked for anything, which may need a key.

        Raises ConfigurationError if they name none.
        """
        from presseschau.llm.engine import choose

        key = self._key() or (None if sends else _NO_KEY)
        return choose(
            self.model or None,
            base_url=self.base_url or None,
            api_key=key,
            models=self.models,
            same_model=self.same_model,
        )

    def naming(self, model: str) -> EngineOptions:
        """The same with another model, which nobody ever asked at an earlier address."""
        embedded = model.startswith("local:")
        return replace(self, model=model, same_model=None, base_url=None if embedded else self.base_url)

    def _key(self) -> str | None:
        if self.api_key_file is None:
            return os.environ.get("OPENAI_API_KEY")
        try:
            return self.api_key_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ConfigurationError(f"The key file {self.api_key_file} cannot be read.") from None


@dataclass(frozen=True)
class CacheChoice:
    """Which file and how; `path` None is without a cache."""

    path: Path | None
    mode: CacheMode


@dataclass(frozen=True)
class CacheOptions:
    """What becomes of answers."""

    panel: ClassVar = "Stored answers"

    cache: CacheFile = None
    no_cache: NoCache = False
    refresh: Refresh = False
    cache_only: CacheOnly = False

    def choice(self) -> CacheChoice:
        """The file and how it is used. Raises BadParameter if the options contradict each other."""
        from presseschau.llm.engine import default_cache

        if self.no_cache + self.refresh + self.cache_only > 1:
            raise typer.BadParameter("--no-cache, --refresh and --cache-only cannot be used together.")
        return CacheChoice(
            None if self.no_cache else self.cache or default_cache(),
            "refresh" if self.refresh else "only" if self.cache_only else "normal",
        )


@dataclass(frozen=True)
class ReadingOptions:
    """How articles are read."""

    panel: ClassVar = "Reading"

    map: FieldMap = None
    follow: Follow = False
    allow_private: AllowPrivate = False
    no_repair: NoRepair = False
    lang_check: LangCheck = Switch.on

    @property
    def german_only(self) -> bool:
        """Whether text that is not German is refused."""
        return self.lang_check is Switch.on

    def read_options(self) -> ReadOptions:
        """`--map text=body,headline=title` and what may be fetched. Raises BadParameter if the map is not of that
        form."""
        from presseschau.ingest import ReadOptions
        from presseschau.ingest.formats.fields import KEYS, key_of

        pairs = [pair.partition("=") for pair in (self.map or "").split(",") if pair.strip()]
        if not all(name.strip() and field.strip() for name, _, field in pairs):
            raise typer.BadParameter(f"--map {self.map!r} is not of the form text=body,headline=title.")
        found = {key_of(name.strip()) or name.strip(): field.strip() for name, _, field in pairs}
        known = (*KEYS, "id", "page", "section")
        if unknown := [name for name in found if name not in known]:
            raise typer.BadParameter(
                f"--map {self.map!r}: there is no {', '.join(unknown)}; it can name {', '.join(known)}."
            )
        return ReadOptions(mapping=found, follow=self.follow, allow_private=self.allow_private)


@dataclass(frozen=True)
class LimitOptions:
    """What may be spent."""

    panel: ClassVar = "Money"

    max_cost: MaxCost = None
    max_tokens: MaxTokens = None
    price: PriceGiven = None

    def limits(self) -> Limits:
        """The limits that the options name. Raises BadParameter for a price that is none."""
        from presseschau.archive.prices import Limits

        if self.price is None:
            return Limits(self.max_tokens, self.max_cost)
        try:
            read, written = (float(part) for part in self.price.split(","))
        except ValueError:
            raise typer.BadParameter(f"--price {self.price!r} is not of the form IN,OUT, as in 0.10,0.50.") from None
        if not (0 <= read < 1e6 and 0 <= written < 1e6):
            raise typer.BadParameter(f"--price {self.price!r} is not a pair of usable prices.")
        return Limits(self.max_tokens, self.max_cost, (read, written))


@dataclass(frozen=True)
class EnglishOptions:
    """The English that is wanted, and how it is checked."""

    panel: ClassVar = "English"

    english: EnglishStyle = EnglishVariant.british
    glossary: GlossaryFile = None
    prompts: PromptsFolder = None
    repair_rounds: Rounds = 1
    semantic: Semantic = False
    archive: MemoryFile = None

    def options(self, **more: Any) -> Options:
        """The settings of an analysis, with `more` of its fields. Raises ConfigurationError where `--semantic` is not
        installed, InputError for an archive that is none."""
        from presseschau.analysis import Options
        from presseschau.pipeline.prompts import Prompts
        from presseschau.results import read_glossary, read_memory

        return Options(
            english="American English" if self.english is EnglishVariant.american else "British English",
            rounds=self.repair_rounds,
            prompts=Prompts(self.prompts),
            glossary=read_glossary(self.glossary, english=self.english.value),
            encoder=encoder_of(self.semantic),
            memory=read_memory(self.archive) if self.archive else None,
            **more,
        )


def encoder_of(semantic: bool) -> Encoder | None:
    """The encoder if it is wanted. Raises ConfigurationError where it is not installed."""
    if not semantic:
        return None
    from presseschau.facts.encoder import sentence_encoder

    return sentence_encoder()
