"""The tables of an archive file, and how one is opened.

A result is stored in parts, each once: the German of a sentence stands in `sentences` and nowhere else, the text of an
article is its sentences and what stands between them (`rest`), evidence is the number of a sentence. What `rows.py`
cannot put together again to the very bytes (results of other versions, or edited by hand) keeps them in `exact`, too.

A later version of the file adds tables and indexes and changes nothing else, so that a file of an earlier one can be
read as it is: to its readers these tables are there, and empty. Who writes brings it up to date first, in one step.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from presseschau.errors import InputError, OutputError
from presseschau.storage.sqlite import Database, DatabaseKind

_FIRST = (
    """CREATE TABLE runs (
    id TEXT PRIMARY KEY,            -- as in the file of purchases
    started TEXT NOT NULL,          -- UTC, ISO 8601
    ended TEXT,                     -- NULL: it is under way, or was stopped
    state TEXT NOT NULL,            -- running, complete, stopped, or the class of the error that ended it
    model TEXT NOT NULL,
    sources TEXT NOT NULL,          -- JSON
    settings TEXT NOT NULL,         -- JSON
    counts TEXT NOT NULL,           -- JSON: items by how they ended
    requests INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    cost REAL                       -- US dollars; NULL: no price was known
)""",
    """CREATE TABLE makers (          -- what results are made by: the same for many
    id INTEGER PRIMARY KEY,
    model TEXT NOT NULL,
    engine TEXT NOT NULL,
    prompts TEXT NOT NULL,
    versions TEXT NOT NULL,         -- JSON
    notice TEXT NOT NULL,
    UNIQUE (model, engine, prompts, versions, notice)
)""",
    """CREATE TABLE articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article TEXT NOT NULL,          -- the article's id: sha256 of its sentences
    source TEXT NOT NULL,
    headline TEXT,
    outlet TEXT,
    agency TEXT,
    author TEXT,
    topic TEXT,
    published TEXT,                 -- ISO 8601, local time as printed
    updated TEXT,
    language TEXT NOT NULL,
    summary TEXT,                   -- JSON
    maker INTEGER NOT NULL REFERENCES makers (id),
    run TEXT REFERENCES runs (id),
    stored TEXT NOT NULL,           -- UTC, ISO 8601
    rest TEXT NOT NULL,             -- JSON: what has no column
    digest BLOB NOT NULL,           -- of the line of JSON that was stored
    exact BLOB,                     -- that line, compressed, if the rows do not give it back
    doc INTEGER,                    -- its row in articles_fts
    UNIQUE (article, source)
)""",
    "CREATE INDEX articles_published ON articles (published)",
    "CREATE INDEX articles_outlet ON articles (outlet)",
    "CREATE INDEX articles_doc ON articles (doc)",
    """CREATE TABLE sentences (
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,             -- from 1
    role TEXT NOT NULL,
    paragraph INTEGER NOT NULL,
    start INTEGER NOT NULL,         -- in the article's text, code points
    "when" TEXT,                    -- in a live ticker
    german TEXT NOT NULL,
    english TEXT,
    status TEXT,                    -- NULL: a translation was not asked for
    decided TEXT,                   -- accepted, edited; NULL: by nobody
    more TEXT,                      -- JSON: what has no column
    risk REAL AS (json_extract(more, '$.risk.value')),  -- how likely the English is wrong, 0 to 1
    PRIMARY KEY (article, n)
) WITHOUT ROWID""",
    "CREATE INDEX sentences_risk ON sentences (risk) WHERE risk >= 0.1",
    "CREATE TABLE speakers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    """CREATE TABLE claims (
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,             -- from 1
    claim TEXT NOT NULL,            -- its id in the article
    text TEXT NOT NULL,
    speaker INTEGER REFERENCES speakers (id),  -- NULL: the article itself
    via TEXT,                       -- JSON: the chain, nearest the speaker first
    relies_on TEXT,
    stance TEXT NOT NULL,
    verb TEXT,
    quotation TEXT,
    when_text TEXT,
    when_date TEXT,
    supported INTEGER NOT NULL,
    status TEXT NOT NULL,
    decided TEXT,
    start INTEGER,                  -- where the speaker stands in the article's text
    "end" INTEGER,
    more TEXT,                      -- JSON: what has no column
    PRIMARY KEY (article, n)
) WITHOUT ROWID""",
    "CREATE INDEX claims_speaker ON claims (speaker)",
    """CREATE TABLE evidence (
    article INTEGER NOT NULL,
    claim INTEGER NOT NULL,
    place INTEGER NOT NULL,         -- in the order of the claim
    sentence INTEGER NOT NULL,
    PRIMARY KEY (article, claim, place),
    FOREIGN KEY (article, claim) REFERENCES claims (article, n) ON DELETE CASCADE,
    FOREIGN KEY (article, sentence) REFERENCES sentences (article, n) ON DELETE CASCADE
) WITHOUT ROWID""",
    """CREATE TABLE findings (
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,             -- from 1
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    message TEXT NOT NULL,
    part TEXT,
    sentence INTEGER,
    claim TEXT,
    failure TEXT,
    spans TEXT,                     -- JSON: de_span, en_span
    place TEXT,                     -- article, sentence, claim: where it stands besides the list of all
    more TEXT,                      -- JSON: what has no column
    PRIMARY KEY (article, n)
) WITHOUT ROWID""",
    "CREATE INDEX findings_code ON findings (code)",
    """CREATE TABLE decisions (
    kind TEXT NOT NULL,             -- sentence, claim
    german TEXT NOT NULL,           -- sha256 of the German, white space evened out
    was TEXT NOT NULL,              -- what the model wrote
    n INTEGER NOT NULL,             -- the order in which they were made
    verdict TEXT NOT NULL,          -- accepted, edited, rejected
    english TEXT,                   -- what stands from now on; NULL: nothing
    text TEXT,                      -- the German of a sentence
    first TEXT NOT NULL,            -- key of the first sentence of a claim's evidence, else as german
    more TEXT NOT NULL,             -- JSON: the other fields of a decision
    PRIMARY KEY (kind, german, was)
) WITHOUT ROWID""",
    "CREATE INDEX decisions_first ON decisions (first)",
    """CREATE TABLE vectors (
    article INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    encoder TEXT NOT NULL,
    vector BLOB NOT NULL            -- a signed byte a dimension
)""",
    """CREATE VIEW article_texts AS SELECT doc, id,
    (SELECT group_concat(german, char(10)) FROM sentences WHERE article = articles.id) AS german,
    (SELECT group_concat(english, char(10)) FROM sentences WHERE article = articles.id) AS english,
    NULL AS words
