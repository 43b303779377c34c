"""Options that several commands share, named once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


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
    txt = "txt"
    docx = "docx"
    docx_english = "docx-english"


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
Template = Annotated[
    Path | None,
    typer.Option("--template", help="A Word file (.docx) of your own: paper, styles, header and footer are taken."),
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
Samples = Annotated[
    int,
    typer.Option(
        "--samples", min=1, max=16, help="Ask for so many translations of each sentence; the most agreed one stands."
    ),
]
PromptsFolder = Annotated[
    Path | None, typer.Option("--prompts", envvar="PRESSESCHAU_PROMPTS", help="Your own prompt files.")
]


def _without_password(context: typer.Context, parameter: typer.CallbackParam, named: str | None) -> str | None:
    """A command line is seen by everybody on the machine: a password in it is refused."""
    from presseschau.storage.postgres import DatabaseUrl

    url = DatabaseUrl.read(named) if named else None
    if url is not None and url.secrets and "COMMANDLINE" in str(context.get_parameter_source(parameter.name or "")):
        raise typer.BadParameter(
            "no password here, where everybody can read it: set PGPASSWORD or PRESSESCHAU_CACHE, or use ~/.pgpass."
        )
    return named


CacheFile = Annotated[
    str | None,
    typer.Option(
        "--cache",
        envvar="PRESSESCHAU_CACHE",
        metavar="FILE",
        callback=_without_password,
        help="The answer cache file; postgresql://USER@HOST/NAME is one that machines share (extra: postgres).",
    ),
]
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


class RiskLevel(StrEnum):
    off = "off"
    plain = "plain"
    deep = "deep"


RiskWanted = Annotated[
    RiskLevel, typer.Option("--risk", help="How far to trust each sentence; deep: also by the way back.")
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
ReaderModel = Annotated[
    str | None,
    typer.Option(
        "--second-reader",
        metavar="MODEL",
        envvar="PRESSESCHAU_SECOND_READER",
        help="Another model holds the English against the German; what it finds is a warning, never an error.",
    ),
]
ReaderUrl = Annotated[
    str | None,
    typer.Option(
        "--reader-base-url",
        envvar="PRESSESCHAU_READER_BASE_URL",
        show_default="that of --model",
        help="The second reader's endpoint.",
    ),
]
ReaderKey = Annotated[
    Path | None,
    typer.Option(
        "--reader-api-key-file",
        help="A file that holds its key (or set PRESSESCHAU_READER_API_KEY); none is sent but at the same endpoint.",
    ),
]
TranslatorReads = Annotated[
    bool,
    typer.Option(
        "--translator-reader",
        help="Firefox's own translator reads too, on this machine: where it says something else is a note or a warning "
        "(extra: reader; `model pull firefox-de-en` before).",
    ),
]
ReaderPrice = Annotated[
    str | None, typer.Option("--reader-price", metavar="IN,OUT", help="US dollars per million of its tokens.")
]
MetricsFile = Annotated[
    Path | None, typer.Option("--metrics", help="Write what this run took (seconds, requests, tokens) as JSON.")
]
CompareModel = Annotated[
    str | None,
    typer.Option("--compare", metavar="MODEL2", help="Ask this model too; put what differs side by side."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]
