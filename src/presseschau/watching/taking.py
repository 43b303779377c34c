"""From what a source has now to what is to be done: new items, changed ones, those that are known, each once.

An item is written down with all that is known of it in one commit, before what its source said of itself (its ETag):
a kill in between has the source read once more, and nothing lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from presseschau.analysis import UNREVIEWED
from presseschau.archive.near_duplicates import bands, sketch
from presseschau.briefing.corrections import recalled, taken_off
from presseschau.facts.words import alike, runs
from presseschau.library.versions import (
    Mark,
    keep_version,
    replace_earlier,
    set_mark,
    take_mark_back,
    text_changes,
    versions,
)
from presseschau.models import Analysis, Article, Provenance, Usage
from presseschau.watching.identity import FeedEntry, dated, entries, has_moved, of_file
from presseschau.watching.looking import FILE, STAMP, WITHDRAWN, PageLook, SourceLook, article_of
from presseschau.watching.sources import SourceRules, Wanted
from presseschau.watching.state import HeldItem, WatchedItem, WatchState, stamp

ALIKE_ENOUGH = 0.9
"""The share of common runs of words from which an item is the same as another one and not paid for again."""
_LIKE = 0.5
"""From here on the English of sentences that both have is taken."""
LIKE = "like "
"""How the reason of an item begins that has sentences of another one."""
_AGAIN = 2
"""How often an item may come back with a text that it had before: a feed may tell two texts in turn for ever."""
_FIRST_RECHECK, _LAST_RECHECK = timedelta(hours=1), timedelta(days=3)
"""A page is looked at again when its item is twice as old as the last time, until it is so old."""
_RETRY, _LONGEST_RETRY, _MOST_TRIES = timedelta(minutes=15), timedelta(days=1), 8
_GONE = frozenset({404, 410})


def unasked(article: Article) -> bytes:
    """The result of an article about which nothing was asked, as a line of JSON."""
    made = Provenance(model="", engine="", prompts="", usage=Usage(), repairs=0, versions={}, notice=UNREVIEWED)
    return Analysis(article=article, findings=article.findings, provenance=made).model_dump_json().encode()


@dataclass(frozen=True)
class _Like:
    """The source of a text that is like another one, and how much, 0 to 1."""

    source: str
    share: float


@dataclass
class Taking:
    """Writes down what came of looks. `now` is the time of the round; `day` the beginning of its local day; `seen`
    counts what became of items; `said` is what a person should know."""

    state: WatchState
    now: datetime
    day: datetime
    stopped: Callable[[], bool] = lambda: False
    seen: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)

    def source(self, found: SourceLook, rules: SourceRules, due: datetime | None) -> None:
        """Everything a look found, then the row of its source, with when it is due again."""
        row, at = found.row, stamp(self.now)
        of_folder = row.kind == "folder"
        listed = [of_file(one) for one in found.documents] if of_folder else entries(row.source, found.documents)
        for entry in reversed(listed):  # a feed has the newest first
            if self.stopped():
                return
            self._entry(entry, rules, row.source)
        failed = row.fault is not None and not found.away
        with self.state.database.transaction():
            if row.kind == "page" and row.fault is not None:
                self._page_gone(found)
            elif row.kind == "page":
                there = self.state.items("watched = ?", row.source)
                take_mark_back(self.state.archive, [item.source for item in there], "gone")
            self.state.put_source(
                replace(
                    row, looked=at, read=row.read if row.fault else at, due=stamp(due) if due else None,
                    failures=row.failures + failed if row.fault else 0,
                )
            )  # fmt: skip
        self.said += found.said

    def _page_gone(self, found: SourceLook) -> None:
        if found.row.ended or (found.row.failures and "answers 404" in (found.row.fault or "")):
            for item in self.state.items("watched = ? AND article IS NOT NULL", found.row.source):
                self._mark(item, "gone", found.row.fault or "")

    def _entry(self, entry: FeedEntry, rules: SourceRules, watched: str) -> None:
        known = self.state.by_keys(entry.keys)
        item = next((known[key] for key in entry.keys if key in known and self._is(entry, key, known[key])), None)
        if item is None:
            self._new(entry, rules, watched)
            return
        wanted = self._wanted(entry, rules)
        if item.watched != watched:  # two sources that tell it in other words would change it in turn for ever
            if not (item.state in ("passed", "kept") and wanted == "analyse"):
                return
            item = replace(item, watched=watched, told=b"")
        here = entry.document.metadata.get(STAMP)
        if item.told == entry.told:
            if item.etag != here and here is not None:
                self._put(replace(item, etag=here))
            elif missing := [key for key in entry.keys if key not in known]:
                with self.state.database.transaction():
                    self.state.put(item, missing)
            return
        self._again(replace(item, etag=here or item.etag), entry, rules, wanted)

    def _is(self, entry: FeedEntry, key: str, item: WatchedItem) -> bool:
        return key != entry.guid or has_moved(item.headline, entry.headline)

    def _wanted(self, entry: FeedEntry, rules: SourceRules) -> Wanted:
        wanted = rules.wanted(entry.url, entry.section)
        if wanted == "analyse" and rules.most_per_day is not None:
            today = self.state.count(
                "watched = ? AND first >= ? AND state IN ('page', 'waiting', 'done', 'failed')",
                rules.name, stamp(self.day),
            )  # fmt: skip
            return rules.rest if today >= rules.most_per_day else wanted
        return wanted

    def _new(self, entry: FeedEntry, rules: SourceRules, watched: str) -> None:
        document, at = entry.document, stamp(self.now)
        wanted = self._wanted(entry, rules)
        item = WatchedItem(
            0, watched, entry.source, "passed", entry.told, at, at, headline=entry.headline or None,
            address=document.metadata.get(FILE) or entry.url or None, etag=document.metadata.get(STAMP),
        )  # fmt: skip
        if wanted == "pass":
            self._put(replace(item, reason="left out by the rules of its source"), entry.keys)
            self.seen["passed"] += 1
            return
        self.seen["new"] += 1
        self._read(item, entry, rules, wanted)

    def _again(self, item: WatchedItem, entry: FeedEntry, rules: SourceRules, wanted: Wanted) -> None:
        """A known item that is told in other words."""
        item = replace(item, told=entry.told)
        if taken_back := entry.document.metadata.get(WITHDRAWN):
            with self.state.database.transaction():
                self._mark(item, "withdrawn", taken_back)
                self.state.put(item, entry.keys)
        elif wanted == "pass" and item.state == "passed":
            self._put(item, entry.keys)
        else:
            self._read(replace(item, address=entry.url or item.address), entry, rules, wanted)

    def _read(self, item: WatchedItem, entry: FeedEntry, rules: SourceRules, wanted: Wanted) -> None:
        """Its text, if the source has that, else its page is to be looked at."""
        document = entry.document
        metadata = {name: value for name, value in document.metadata.items() if name not in (STAMP, FILE)}
        held = HeldItem(metadata, wanted, document.from_feed)
        if document.address is not None:
            first = item.state in ("passed", "refused", "failed")
            held = replace(held, article=HeldItem.read(item.held).article)
            item = replace(
                item, state="page" if first else item.state, due=stamp(self.now), tries=0, held=held.packed(),
                address=entry.url or document.address, etag=None if first else item.etag,
            )  # fmt: skip
            self._put(item, entry.keys)
            return
        article = article_of(document, rules)
        if isinstance(article, str):
            unread: WatchedItem = item if item.is_known else replace(item, state="refused", reason=article)
            self._put(unread, entry.keys)
            self.seen["refused"] += not item.is_known
            return
        self.text(item, article, held, entry.keys)

    def page(self, found: PageLook) -> None:
        """What came of a look at the page of an item."""
        item = found.item
        if found.article is not None or found.unchanged:
            take_mark_back(self.state.archive, [item.source], "gone")
        if found.article is not None:
            due = self._recheck(item)
            self.text(replace(item, due=due, tries=0), found.article, HeldItem.read(item.held), ())
        elif found.unchanged:
            self._put(replace(item, due=self._recheck(item), tries=0))
        elif item.is_known and found.final:  # it was an article, and is no page of one now
            self._put(replace(item, due=self._recheck(item)))
        else:
            self._failed(found)

    def _failed(self, found: PageLook) -> None:
        item, tries = found.item, found.item.tries + 1
        is_gone = found.status == 410 or (found.status in _GONE and tries > 1)
        with self.state.database.transaction():
            if item.is_known and is_gone:
                self._mark(item, "gone", found.fault or "")
                self.state.put(replace(item, due=None, tries=0))
            elif found.final or is_gone or tries >= _MOST_TRIES:
                unread: WatchedItem = item if item.is_known else replace(item, state="refused", held=None)
                self.state.put(replace(unread, due=None, reason=found.fault or item.reason, tries=0))
                self.seen["refused"] += not item.is_known
            else:
                wait = max(min(_RETRY * 2 ** (tries - 1), _LONGEST_RETRY), timedelta(seconds=found.wait or 0))
                self.state.put(
                    replace(item, due=stamp(self.now + wait), tries=tries, reason=found.fault or "")
                    if not item.is_known
                    else replace(item, due=stamp(self.now + wait), tries=tries)
                )

    def _recheck(self, item: WatchedItem) -> str | None:
        age = self.now - datetime.fromisoformat(item.first)
        return stamp(self.now + max(age, _FIRST_RECHECK)) if timedelta(0) <= age < _LAST_RECHECK else None

    def text(self, item: WatchedItem, article: Article, held: HeldItem, keys: tuple[str, ...]) -> None:
        """The text of an item as it is now: it is known, new, or another version of it."""
        article = self._named(article, item)
        if article.id == item.article:
            with self.state.database.transaction():
                if item.state == "kept" and held.wanted == "analyse":  # by the rules of another source
                    self._decided(item, article, held, keys)
                else:
                    self._beside(item, article)
                    self.state.put(item, keys)
            return
        archive = self.state.archive
        number = archive.number(item.article, item.source) if item.article else None
        was = HeldItem.read(item.held).article
        before = archive.analysis(number).article if number is not None else was
        if before is not None:
            texts = [one.article for one in versions(archive, item.source)]
            if texts.count(article.id) >= _AGAIN:
                self._put(item, keys)
                return
        with self.state.database.transaction():
            if before is not None:
                line = archive.read(number) if number is not None else unasked(before)
                changes = text_changes(before, article)
                keep_version(archive, item.source, line, item.changed, stamp(self.now), changes)
                self._marks(item, before, article)
                self.seen["changed"] += 1
                self.said.append(f"{article.headline or item.source}: {changes}.")
            self._decided(replace(item, changed=stamp(self.now)), article, held, keys)

    def _beside(self, item: WatchedItem, article: Article) -> None:
        """The same sentences, and perhaps another note of the editors beside them, with which the result is kept."""
        archive = self.state.archive
        number = archive.number(article.id, item.source)
        if number is None:
            return
        result = archive.analysis(number)
        if article.kept != result.article.kept:
            archive.put([result.model_copy(update={"article": article}).model_dump_json().encode()])
            self._marks(item, result.article, article)

    def _named(self, article: Article, item: WatchedItem) -> Article:
        """With the source that it has in the archive, and a day of publication that can be."""
        published = dated(article.published, datetime.fromisoformat(item.first))
        update: dict[str, object] = {"source": item.source, "published": published}
        if published != article.published:
            given = {"published_as_given": article.published} if article.published else {}
            update["metadata"] = {**article.metadata, **given, "dated": "when it was first seen"}
        return article.model_copy(update=update)

    def _decided(self, item: WatchedItem, article: Article, held: HeldItem, keys: tuple[str, ...]) -> None:
        """What becomes of a new text: paid for, kept, or known from elsewhere. Inside a transaction."""
        archive = self.state.archive
        said = "\n".join(sentence.text for sentence in article.sentences)
        found = list(bands(sketch(said)))
        like = self._like(item, article, said, found, held)
        item = replace(item, article=article.id, headline=article.headline or item.headline, reason="", held=None)
        told = replace(held, article=None)
        if article.id in self._stored(item.source, held):  # by a batch, or it came back
            item = replace(item, state="kept" if held.wanted == "keep" else "done", held=told.packed())
            replace_earlier(archive, item.source, article)
        elif like is not None and like.share >= ALIKE_ENOUGH:
            item = replace(item, state="same", reason=like.source, held=told.packed())
            self.seen["same"] += 1
        elif held.wanted == "keep":
            archive.put([unasked(article)])
            replace_earlier(archive, item.source, article)
            item = replace(item, state="kept", held=told.packed())
            self.seen["kept"] += 1
        else:
            reason = f"{LIKE}{like.source}" if like is not None else ""
            item = replace(item, state="waiting", reason=reason, held=replace(held, article=article).packed())
        item = self.state.put(item, keys)
        self.state.put_bands(item.id, found)

    def _stored(self, source: str, held: HeldItem) -> set[str]:
        """The ids of texts from this source that are in the archive as they are wanted."""
        rows = self.state.database.all(
            "SELECT article FROM articles JOIN makers ON makers.id = maker WHERE source = ? AND (? OR model != '')",
            source, held.wanted == "keep",
        )  # fmt: skip
        return {article for (article,) in rows}

    def _like(self, item: WatchedItem, article: Article, said: str, found: list[int], held: HeldItem) -> _Like | None:
        """What is most like this text, in the archive or waiting; None if nothing is so much that it matters."""
        asked = held.wanted == "analyse"
        row = self.state.database.one(
            "SELECT source FROM articles JOIN makers ON makers.id = maker WHERE article = ? AND source != ? "
            "AND (? OR model != '') ORDER BY articles.id LIMIT 1",
            article.id, item.source, not asked,
        )  # fmt: skip
        if row:
            return _Like(str(row[0]), 1.0)
        usable = ("waiting", "done", "failed", "same") if asked else ("waiting", "done", "failed", "same", "kept")
        own, best = runs(said), None
        for other in self.state.like(found, item.id):
            if other.state not in usable:
                continue
            share = 1.0 if other.article == article.id else alike(own, runs(self._said(other)))
            if share >= _LIKE and (best is None or share > best.share):
                best = _Like(other.reason if other.state == "same" else other.source, share)
        return best

    def _said(self, item: WatchedItem) -> str:
        if article := HeldItem.read(item.held).article:
            return "\n".join(sentence.text for sentence in article.sentences)
        rows = self.state.database.all(
            "SELECT german FROM sentences JOIN articles ON articles.id = sentences.article "
            "WHERE articles.source = ? AND articles.article = ? ORDER BY n",
            item.source, item.article,
        )  # fmt: skip
        return "\n".join(german for (german,) in rows)

    def _marks(self, item: WatchedItem, before: Article, article: Article) -> None:
        if (said := recalled(article)) and said != recalled(before):
            self._mark(item, "corrected", said)
        if (said := taken_off(article)) and said != taken_off(before):
            self._mark(item, "withdrawn", said)

    def _mark(self, item: WatchedItem, mark: Mark, said: str) -> None:
        if set_mark(self.state.archive, item.source, mark, said, stamp(self.now)):
            self.seen[mark] += 1
            self.said.append(f"{item.headline or item.source}: {mark}.")

    def _put(self, item: WatchedItem, keys: tuple[str, ...] = ()) -> None:
        with self.state.database.transaction():
            self.state.put(item, keys)
