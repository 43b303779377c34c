"""Notes: those that the archive keeps, each with the German behind every line, and a new one from chosen articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from presseschau import results
from presseschau.desk import archive_page, preferences
from presseschau.desk.archive_page import SearchForm
from presseschau.desk.inbox import jobs_of
from presseschau.desk.jobs import Jobs
from presseschau.desk.page import desk_of, download, file_name, render
from presseschau.desk.security import post
from presseschau.errors import InputError
from presseschau.library import noted, stories
from presseschau.library.search import search
from presseschau.library.store import Archive, Listed
from presseschau.notes import Note
from presseschau.output.note_page import note_text

_LISTED = 60
"""Articles to choose from on a page."""
_MOST = 400
"""Articles of one note."""
_PAGES = {"1": "short", "2": "usual", "4": "long"}
_KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
"""Forms of a note that are saved, and what they are."""


def notes(request: Request) -> Response:
    with Archive(desk_of(request).archive, reads=True) as archive:
        kept = list(noted.entries(archive))
        under_way = [job for job in Jobs(archive).all("note") if job.state not in ("done", "cancelled")]
    return render(request, "notes.html.j2", kept=kept, under_way=under_way)


def new(request: Request) -> Response:
    return _choose(request, request.query_params, {}, {}, None)


def _choose(
    request: Request, params: Mapping[str, str], typed: Mapping[str, str], wrong: dict[str, str],
    ticked: Sequence[int] | None, status: int = 200,
) -> Response:  # fmt: skip
    """The page on which articles are chosen: what a search finds, ticked where nothing else was."""
    form, story = archive_page.asked(params), params.get("story", "").strip()
    words = {**form.fields, **({"story": story} if story else {})}
    with Archive(desk_of(request).archive, reads=True) as archive:
        try:
            hits, total = _found(archive, form, story, _LISTED)
        except InputError as error:
            wrong, hits, total = {**wrong, "q": str(error)}, [], 0
        if form.wrong:
            wrong = {**wrong, "q": " ".join(form.wrong)}
        told = stories.entries(archive)[:_LISTED]
        of = stories.of_articles(archive, {one.article for one in hits})
        earlier = list(noted.entries(archive))[:_LISTED]
        english = desk_of(request).given.over(preferences.read(archive)).english
    chosen = {one.id for one in hits} if ticked is None and words else set(ticked or ())
    return render(
        request, "note_new.html.j2", status, asked=defaultdict(str, words), words=words, form=form, hits=hits,
        total=total, ticked=chosen, earlier=earlier,
        typed={"pages": "2", "english": english, "title": "", "topic": "", "previous": "", **typed}, wrong=wrong,
        lengths=_PAGES, most=_MOST, stories=told, of=of,
        titles={one.id: (one.called or (one.title,))[0] for one in told},
    )  # fmt: skip


def _found(archive: Archive, form: SearchForm, story: str, most: int) -> tuple[list[Listed], int]:
    """The articles that answer, the newest first and at most so many, and how many there are; of a `story` only those
    that are of it. Raises InputError for a question that cannot be asked."""
    question = replace(form.question, order="newest")
    if not story:
        found = search(archive, question, most=most)
        return [hit.article for hit in found.hits], found.total
    if not (story.isascii() and story.isdecimal()):
        raise InputError("Choose one of the stories, or none.")
    of_story = stories.members(archive, int(story[:9]), _MOST)
    if form.fields:
        answers = {hit.article.id for hit in search(archive, question, most=10 * _MOST).hits}
        of_story = [number for number in of_story if number in answers]
    return archive.entries(of_story[:most]), len(of_story)


def make(request: Request, form: FormData) -> Response:
    """Takes the note as a job: it is priced, and made when somebody says so."""
    params = {name: said for name, said in form.items() if isinstance(said, str)}
    typed = {name: " ".join(str(form.get(name, "")).split())[:200]
             for name in ("title", "topic", "pages", "english", "previous")}  # fmt: skip
    chosen = [int(one) for one in map(str, form.getlist("article")) if one.isascii() and one.isdecimal()]
    if form.get("all"):
        with Archive(desk_of(request).archive, reads=True) as archive:
            found, _ = _found(archive, archive_page.asked(params), params.get("story", "").strip(), _MOST + 1)
            chosen = [one.id for one in found]
    wrong = _wrong(typed, chosen)
    if wrong:
        return _choose(request, params, typed, wrong, chosen, 422)
    wanted: dict[str, Any] = {
        "articles": chosen,
        "topic": typed["topic"] or None,
        "title": typed["title"] or None,
        "pages": int(typed["pages"]),
        "english": "American English" if typed["english"] == "american" else "British English",
        "previous": int(typed["previous"]) if typed["previous"] else None,
    }
    title = typed["title"] or typed["topic"] or f"Note from {len(chosen)} article{'s' * (len(chosen) != 1)}"
    with jobs_of(request) as jobs:
        job = jobs.add_note(title, wanted)
    return RedirectResponse(f"/inbox/{job}", 303)


def _wrong(typed: Mapping[str, str], chosen: Sequence[int]) -> dict[str, str]:
    wrong = {}
    if not chosen:
        wrong["article"] = "Tick the articles that the note is made from: at least one, better several."
    elif len(chosen) > _MOST:
        wrong["article"] = f"A note is made from at most {_MOST} articles. Narrow the search down, or tick fewer."
    if typed["topic"] and not any(letter.isalnum() for letter in typed["topic"]):
        wrong["topic"] = "There is no word in it."
    if typed["pages"] not in _PAGES:
        wrong["pages"] = "Choose how long it may be."
    if typed["english"] not in ("british", "american"):
        wrong["english"] = "Choose British or American English."
    if typed["previous"] and not (typed["previous"].isascii() and typed["previous"].isdecimal()):
        wrong["previous"] = "Choose one of the notes, or none."
    return wrong


def note(request: Request) -> Response:
    number = request.path_params["note"]
    with Archive(desk_of(request).archive, reads=True) as archive:
        kept = _note(archive, number)
        opened = {one.n: f"/article/{found}" for one in kept.sources if (found := next(archive.numbers(one.id), None))}
    outline, contents, text = note_text(kept, opened)
    return render(
        request, "note.html.j2", number=number, note=outline,
        contents=Markup(contents), text=Markup(text),  # noqa: S704 - escaped by the templates that made it
    )  # fmt: skip


def _note(archive: Archive, number: int) -> Note:
    try:
        return Note.model_validate_json(noted.line(archive, number))
    except InputError:
        raise HTTPException(404, "There is no such note any more. Those that are kept are under Notes.") from None


def save(request: Request) -> Response:
    number, form = request.path_params["note"], request.path_params["form"]
    if form not in _KINDS:
        raise HTTPException(404, "A note can be saved as Word, HTML, Markdown or JSON.")
    with Archive(desk_of(request).archive, reads=True) as archive:
        kept = _note(archive, number)
    name = file_name("note", (kept.made or kept.until or str(number))[:10], kept.title)
    return download(f"{name}.{form}", results.render(kept, form), _KINDS[form])


def remove(request: Request, form: FormData) -> Response:
    with Archive(desk_of(request).archive) as archive:
        noted.drop(archive, request.path_params["note"])
    return RedirectResponse("/notes", 303)


routes = [
    Route("/notes", notes),
    post("/notes", make),
    Route("/notes/new", new),
    Route("/notes/{note:int}", note),
    Route("/notes/{note:int}/save/{form}", save),
    post("/notes/{note:int}/remove", remove),
]
