"""An article: German beside English, risk first, what rests on what; to be decided on, saved in every form, and held
against another result of it, of the archive or sent as a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from presseschau.desk.page import desk_of, download, file_name, render
from presseschau.desk.security import bare_name, post
from presseschau.errors import InputError
from presseschau.library import memory
from presseschau.library.store import Archive, Listed
from presseschau.library.versions import ArticleVersion, marks, versions
from presseschau.models import READ_FIRST, Analysis, Claim, Risk, Stance, TranslatedSentence
from presseschau.output.comparison_text import facts_in_words, figures
from presseschau.output.page import ClaimCard, PageContent, SentenceRow, page
from presseschau.output.placing import tally
from presseschau.output.wording import decided_by
from presseschau.pipeline.claims import renamed
from presseschau.pipeline.decisions import (
    CORRECTED_AFTER,
    Decision,
    Decisions,
    claim_key,
    decided,
    key,
    keys_of,
    of_a_person,
)
from presseschau.results import compare
from presseschau.results import render as rendered
from presseschau.reviews import standing, subject
from presseschau.stored import analysis_of

if TYPE_CHECKING:
    from presseschau.reviews import Item

FORMS: Mapping[str, tuple[str, str, str]] = {
    "docx": ("Word, German beside English", "docx", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "docx-english": ("Word, English with footnotes", "docx",
                     "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "html": ("A page (HTML)", "html", "octet-stream"),
    "md": ("Markdown", "md", "octet-stream"),
    "txt": ("Plain text", "txt", "octet-stream"),
    "json": ("The whole result (JSON)", "json", "json"),
    "csv": ("Claims as a table (CSV)", "csv", "octet-stream"),
    "jsonl": ("Claims, one per line (JSONL)", "jsonl", "jsonl"),
    "jsonld": ("Claims as linked data (JSON-LD)", "jsonld", "ld+json"),
    "tmx": ("Translation memory (TMX)", "tmx", "octet-stream"),
    "xliff": ("For a translator (XLIFF)", "xlf", "xliff+xml"),
}  # fmt: skip
"""Form -> what it is called, how its file ends, its media type under application/."""


@dataclass(frozen=True)
class Decidable:
    """A sentence or claim of the page: `item` as the model wrote it, `now` as it stands by the decision `last`.

    `name` is its id on the page, `stands` the English that a person finds in the field.
    """

    name: str
    item: Item
    now: Item
    last: Decision | None
    offers: Sequence[memory.Offer] = ()

    @property
    def stands(self) -> str:
        return next(filter(None, map(_english, (self.now, self.item))), "")

    @property
    def rejected(self) -> bool:
        return self.last is not None and self.last.english is None

    @property
    def seen(self) -> str:
        """What a form says that its reader saw: another decision since then, and it is not done."""
        return sha256(self.last.model_dump_json().encode()).hexdigest()[:12] if self.last else ""

    @property
    def look(self) -> bool:
        """Does it need a person's eye: is something wrong, and has nobody decided?"""
        wrong = any(f.severity != "info" or f.code == CORRECTED_AFTER for f in self.now.findings)
        return self.last is None and (wrong or self.now.status == "missing" or self.risky is not None)

    @property
    def risky(self) -> Risk | None:
        """The risk that it is wrong, of one that is to be read first."""
        risk = self.now.risk if self.last is None else None
        return risk if risk is not None and risk.value >= READ_FIRST else None

    def told(self, american: bool) -> str:
        """Who decided what, and when; "" for nobody."""
        if self.last is None:
            return ""
        made = {"status": "human", "decided": self.last.verdict, "decided_by": self.last.by, "decided_at": self.last.at}
        return decided_by(self.now.model_copy(update=made), american)


