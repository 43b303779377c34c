"""Options that go together: each group is a frozen dataclass whose fields are options and whose methods give what they
ask for. A command marked `@grouped` takes a group as one parameter. They are neither compared nor shown, which saves a
start what Python takes to write such methods."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple, get_type_hints

import typer

from presseschau.cli.environment import from_environment, variables_of
from presseschau.cli.options import (
    AllowPrivate,
    BaseUrl,
    CacheFile,
    CacheOnly,
    EnglishStyle,
    EnglishVariant,
    FieldMap,
    Follow,
    GlossaryFile,
    KeyFile,
    LangCheck,
    MaxCost,
    MaxTokens,
    MemoryFile,
    Model,
    ModelsFolder,
    NoCache,
    NoRepair,
    PriceGiven,
    PromptsFolder,
    ReaderKey,
    ReaderModel,
    ReaderPrice,
    ReaderUrl,
    Refresh,
    RiskLevel,
    RiskWanted,
    Rounds,
    SameModel,
    Samples,
    Semantic,
    Switch,
    TranslatorReads,
)

if TYPE_CHECKING:
    from presseschau.analysis import Options
    from presseschau.archive.prices import Limits
    from presseschau.facts.encoder import Encoder
    from presseschau.ingest import ReadOptions
    from presseschau.llm.cache import CacheMode
    from presseschau.llm.engine import Choice
    from presseschau.llm.places import CachePlace
    from presseschau.pipeline.asking import OtherTranslator
    from presseschau.pipeline.prompts import Prompts


@cache
def _options(group: type[Any]) -> list[inspect.Parameter]:
    """The options of a group, which several commands have."""
    found, hints = [], get_type_hints(group, include_extras=True)
    for field in fields(group):
        base, option = hints[field.name].__origin__, copy(hints[field.name].__metadata__[0])
        option.rich_help_panel = group.panel
        option.envvar = variables_of(field.name, option.envvar)
        found.append(
            inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=field.default,
                annotation=Annotated[base, option],
            )
        )
    return found


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
        parameters += _options(group)

    def run(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        command(**given)

    run.__doc__, run.__name__ = command.__doc__, command.__name__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run


@dataclass(frozen=True, eq=False, repr=False)
class EngineOptions:
    """Who is asked."""

    panel: ClassVar = "Model"

    model: Model = None
    base_url: BaseUrl = None
    same_model: SameModel = None
    api_key_file: KeyFile = None
    models: ModelsFolder = None

    def choice(self, reader: Choice | None = None, *, sends: bool = True) -> Choice:
        """The engine that the options name; `sends`: whether it will be asked for anything, which may need a key.

        Raises ConfigurationError if they name none.
        """
        from presseschau.llm.engine import NO_KEY, choose

        return choose(
            self.model or None,
            base_url=self.base_url or None,
            api_key=self.key() or (None if sends else NO_KEY),
            models=self.models,
            same_model=self.same_model,
            reader=reader,
        )

    def naming(self, model: str) -> EngineOptions:
        """The same with another model, which nobody ever asked at an earlier address."""
        embedded = model.startswith("local:")
        return replace(self, model=model, same_model=None, base_url=None if embedded else self.base_url)

    def key(self) -> str | None:
        """The key that was given. Raises ConfigurationError if its file cannot be read."""
        from presseschau.llm.engine import KEY, key_of

        return key_of(self.api_key_file, KEY)


@dataclass(frozen=True, eq=False, repr=False)
class ReaderOptions:
    """Who holds the English against the German."""

    panel: ClassVar = "Second reader"

    second_reader: ReaderModel = None
    reader_base_url: ReaderUrl = None
    reader_api_key_file: ReaderKey = None
    reader_price: ReaderPrice = None
    translator_reader: TranslatorReads = False

    def translator(self, models: Path | None = None) -> OtherTranslator | None:
        """The translator that reads too; None if none is wanted. Raises ConfigurationError where it is not there."""
        if not self.translator_reader:
            return None
        from presseschau.llm.local.firefox import firefox_translator

        return firefox_translator(models)

    def check(self) -> None:
        """Raises BadParameter if they do not go together."""
        if not self.second_reader and (self.reader_base_url or self.reader_api_key_file):
            raise typer.BadParameter("--reader-base-url and --reader-api-key-file need --second-reader.")

    def choice(self, beside: EngineOptions | None = None, *, sends: bool = True) -> Choice | None:
        """The second reader; None if none is named. The key of the model `beside` it goes to no other endpoint.

        Raises ConfigurationError if it cannot be asked.
        """
        from presseschau.llm.engine import KEY, READER_KEY, choose_reader, key_of

        if not self.second_reader:
            given = {"reader_base_url": self.reader_base_url, "reader_api_key_file": self.reader_api_key_file}
            if any(value and not from_environment(name, value) for name, value in given.items()):
                raise typer.BadParameter("--reader-base-url and --reader-api-key-file need --second-reader.")
            return None
        return choose_reader(
            self.second_reader,
            base_url=self.reader_base_url or None,
            api_key=key_of(self.reader_api_key_file, READER_KEY),
            beside_url=(beside.base_url if beside else os.environ.get("OPENAI_BASE_URL")) or None,
            beside_key=beside.key() if beside else os.environ.get(KEY),
            models=beside.models if beside else None,
            sends=sends,
        )


class CacheChoice(NamedTuple):
    """Which one and how; `path` None is without a cache."""

    path: CachePlace | None
    mode: CacheMode

    @property
    def file(self) -> Path | None:
        """The file, if it is one."""
        return self.path if isinstance(self.path, Path) else None


@dataclass(frozen=True, eq=False, repr=False)
class CacheOptions:
    """What becomes of answers."""

    panel: ClassVar = "Stored answers"

    cache: CacheFile = None
    no_cache: NoCache = False
    refresh: Refresh = False
    cache_only: CacheOnly = False

    def choice(self) -> CacheChoice:
        """The file and how it is used. Raises BadParameter if the options contradict each other."""
        from presseschau.llm.places import cache_place

        if self.no_cache + self.refresh + self.cache_only > 1:
            raise typer.BadParameter("--no-cache, --refresh and --cache-only cannot be used together.")
        return CacheChoice(
            None if self.no_cache else cache_place(self.cache),
            "refresh" if self.refresh else "only" if self.cache_only else "normal",
        )


@dataclass(frozen=True, eq=False, repr=False)
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


@dataclass(frozen=True, eq=False, repr=False)
class LimitOptions:
    """What may be spent."""

    panel: ClassVar = "Money"

    max_cost: MaxCost = None
    max_tokens: MaxTokens = None
    price: PriceGiven = None

    def limits(self, reader: ReaderOptions | None = None) -> Limits:
        """The limits that the options name. Raises BadParameter for a price that is none."""
        from presseschau.archive.prices import Limits

        of_reader = _price(reader.reader_price, "--reader-price") if reader else None
        return Limits(self.max_tokens, self.max_cost, _price(self.price, "--price"), of_reader)


def _price(given: str | None, option: str) -> tuple[float, float] | None:
    if given is None:
        return None
    try:
        read, written = (float(part) for part in given.split(","))
    except ValueError:
        raise typer.BadParameter(f"{option} {given!r} is not of the form IN,OUT, as in 0.10,0.50.") from None
    if not (0 <= read < 1e6 and 0 <= written < 1e6):
        raise typer.BadParameter(f"{option} {given!r} is not a pair of usable prices.")
    return read, written


@dataclass(frozen=True, eq=False, repr=False)
class EnglishOptions:
    """The English that is wanted, and how it is checked."""

    panel: ClassVar = "English"

    english: EnglishStyle = EnglishVariant.british
    glossary: GlossaryFile = None
    prompts: PromptsFolder = None
    repair_rounds: Rounds = 1
    samples: Samples = 1
    semantic: Semantic = False
    risk: RiskWanted = RiskLevel.plain
    archive: MemoryFile = None

    def options(self, **more: Any) -> Options:
        """The settings of an analysis, with `more` of its fields. Raises ConfigurationError where `--semantic` is not
        installed, InputError for an archive that is none."""
        from presseschau.analysis import Options
        from presseschau.results import read_glossary

        if self.archive:
            from presseschau.archives import read_memory

            more["memory"] = read_memory(self.archive)
        return Options(
            english="American English" if self.english is EnglishVariant.american else "British English",
            rounds=self.repair_rounds,
            samples=self.samples,
            prompts=prompts_of(self.prompts),
            glossary=read_glossary(self.glossary, english=self.english.value),
            encoder=encoder_of(self.semantic),
            risk={RiskLevel.off: None, RiskLevel.plain: "plain", RiskLevel.deep: "deep"}[self.risk],
            **more,
        )


def prompts_of(folder: Path | None) -> Prompts:
    """The prompts of a folder; says on stderr which of ours stand in for what is missing there, as in a folder that an
    earlier version made. Raises ConfigurationError if it holds none."""
    from presseschau.cli.exits import complain
    from presseschau.pipeline.prompts import Prompts

    prompts = Prompts(folder)
    if lacking := prompts.lacking:
        more = f" and {len(lacking) - 3} more" if len(lacking) > 3 else ""
        complain(f"{folder} has no {', '.join(lacking[:3])}{more}: ours stand in.")
    return prompts


def encoder_of(semantic: bool) -> Encoder | None:
    """The encoder if it is wanted. Raises ConfigurationError where it is not installed."""
    if not semantic:
        return None
    from presseschau.facts.encoder import sentence_encoder

    return sentence_encoder()
