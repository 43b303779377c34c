"""What a person decides on a page: the same as `presseschau review` writes, kept in the archive, and taken back."""

from __future__ import annotations

import json
from threading import Lock

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from presseschau.archives import forget, remember
from presseschau.checks import grounded
from presseschau.desk.article import ArticleView, Decidable, number_of, read, values
from presseschau.desk.page import by_of, desk_of, render, wants_part
from presseschau.desk.security import Visitor, post
from presseschau.models import Article, Claim, Evidence, Sentence
from presseschau.output.inert import one_line
from presseschau.pipeline.claims import checked
from presseschau.pipeline.decisions import Corrections, Decision
from presseschau.reviews import decide_again

_ONE_AT_A_TIME = Lock()
"""A decision is made on what stands."""
_LONGEST = 10_000
"""Characters of what a person writes in a field."""


def decide(request: Request, form: FormData) -> Response:
    """`do` with the sentence or claim `item`: accept or edit (the text in the field, as a claim is corrected in its
    own), reject, undo, offer1 and so on. Undo without an item takes the last decision on the article back."""
    archive, visitor = desk_of(request).archive, request.scope["visitor"]
    with _ONE_AT_A_TIME:
        does, name = str(form.get("do", "")), str(form.get("item", ""))
        before = read(archive, number_of(request), offers=does.startswith("offer"))
        about = before.find(name) if name else _last(visitor, before)
        if name and str(form.get("seen", "")) != about.seen:
            told = about.told(desk_of(request).american) or "taken back"
            raise HTTPException(409, f"This was decided meanwhile: {told}. Load the page again to see it.")
        if does == "undo":
            _take_back(request, visitor, about)
        else:
            decision = _decision(about, does, form, by_of(request))
            replaced = next((one for one in before.decisions.decisions if _known(one) == _known(decision)), None)
            remember(archive, [decision])
            visitor.made.append((before.number, replaced, decision))
        view = read(archive, before.number, offers=does == "undo")  # else what has changed is decided
    return _answer(request, before, view, about)


def load() -> None:
    """What checks claims is loaded, which the first decision on one would wait for (half a second)."""
    text = "Die Polizei teilte am 3. Mai mit, dass 14 Menschen verletzt wurden."
    sentence = Sentence(n=1, role="body", text=text, start=0, end=len(text), paragraph=1)
    article = Article(id="", source="", text=text, text_sha256="", sentences=(sentence,))
    claim = Claim(id="c1", text="The police say 14 were hurt.", sentences=(1,), evidence=(Evidence.of(sentence),))
    checked(article, grounded(claim, article))


def _decision(about: Decidable, does: str, form: FormData, by: str | None) -> Decision:
    """What the form says. Raises HTTPException for what cannot be."""
    if does == "reject":
        return decide_again(about.item, about.now, None, by=by)
    if does.startswith("offer"):
        offers = {f"offer{at}": one.english for at, one in enumerate(about.offers, 1)}
        if does not in offers:
            raise HTTPException(409, "This is not offered any more. Load the page again.")
        return decide_again(about.item, about.now, offers[does], by=by)
    if does not in ("accept", "edit"):
        raise HTTPException(422, "The form does not say what to do.")
    text = _said(form, "text", about.stands)
    if not text:
        raise HTTPException(422, "There is no English in the field. Write some, or reject the sentence.")
    try:
        return decide_again(about.item, about.now, text, corrections=_corrections(about, form), by=by)
    except ValueError as error:
        raise HTTPException(422, str(error)) from None


def _said(form: FormData, name: str, before: str = "") -> str:
    """What is in a field, on one line, without what cannot be seen. Raises HTTPException if it is no sentence."""
    text = one_line(str(form.get(name, before)))
    if len(text) > _LONGEST:
        raise HTTPException(422, f"The text has {len(text):,} characters; a sentence has {_LONGEST:,} at the most.")
    return text


def _corrections(about: Decidable, form: FormData) -> Corrections:
    """What the fields of a claim say otherwise than it stands; "" or "-" is the article itself, or no time."""
    claim = about.now
    if not isinstance(claim, Claim) or "stance" not in form:
        return {}
    said = {name: _said(form, name) for name in ("speaker", "stance", "when")}
    stood = {"speaker": claim.speaker or "", "stance": claim.stance, "when": (claim.when and claim.when.date) or ""}
    return {name: None if text in ("", "-") else text for name, text in said.items() if text != stood[name]}  # type: ignore[return-value]  # checked where it is used


def _last(visitor: Visitor, view: ArticleView) -> Decidable:
    """What was decided last here on this article. Raises HTTPException."""
    for number, _, decision in reversed(visitor.made):
        if number == view.number:
            found = (one for one in (*view.sentences.values(), *view.claims) if one.last == decision)
            if (last := next(found, None)) is not None:
                return last
    raise HTTPException(409, "Nothing was decided here since you came. Choose a sentence, and press u on it.")


def _take_back(request: Request, visitor: Visitor, about: Decidable) -> None:
    """What stood before the last decision; nothing, where that was not made in this browser."""
    if about.last is None:
        raise HTTPException(409, "Nobody has decided this: there is nothing to take back.")
    archive = desk_of(request).archive
    mine = next((made for made in reversed(visitor.made) if made[2] == about.last), None)
    if mine is not None:
        visitor.made.remove(mine)
    if mine is not None and mine[1] is not None:
        remember(archive, [mine[1]])
    else:
        forget(archive, [about.last])


def _known(decision: Decision) -> tuple[str, str, str]:
    return decision.kind, decision.german, decision.was


def _answer(request: Request, before: ArticleView, view: ArticleView, about: Decidable) -> Response:
    """The page at this place; for htmx what of it has changed."""
    if not wants_part(request):
        return RedirectResponse(f"/article/{view.number}#{about.name}", 303)
    if [one.name for one in before.claims] != [one.name for one in view.claims]:
        return Response(headers={"hx-refresh": "true"})  # claims of two runs stood for each other
    changed = {one.name for one in view.like(about)}
    response = render(request, "decided.html.j2", changed=changed, **values(request, view))
    response.headers["hx-trigger-after-settle"] = json.dumps({"decided": {"item": about.name}})
    return response


routes = [post("/article/{number:int}/decide", decide)]