@dataclass(frozen=True)
class ArticleView:
    """What the page of an article shows: `number` in the archive, the result as stored and as people want it."""

    number: int
    stored: Analysis
    decided: Analysis
    decisions: Decisions
    others: Sequence[Listed]
    """Further results of the same German."""
    versions: Sequence[ArticleVersion]
    marks: Mapping[str, str]
    """What the outlet said of it (corrected, withdrawn) -> its words."""
    sentences: Mapping[int, Decidable]
    claims: Sequence[Decidable]

    @cached_property
    def page(self) -> PageContent:
        """As output/page.py sets it, claims that were rejected among the others."""
        claims = [renamed(_claim(one), f"c{at}") for at, one in enumerate(self.claims, 1)]
        rest = tuple(f for f in self.decided.findings if f.part != "claims" or f.code == "task.failed")
        return page(
            self.decided.model_copy(
                update={
                    "claims": None if self.decided.claims is None else tuple(claims),
                    "findings": (*rest, *(finding for claim in claims for finding in claim.findings)),
                }
            )
        )

    @property
    def cards(self) -> Iterator[tuple[ClaimCard, Decidable]]:
        return zip(self.page.claims, self.claims, strict=True)

    @cached_property
    def citing(self) -> Mapping[str, str]:
        """The name of each claim by its id in `page`."""
        return {card.claim.id: one.name for card, one in self.cards}

    def claims_of(self, row: SentenceRow) -> Sequence[str]:
        return [self.citing[one] for one in row.cited]

    def find(self, name: str) -> Decidable:
        """The sentence or claim of this name. Raises HTTPException."""
        for one in (*self.sentences.values(), *self.claims):
            if one.name == name:
                return one
        raise HTTPException(404, "This sentence or claim is not there any more. Load the page again.")

    def like(self, one: Decidable) -> Sequence[Decidable]:
        """All of the page that a decision on this one is about: the same German may stand in it twice."""
        german = subject(one.item)[1]
        return [other for other in (*self.sentences.values(), *self.claims) if subject(other.item)[1] == german]

    @property
    def progress(self) -> str:
        rows = self.decided.translation or ()
        sentences, claims = sum(map(of_a_person, rows)), sum(one.last is not None for one in self.claims)
        return f"{sentences} of {len(rows)} sentences and {claims} of {len(self.claims)} claims decided"

    @property
    def left(self) -> str:
        return tally(self.page.placed.everything)


def read(archive: Path, number: int, *, offers: bool = True) -> ArticleView:
    """The article with this number; `offers`: with what is offered for its sentences, which takes the longest in a
    large archive. Raises HTTPException if there is none, InputError."""
    with Archive(archive, reads=True) as opened:
        if not opened.holds(number):
            said = "This article is not in the archive, or was read again since. Look for it in the archive."
            raise HTTPException(404, said)
        stored = opened.analysis(number)
        decisions = memory.read_decisions(opened, sorted(keys_of(stored)))
        same = [one for one in opened.of_article(stored.article.id) if one != number]
        now = decided(stored, decisions)
        rows = list(_sentences(stored, now, decisions))
        found = memory.offers_each(opened, [one.de for one, _, _ in rows]) if offers else [[]] * len(rows)
        sentences = {
            one.n: Decidable(f"s{one.n}", one, stands, last, offered if last is None else ())
            for (one, stands, last), offered in zip(rows, found, strict=True)
        }
        claims = sorted(_claims(stored, now, decisions), key=lambda one: _claim(one).sentences)
        source = stored.article.source
        changes = versions(opened, source), marks(opened, [source]).get(source, {})
        return ArticleView(number, stored, now, decisions, opened.entries(same), *changes, sentences, claims)


def _sentences(stored: Analysis, now: Analysis, decisions: Decisions) -> Iterator[tuple[Any, Any, Decision | None]]:
    """Each sentence as stored, as it stands, and what made it so: on whatever English of the same German."""
    last = {one.german: one for one in decisions.decisions if one.kind == "sentence"}
    for row, stands in zip(stored.translation or (), now.translation or (), strict=True):
        yield row, stands, last.get(key([row.de]))


def _claims(stored: Analysis, now: Analysis, decisions: Decisions) -> Iterator[Decidable]:
    """The claims that stand, those that were rejected, and those that only a decision of an earlier run holds."""
    shown = {(claim_key(claim), claim.text): claim for claim in now.claims or ()}
    known: set[tuple[str, str, str]] = set()
    for claim in stored.claims or ():
        if subject(claim) in known:  # a model may say a thing twice
            continue
        stood, last = standing(claim, decisions)
        known.add(subject(claim))
        stands = shown.get((claim_key(claim), _english(stood)))
        if last is not None and last.english is None:
            yield Decidable(_name(claim), claim, claim.model_copy(update={"findings": ()}), last)
        elif stands is not None:
            yield Decidable(_name(claim), claim, stands, last)
    for one in decisions.decisions:
        if one.kind == "claim" and one.claim and (one.kind, one.german, one.was) not in known:
            stands = shown.get((one.german, one.english or ""))
            if stands is not None:
                item = one.claim.model_copy(update={"text": one.was})
                yield Decidable(_name(item), item, stands, one)