FROM articles""",
    """CREATE VIRTUAL TABLE articles_fts USING fts5 (
    german, english, words, content="article_texts", content_rowid="doc",
    tokenize = "porter unicode61 remove_diacritics 2"
)""",
)

_SECOND = (
    """CREATE TABLE notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    made TEXT NOT NULL,             -- UTC, ISO 8601
    title TEXT NOT NULL,
    topic TEXT,
    since TEXT,                     -- as the note has it
    until TEXT,
    series TEXT NOT NULL,           -- JSON: topic, outlets, exclude; each follows the one before with the same
    note TEXT NOT NULL              -- the line that `brief -f json` prints, without its end
)""",
    "CREATE INDEX notes_series ON notes (series, made)",
    """CREATE TABLE stories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,            -- as it was first called
    first TEXT,                     -- day of its first article, ISO 8601; NULL: none has one
    last TEXT,
    features TEXT NOT NULL,         -- JSON: what its articles are told by
    made TEXT NOT NULL              -- UTC, ISO 8601
)""",
    "CREATE INDEX stories_last ON stories (last)",
    """CREATE TABLE story_articles (
    article TEXT PRIMARY KEY,       -- as articles.article: it stays when the article is analysed again
    story INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    added TEXT NOT NULL             -- UTC, ISO 8601
) WITHOUT ROWID""",
    "CREATE INDEX story_articles_story ON story_articles (story)",
    """CREATE TABLE note_stories (
    note INTEGER NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,         -- from 1, in the order of the note
    story INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    title TEXT NOT NULL,            -- what this note called it
    PRIMARY KEY (note, place)
) WITHOUT ROWID""",
    "CREATE INDEX note_stories_story ON note_stories (story)",
    "CREATE INDEX articles_source ON articles (source)",
    "CREATE INDEX claims_stance ON claims (stance)",
    "CREATE INDEX sentences_risky ON sentences (article, risk) WHERE risk >= 0.1",  # the risks of some articles
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",  # of the desk; never a key
    """CREATE TABLE jobs (           -- of the desk: what was put into its inbox
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    made TEXT NOT NULL,             -- UTC, ISO 8601
    kind TEXT NOT NULL,             -- articles, note
    title TEXT NOT NULL,
    wanted TEXT NOT NULL,           -- JSON: what a note shall be about
    state TEXT NOT NULL,            -- reading, offered, queued, done, cancelled, failed
    said TEXT,                      -- why it failed
    price TEXT,                     -- JSON: what it was said to cost
    requests INTEGER NOT NULL DEFAULT 0,
    tokens INTEGER NOT NULL DEFAULT 0,
    cost REAL DEFAULT 0,            -- US dollars; NULL: no price was known
    ended TEXT,
    result INTEGER                  -- the note that was made
)""",
    "CREATE INDEX jobs_state ON jobs (state)",
    """CREATE TABLE job_inputs (     -- until they are read
    job INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    how TEXT NOT NULL,              -- text, file, address
    name TEXT NOT NULL,
    about TEXT NOT NULL,            -- JSON
    data BLOB NOT NULL,
    PRIMARY KEY (job, n)
)""",
    """CREATE TABLE job_items (
    job INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    source TEXT NOT NULL,
    headline TEXT NOT NULL,
    state TEXT NOT NULL,            -- waiting, done, partly, failed, skipped, cancelled
    said TEXT,                      -- why
    stored INTEGER,                 -- its number in articles
    findings INTEGER NOT NULL DEFAULT 0,
    article TEXT,                   -- JSON, until it is done; last, so that what stands before is read without it
    PRIMARY KEY (job, n)
)""",
    "CREATE INDEX job_items_state ON job_items (job, state, n)",
    """CREATE TABLE versions (          -- of articles that were changed: all but the last, which is in `articles`
    source TEXT NOT NULL,           -- as articles.source
    n INTEGER NOT NULL,             -- from 1, the earliest
    article TEXT NOT NULL,          -- the id of its text
    seen TEXT NOT NULL,             -- UTC, ISO 8601: when it was first read
    replaced TEXT NOT NULL,         -- when the next one was
    changes TEXT NOT NULL,          -- JSON: what the next one has otherwise
    result BLOB NOT NULL,           -- its line of JSON, compressed
    PRIMARY KEY (source, n)
) WITHOUT ROWID""",
    """CREATE TABLE marks (             -- what an outlet said of an article later
    source TEXT NOT NULL,           -- as articles.source
    mark TEXT NOT NULL,             -- corrected, withdrawn, gone (its page is)
    said TEXT NOT NULL,             -- in which words
    at TEXT NOT NULL,               -- UTC, ISO 8601: when that was first seen
    PRIMARY KEY (source, mark)
) WITHOUT ROWID""",
    """CREATE TABLE watched (           -- sources that are looked at again and again
    source TEXT PRIMARY KEY,        -- an address or a folder, as it was named
    kind TEXT NOT NULL,             -- feed, page, folder; '' until it was read
    address TEXT NOT NULL,          -- where it is now
    etag TEXT,
    modified TEXT,
    looked TEXT,                    -- UTC, ISO 8601: the last look
    read TEXT,                      -- the last look at which it could be read
    due TEXT,                       -- the next one
    failures INTEGER NOT NULL,      -- looks in a row at which it could not be read
    fault TEXT,                     -- why not
    ended TEXT                      -- why it is never looked at again
) WITHOUT ROWID""",
    """CREATE TABLE watch_items (       -- what was found there
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    watched TEXT NOT NULL,          -- watched.source
    source TEXT NOT NULL,           -- as articles.source
    state TEXT NOT NULL,            -- page, waiting, done, kept, same, passed, refused, failed
    reason TEXT NOT NULL,           -- why, in words; of `same` the source that it is the same as
    address TEXT,                   -- of its page
    headline TEXT,
    told BLOB NOT NULL,             -- digest of what its source says of it
    article TEXT,                   -- the id of its text
    first TEXT NOT NULL,            -- UTC, ISO 8601: when it was first seen
    changed TEXT NOT NULL,          -- when it last came with other words
    due TEXT,                       -- when its page is looked at again
    tries INTEGER NOT NULL,         -- looks in a row at which that failed
    etag TEXT,
    modified TEXT,
    held BLOB                       -- JSON, compressed: what is still to be done with it
)""",
    "CREATE INDEX watch_items_state ON watch_items (state, watched)",
    "CREATE INDEX watch_items_due ON watch_items (due) WHERE due IS NOT NULL",
    "CREATE INDEX watch_items_article ON watch_items (article)",
    """CREATE TABLE watch_keys (        -- what an item is known by: its address, its id in its source, its words
    key TEXT PRIMARY KEY,
    item INTEGER NOT NULL
) WITHOUT ROWID""",
    """CREATE TABLE watch_bands (       -- of which much the same texts share one or more
    band INTEGER NOT NULL,
    item INTEGER NOT NULL,
    PRIMARY KEY (band, item)
) WITHOUT ROWID""",
    """CREATE TABLE watch_matches (     -- articles that answer a saved search, each told once
    search TEXT NOT NULL,
    article TEXT NOT NULL,          -- as articles.source; as articles.article if that is not watched
    found TEXT NOT NULL,            -- UTC, ISO 8601
    state TEXT NOT NULL,            -- new, begun, told
    tries INTEGER NOT NULL,
    due TEXT,
    fault TEXT,
    PRIMARY KEY (search, article)
) WITHOUT ROWID""",
    """CREATE TABLE watch_notes (       -- a note a day
    name TEXT NOT NULL,             -- topic and folder
    day TEXT NOT NULL,              -- local
    made TEXT NOT NULL,             -- UTC, ISO 8601
    file TEXT,                      -- NULL: there was nothing to write about
    PRIMARY KEY (name, day)
) WITHOUT ROWID""",
)
"""What version 2 adds. Not released: who needs a table adds it here, not to a third version."""

KIND = DatabaseKind(
    name="archive",
    application_id=0x50525341,  # "PRSA"
    version=2,
    schema=(*_FIRST, *_SECOND),
    error=OutputError,
    instead="name another file",
    damaged="Make a copy, and let `sqlite3 FILE .recover` save what can be read.",
    locked="Another process is writing to it; try again when it has ended.",
    busy_seconds=30.0,
    migrations={1: _SECOND},
    reads_earlier=True,
    private=False,
)
_NEEDED = (3, 31)
"""The first SQLite with columns that are computed."""
_CACHED = 64_000
"""KiB of pages in memory: what one commit changes is not written before it, which would lock readers out."""


def opened(path: Path) -> Database:
    """The file, to be read and written; made if there is none. Raises OutputError."""
    if sqlite3.sqlite_version_info < _NEEDED:
        needed = ".".join(map(str, _NEEDED))
        raise OutputError(
            f"An archive needs SQLite {needed} or newer, and this Python has {sqlite3.sqlite_version}. Use a newer "
            "Python, or another output than .db."
        )
    database = Database(path, KIND)
    database.run("PRAGMA foreign_keys = ON")
    database.run(f"PRAGMA cache_size = -{_CACHED}")
    return database


def opened_to_read(path: Path) -> Database:
    """The file, to be read alone, which may be one that cannot be written. Raises InputError."""
    try:
        return Database(path, KIND, reads=True)
    except OutputError as error:
        raise InputError(str(error)) from None


SUFFIXES = (".db", ".sqlite", ".sqlite3")


def is_archive(path: Path) -> bool:
    """Is it named as an archive file? What is in it is not looked at: to open and close a file that this process has
    open as a database would drop its locks."""
    return path.suffix.lower() in SUFFIXES and not path.is_dir()
