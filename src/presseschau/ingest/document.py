"""What a container hands over for one article, and how containers are to be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from presseschau.models import Article, Finding
from presseschau.patterns import late

KIBI = 1024
MEBI = 1024 * KIBI
_RAW_BYTE = late("[\udc80-\udcff]")  # as which Python reads a byte of a file name that is not UTF-8


def legible(source: str) -> str:
    """A source that can be printed, stored and sent: what of a name is not UTF-8 as escapes, `M\\xfcnchen.txt`."""
    named = _RAW_BYTE.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", source)
    return named.encode(errors="backslashreplace").decode()


def whole(text: str) -> str:
    """`text` with halves of characters joined to one where they belong together, else as U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@dataclass(frozen=True)
class Document:
    """One article as a container holds it: `text`, or `data` in the encoding that rules or `declared` tell.

    `source` says where it came from and is the same on every run: a path, `archive.zip!member`, `file.jsonl#12`
    (the line), a URL. `metadata` has the keys headline, topic, published, updated, author, outlet, url, as given, and
    any others that go along with the article (page, section, id). `findings` are about the container, for example page
    and JSON-LD that disagree (`input.jsonld`). `beside` is what stands around the article in its container, labels and
    rights, each with the reason why it is dropped. `roles` are blocks of the text of which the container says what they
    are: ("lead", "heading", "item", "question" or "text", the block); ("place", how one begins) is a dateline.
    `address` is where the article itself is, of which the container has only that, or a teaser; with
    `ReadOptions.follow`, `load` fetches it and raises FetchError if that fails. `from_feed`: then the page knows better
    than the container whose it is, and of when. `article`: it was read before, and is that.
    """

    source: str
    text: str | None = None
    data: bytes | None = None
    declared: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    roles: tuple[tuple[str, str], ...] = ()
    address: str | None = None
    from_feed: bool = False
    article: Article | None = None
    load: Callable[[], Document] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Skipped:
    """An item that gives no article. `reason` is one stable word; `detail` is a sentence for people.

    Reasons: missing, unreadable, special (not a regular file), link, large, bomb, nested, encrypted, damaged,
    format (known and not read: a feed, a mail, an export), fields (no text field), empty, passed (records and items
    that hold no text), withdrawn (by its agency), follow (only its address is given, which was not to be fetched),
    repeated (an address that stands there again), fetch.
    """

    source: str
    reason: str
    detail: str


@dataclass(frozen=True)
class ReadOptions:
    """How to read containers; sizes are bytes.

    `mapping` names the fields of JSON, JSONL and CSV (`{"text": "body", "headline": "title"}`; in nested ones
    `body.sections[].paragraphs`, `authors[0].name`). `follow` fetches the pages of which a list, a table or a feed
    gives the address alone; `allow_private` reaches those of an intranet, too. `format` forces one of
    `formats.detect.FORMATS`; `charset` overrides what files declare. One article, line or page may have `max_item`, one
    JSON file `max_json`, any other file that is not read as a stream `max_whole`. What unpacks to more than `max_ratio`
    times its packed size is given up after `max_unpacked`.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    format: str | None = None
    charset: str | None = None
    delimiter: str | None = None
    follow: bool = False
    allow_private: bool = False
    max_item: int = 20 * MEBI
    max_json: int = 50 * MEBI
    max_whole: int = 50 * MEBI
    max_members: int = 1_000_000
    max_ratio: int = 100
    max_unpacked: int = 1024 * MEBI


Item = Document | Skipped
