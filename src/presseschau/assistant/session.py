"""What an assistant may do in one session: five tools over an archive, the folders that were named, and one model.

Each gives a Row: `about` is ours, all that is `quoted` is foreign. Whatever cannot be done is a PresseschauError.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from presseschau import archives, results
from presseschau.assistant import rows
from presseschau.assistant.quoting import Row, answer, bare, cut
from presseschau.errors import BudgetReachedError, InputError
from presseschau.library.schema import is_archive
from presseschau.library.search import Question
from presseschau.models import Analysis, Article
from presseschau.stored import content, is_note, note_of, schema_of

if TYPE_CHECKING:
    from presseschau.analysis import Options
    from presseschau.archive.prices import Limits
    from presseschau.ingest import ReadOptions
    from presseschau.llm.cache import CacheMode
    from presseschau.llm.client import Client
    from presseschau.llm.engine import Choice
    from presseschau.llm.places import CachePlace
    from presseschau.llm.spending import Budget, RequestEvent
    from presseschau.notes import Note

    OnEvent = Callable[[RequestEvent], None]

Made = TypeVar("Made")

USUAL_MOST = 1.0
"""US dollars of a session for which no limit was given, where the model has a price."""
LONGEST_TEXT = 200_000
MOST_PAIRS = 200
MOST_ARTICLES = 500
"""Articles of the archive that one note is made from."""
_KEPT = 50
"""Results and notes of the session that can be read again."""


@dataclass(frozen=True)
class Setup:
    """What the session was started with. `archive`: a file of results; `keep`: what is analysed is put there, too;
    `folders`: whose files may be read; `addresses`: whether pages are fetched; `most_a_call`: US dollars. The model
    and its options are made when they are first needed."""

    archive: Path | None
    folders: tuple[Path, ...]
    addresses: bool
    keep: bool
    choice: Callable[[], Choice]
    options: Callable[[], Options]
    limits: Limits
    most_a_call: float | None
    cache: CachePlace | None
    cache_mode: CacheMode
    reading: ReadOptions
    repair: bool = True
    lang_check: bool = True


@dataclass
class Session:
    """The tools. `cost` and `tokens` are what this session has used."""

    setup: Setup
    cost: float = 0.0
    tokens: int = 0
    _made: dict[str, Analysis | Note] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def read(self, article: str | None, file: str | None, part: rows.Part, first: int) -> Row:
        """A result of the archive, of this session or in a file; of a file that is none, the German alone; or a note
        of this session. Raises InputError."""
        found = self._found(article, file)
        if isinstance(found, Article):
            about, lines = {"id": found.id, "kind": "German alone: not analysed"}, rows.of_article(found)
            return answer(about, rows.about(found), lines, first, rows.warning(found))
        if isinstance(found, Analysis):
            return self._told(found, part, first)
        return _told_note(found, first)

    async def analyse(
        self, text: str | None, address: str | None, file: str | None, article: str | None, on_event: OnEvent
    ) -> Row:
        """The result of one article, its sentences first. Raises what `analyze` raises, BudgetReachedError."""
        from presseschau.analysis import analyze

        if sum(one is not None for one in (text, address, file)) != 1:
            raise InputError("Give one of `text`, `address` and `file`.")
        german = await asyncio.to_thread(self._german, text, address, file, article)
        options = await asyncio.to_thread(self.setup.options)
        analysis, cost = await self._asking(lambda engine: analyze(german, engine, options), options, on_event)
        if analysis.translation is None and analysis.summary is None and analysis.claims is None:
            why = [finding.message for finding in analysis.findings if finding.code == "task.failed"]
            raise InputError(f"Nothing could be made of this article. {cut(why[0]) if why else ''}".strip())
        self._keep(analysis.article.id, analysis)
        if self.setup.keep and self.setup.archive:
            await asyncio.to_thread(_put, self.setup.archive, analysis)
        return self._told(analysis, "sentences", 1, {**cost, "kept_in_archive": self.setup.keep})

    def search(self, question: Question, limit: int, skip: int) -> Row:
        """Articles of the archive that answer, as many as fit; `next_skip` says how to go on. Raises InputError."""
        found = archives.search(self._archive(), question, most=limit, skip=skip)
        made = answer({}, {}, rows.of_hits(found), 1)
        shown = len(made["quoted"]["rows"])
        more = {"next_skip": skip + shown} if shown and skip + shown < found.total else {}
        return {**made, "about": {"articles": found.total, "rows": shown, **more}}

    def verify(
        self, article: str | None, file: str | None, pairs: Sequence[tuple[str, str]], first: int
    ) -> Row:  # fmt: skip
        """All findings about a result, a note or pairs, made anew; no model is asked. Raises InputError."""
        if pairs:
            from presseschau.checks.files.pairs import Pair

            given = [Pair(str(n), german, english) for n, (german, english) in enumerate(pairs, 1)]
            checked = results.check_pairs(given, results.read_glossary())
            lines = [{"pair": int(id), **rows.finding(one)} for id, found in checked for one in found]
            return answer({"pairs": len(given), "findings": len(lines)}, {}, lines, first)
        found = self._found(article, file)
        if isinstance(found, Article):
            raise InputError("This article was not analysed yet, so there is nothing to check: analyse it first.")
        findings = results.verify(found)
        lines = list(map(rows.finding, findings))
        errors = sum(one.severity == "error" for one in findings)
        about = {"findings": len(lines), "errors": errors}
        if isinstance(found, Analysis):
            return answer({"id": found.article.id, **about}, rows.about(found.article), lines, first,
                          rows.warning(found.article))  # fmt: skip
        return answer({"id": _id_of(found), **about}, {}, lines, first)

    async def brief(
        self, articles: Sequence[str], topic: str | None, since: str | None, until: str | None,
        outlets: Sequence[str], exclude: str | None, title: str | None, pages: int, on_event: OnEvent,
    ) -> Row:  # fmt: skip
        """A note from these articles, or those of the archive that the filters leave. Raises what `brief` raises."""
        from presseschau.briefing.brief import brief

        given = await asyncio.to_thread(self._analyses, articles, since, until)
        options = await asyncio.to_thread(self.setup.options)
        note, cost = await self._asking(
            lambda engine: brief(
                given, engine, topic=topic, since=since, until=until, outlets=outlets, exclude=exclude, title=title,
                pages=pages, options=options,
            ),
            options, on_event,
        )  # fmt: skip
        self._keep(_id_of(note), note)
        return _told_note(note, 1, cost)

    def _told(self, analysis: Analysis, part: rows.Part, first: int, more: Row | None = None) -> Row:
        counts = {"sentences": len(analysis.article.sentences), "claims": len(analysis.claims or ())}
        counts |= {"findings": len(analysis.findings), "summary": int(analysis.summary is not None)}
        failed = [one.part for one in analysis.findings if one.code == "task.failed" and one.part]
        about = {"id": analysis.article.id, "part": part, "has": counts, **(more or {})}
        about |= {"failed": failed} if failed else {}
        quoted = {**rows.about(analysis.article), "model": cut(analysis.provenance.model),
                  "note": cut(analysis.provenance.notice)}  # fmt: skip
        return answer(about, quoted, rows.of_analysis(analysis, part), first, rows.warning(analysis.article))

    async def _asking(
        self, work: Callable[[Client], Awaitable[Made]], options: Options, on_event: OnEvent
    ) -> tuple[Made, Row]:
        """What `work` makes and what it took, within what is left of the session; one at a time."""
        from presseschau.llm.engine import open_engine

        setup = self.setup
        async with self._turn:
            choice = await asyncio.to_thread(setup.choice)
            budget = self._budget(choice)
            try:
                async with open_engine(
                    choice, cache=setup.cache, cache_mode=setup.cache_mode, on_event=on_event,
                    schema_prompt=options.prompts.text("schema/user"), budget=budget,
                ) as engine:  # fmt: skip
                    made = await work(engine)
                    sent = engine.spending.bought.requests
            finally:
                self.cost += budget.cost
                self.tokens += budget.tokens
        dollars = {"cost": round(budget.cost, 6), "cost_of_session": round(self.cost, 6)} if budget.price else {}
        return made, {"requests": sent, "tokens": budget.tokens, **dollars}

    def _budget(self, choice: Choice) -> Budget:
        """What the next call may use. Raises BudgetReachedError if nothing is left."""
        from presseschau.archive.prices import price_of

        limits, price = self.setup.limits, price_of(choice, self.setup.limits.price)
        most, tokens, a_call = limits.max_cost, limits.max_tokens, self.setup.most_a_call
        if most is None and price is not None and price.of(1, 1):
            most = USUAL_MOST
        if most is not None:
            left = most - self.cost
            if left <= 0:
                raise BudgetReachedError(
                    f"The {most:g} US dollars of this session are used up. Whoever started it can give it more with "
                    "`presseschau mcp --max-cost`."
                )
            most = left if a_call is None else min(left, a_call)
        if tokens is not None and (tokens := tokens - self.tokens) <= 0:
            raise BudgetReachedError(f"The {limits.max_tokens:,} tokens of this session are used up (--max-tokens).")
        return replace(limits, max_cost=a_call if most is None else most, max_tokens=tokens).budget(choice)

    def _german(self, text: str | None, address: str | None, file: str | None, article: str | None) -> Article:
        from presseschau.ingest import read, read_article

        setup = self.setup
        if text is not None:
            if len(text) > LONGEST_TEXT:
                raise InputError(f"The text has {len(text):,} characters; {LONGEST_TEXT:,} are read at once.")
            return read_article(text, source="text", repair=setup.repair, lang_check=setup.lang_check)
        source = self._address(address) if address is not None else str(self._file(file or ""))
        return read(source, options=setup.reading, repair=setup.repair, lang_check=setup.lang_check, article=article)

    def _address(self, address: str) -> str:
        if not self.setup.addresses:
            raise InputError("This server fetches no pages (--no-addresses): give the text of the article.")
        if not address.lower().startswith(("http://", "https://")):
            raise InputError("Only http:// and https:// addresses are fetched.")
        return address

    def _file(self, name: str) -> Path:
        """The file, if it lies in a folder that was named. Raises InputError, which says nothing of other files."""
        folders = [folder.resolve() for folder in self.setup.folders]
        try:
            for folder in folders:
                path = (folder / name).resolve()
                if path.is_relative_to(folder):
                    if not path.is_file():
                        raise InputError(f"There is no file {cut(name, 200)} in the folders of this server.")
                    return path
        except (OSError, ValueError, RuntimeError):  # too long, a null character, a circle of links
            raise InputError("That is no name of a file.") from None
        allowed = ", ".join(map(str, folders)) or "none; `presseschau mcp --folder DIR` names one"
        raise InputError(f"This file may not be read. Files may be read in: {allowed}.")

    def _archive(self) -> Path:
        if self.setup.archive is None:
            raise InputError("This server has no archive: it must be started as `presseschau mcp archive.db`.")
        return self.setup.archive

    def _found(self, article: str | None, file: str | None) -> Analysis | Article | Note:
        """What these name. Raises InputError."""
        if file is not None:
            return self._in_file(self._file(file), article)
        if not article:
            raise InputError("Give `article`, an id from `search` or from a result of this session, or `file`.")
        kept = [id for id in self._made if id.startswith(article)]
        if len(kept) > 1 and article not in kept:
            raise InputError(f"{len(kept)} results of this session have an id that begins so. Give more of it.")
        if kept:
            return self._made[article if article in kept else kept[0]]
        found = list(results.read_results(self._archive(), article=article, reviewed=True))
        return found[0]

    def _in_file(self, path: Path, article: str | None) -> Analysis | Article | Note:
        schema = schema_of(path)
        if is_archive(path) or (schema or "").startswith("presseschau/analysis/"):
            found: list[Analysis] = []
            for one in results.read_results(path, article=article, reviewed=True):
                found.append(one)
                if len(found) > 1:
                    raise InputError(f"{path} holds several articles: name one with `article`, its id or source.")
            return found[0]
        if schema or is_note(head := content(path)):
            return note_of(content(path) if schema else head, path)
        return self._german(None, None, str(path), article)

    def _analyses(self, articles: Sequence[str], since: str | None, until: str | None) -> list[Analysis]:
        from presseschau.briefing.days import of_days

        if articles:
            found = [self._found(one, None) for one in articles]
            if any(not isinstance(one, Analysis) for one in found):
                raise InputError("A note is made from results: one of the ids is that of a note.")
            return [one for one in found if isinstance(one, Analysis)]
        question = Question(since=since, until=until)
        count = archives.search(self._archive(), question, most=1).total
        if count > MOST_ARTICLES:
            raise InputError(
                f"{count:,} articles are too many for one note ({MOST_ARTICLES} at the most): give `since` and "
                "`until`, or the ids of articles."
            )
        archive = self._archive()
        return of_days(lambda first, last: archives.read(archive, Question(since=first, until=last)), since, until)

    def _keep(self, id: str, made: Analysis | Note) -> None:
        self._made.pop(id, None)
        self._made[id] = made
        while len(self._made) > _KEPT:
            del self._made[next(iter(self._made))]


def _put(path: Path, analysis: Analysis) -> None:
    from presseschau.library.store import Archive

    with Archive(path) as archive:
        archive.put([analysis.model_dump_json().encode()])


def _id_of(note: Note) -> str:
    return f"note-{bare(note.seal)[:16]}"


def _told_note(note: Note, first: int, more: Row | None = None) -> Row:
    about = {"id": _id_of(note), "kind": "note", "articles": len(note.sources), **(more or {})}
    return answer(about, {"title": cut(note.title), "note": cut(note.method.notice)}, rows.of_note(note), first)