def _name(claim: Claim) -> str:
    return f"c{sha256(repr(subject(claim)).encode()).hexdigest()[:12]}"


def _claim(one: Decidable) -> Claim:
    assert isinstance(one.now, Claim)
    return one.now


def _english(item: Item) -> str:
    return (item.en or "") if isinstance(item, TranslatedSentence) else item.text


def show(request: Request) -> Response:
    return render(request, "article.html.j2", **values(request, read(desk_of(request).archive, number_of(request))))


def number_of(request: Request) -> int:
    number: int = request.path_params["number"]
    if number >= 2**63:
        raise HTTPException(404)
    return number


def values(request: Request, view: ArticleView) -> dict[str, Any]:
    """What the templates of an article need."""
    undoable = any(number == view.number for number, _, _ in request.scope["visitor"].made)
    return {"view": view, "page": view.page, "forms": FORMS, "stances": get_args(Stance), "undoable": undoable}


def of_article(request: Request) -> Response:
    """To the newest result of the article with this id, as notes and files name it."""
    with Archive(desk_of(request).archive, reads=True) as opened:
        found = opened.of_article(request.path_params["article"])
    if not found:
        raise HTTPException(404, "The archive holds no article with this id.")
    return RedirectResponse(f"/article/{found[-1]}", 303)


def save(request: Request) -> Response:
    """The article as people decided, in one of its forms, to be kept as a file."""
    form = request.path_params["form"]
    if form not in FORMS:
        raise HTTPException(404, f"There is no form {form}.")
    view = read(desk_of(request).archive, number_of(request))
    _, ending, kind = FORMS[form]
    article = view.decided.article
    name = file_name(
        article.outlet, (article.published or "")[:10], article.headline or article.id[:12], otherwise=article.id[:12]
    )
    return download(f"{name}.{ending}", rendered(view.decided, form), f"application/{kind}")


def compare_two(request: Request) -> Response:
    """With another result of the archive."""
    other = request.query_params.get("other", "")
    if not other.isdecimal():
        raise HTTPException(422, "Nothing was chosen to compare with.")
    desk = desk_of(request)
    return _compared(request, read(desk.archive, int(other[:18])).decided, "the other result in the archive")


def compare_file(request: Request, form: FormData) -> Response:
    """With the result in a file that was sent."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.size:
        raise HTTPException(422, "No file was chosen to compare with.")
    name = bare_name(file.filename) or "the file"
    article = read(desk_of(request).archive, number_of(request)).stored.article.id
    return _compared(request, _result_in(file.file.read(), name, article), name)


def _compared(request: Request, second: Analysis, name: str) -> Response:
    """The result of this page as people decided, A, beside the second, B."""
    view = read(desk_of(request).archive, number_of(request))
    made = compare(view.decided, second)
    return render(
        request, "compare.html.j2", made=made, figures=figures(made), facts=facts_in_words, second=name,
        number=view.number,
    )  # fmt: skip


def _result_in(text: bytes, name: str, article: str) -> Analysis:
    """The result of this article in a file, which may hold several, one per line. Raises InputError."""
    if b"\n" not in text.strip() or text.lstrip()[:2] in (b"{\n", b"{\r"):
        return analysis_of(text, name)
    for line in filter(None, map(bytes.strip, text.splitlines())):
        if article.encode() in line:
            return analysis_of(line, name)
    raise InputError(f"{name} holds no result of this article.")


routes = [
    Route("/article/{number:int}", show),
    Route("/article/of/{article}", of_article),
    Route("/article/{number:int}/save/{form}", save),
    Route("/article/{number:int}/compare", compare_two),
    post("/article/{number:int}/compare", compare_file, repeatable=True),
]
