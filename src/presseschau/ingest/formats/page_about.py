"""What a page says about its article: who wrote it, when, for whom, and whether it goes on elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from presseschau.facts.names.kept_words import is_listed_noun
from presseschau.facts.names.name_words import first_names
from presseschau.ingest.dates import moment, read_line
from presseschau.ingest.formats.outline import PageLine, bare, marks, text_of, words_of
from presseschau.ingest.layout.blocks import ends_sentence
from presseschau.ingest.layout.credits import agency_in, bare_names, read_byline
from presseschau.ingest.layout.furniture import is_boilerplate, stop_heading
from presseschau.lang import SOURCE, listed, regex

_NAMES = {
    "headline": ("og:title", "twitter:title", "headline", "dc.title", "fulltitle"),
    "published": (
        "article:published_time", "article:published", "og:published_time", "datepublished",
        "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "date",
        "pubdate", "publishdate", "publish-date", "publish_date", "published", "publication_date", "published-date",
        "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
        "last-modified-first", "release_date", "date.release", "dcsext.articlefirstpublished", "creation_date",
    ),
    "updated": ("article:modified_time", "og:updated_time", "last-modified", "datemodified", "dcterms.modified",
                "dc.date.modified", "revised"),
    "author": ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author",
               "cxenseparse:author"),
    "outlet": ("og:site_name", "application-name", "publisher", "dc.publisher"),
    "url": ("og:url",),
    "description": ("description", "og:description", "twitter:description", "dc.description"),
}  # fmt: skip
"""Field -> names of meta elements that give it; the first that the page uses wins."""
_LONGEST, _LONGEST_DATED, _LONGEST_NAMED = 1000, 140, 200
_PAGER, _PAGED = 12, 120  # lines behind the end among which a pager stands, characters of its longest
_ABOVE, _BELOW = 8, 6  # lines around headline and end in which name and date stand
_DATE_WORDS = frozenset(("date", "datum", "published", "datetime", "pubdate", "timestamp", "created"))
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_-])")
_PARTS = re.compile(r"\s*[,;&|·•/]\s*|\s+und\s+|\s+sowie\s+|\s+and\s+")
_TITLES = re.compile(r"^(?:(?:Prof|Dr|Mag|Dipl|Ing|med|phil|jur|habil)\.\s?(?:-Ing\.\s?)?)+")
_MAIL = re.compile(r"\S+@\S+")
_MOST_NAMES = 5
_WORDS_DATED = 8


def read_meta(tree: Any) -> dict[str, list[str]]:
    """What meta elements say of each field, the likeliest first."""
    said: dict[str, list[str]] = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop") or node.get("http-equiv") or ""
        content = " ".join((node.get("content") or "").split())
        if name and content:
            said.setdefault(name.lower(), []).append(content[:_LONGEST])
    return {key: [value for name in names for value in said.get(name, ())] for key, names in _NAMES.items()}


def address_of(tree: Any, meta: Mapping[str, list[str]]) -> str:
    """The article's own address: what the page names as canonical, else og:url; empty if it names none."""
    links = (node.get("href") or "" for node in tree.iter("link") if (node.get("rel") or "").lower() == "canonical")
    return next((link for link in [*meta["url"], *links] if link.startswith("http")), "")


def people(text: str, others: Iterable[str] = ()) -> list[str]:
    """The persons named in `text`, in order; no publisher, desk, company, address, theme or town. `others` are names
    of outlets, which are not persons either."""
    text = " ".join(re.sub(rf"{_MAIL.pattern}|\([^()]*\)", " ", text[:_LONGEST_NAMED]).split()).strip(" ,|·•–-")
    label = regex(SOURCE, "pages", "written_by").match(text)
    text = text[label.end() :] if label else text
    if text.isupper():
        text = text.title()
    found = []
    for part in _PARTS.split(read_byline(text) or text):
        name = part.strip(" .,:|–-")
        if is_person(name, others):
            found.append(name)
    return list(dict.fromkeys(found))[:_MOST_NAMES]


def is_person(name: str, others: Iterable[str] = ()) -> bool:
    """Is it the name of a person: a first name and a surname, no word of an office or a firm among them?"""
    if bare_names(name) is None or regex(SOURCE, "pages", "no_person").search(name) or agency_in(name):
        return False
    if any(bare(name) in bare(other) for other in others):
        return False
    first = _TITLES.sub("", name).split()[0]
    if first.isupper() and len(first) > 1 and not name.isupper() and not first.endswith("."):
        return False  # a station or a desk
    if first in first_names() or first.split("-")[0] in first_names():
        return True
    word = first.lower()
    return word not in listed(SOURCE, "words") and not is_listed_noun(word)


def find_author(
    tree: Any,
    lines: Sequence[PageLine],
    span: tuple[int, int],
    said: Iterable[Iterable[str]],
    others: Sequence[str],
    last: Sequence[str],
) -> str:
    """Who wrote it: persons that the page names in its data (`said`), in elements made for it, or in a printed byline;
    else a short sign; empty if no person is named. `span`: numbers of the lines of headline and end;
    `last`: the last paragraphs."""
    near = _near(lines, span)
    short = [line for line in near if len(line.text) <= _LONGEST_DATED and line.around != "caption"]
    groups: tuple[Iterable[str], ...] = (
        *said,
        (line.text for line in short if read_byline(_undated(line.text))),
        (line.text for line in short if _is_author(line)),
        map(text_of, _author_links(tree, short)),
        (match["name"] for line in short if (match := _named(line))),
        (line.text for line in short if _MAIL.search(line.text)),
    )
    for group in groups:
        found = [name for text in group for name in people(_undated(text), others)]
        if found:
            return ", ".join(list(dict.fromkeys(found))[:_MOST_NAMES])
    return next(_signs(near, [*last, *(line.text for line in lines[span[1] : span[1] + 3])]), "")


def _near(lines: Sequence[PageLine], span: tuple[int, int]) -> list[PageLine]:
    first, body, end = span[0], min(span[1], span[0] + 3 * _ABOVE), span[1]
    numbers = [*range(max(0, first - _ABOVE), body), *range(max(0, end - 1), min(len(lines), end + 1 + _BELOW))]
    return [lines[n] for n in dict.fromkeys(numbers)]


def _is_author(line: PageLine) -> bool:
    node = line.node
    for _ in range(3):
        if node is None or len(line.text) > _LONGEST_DATED:
            return False
        if words_of(node) & marks("author"):
            return True
        node = node.getparent()
    return False


def _author_links(tree: Any, near: list[PageLine]) -> Iterator[Any]:
    """Links of kind author: in the lines about headline and end, else the only one of the page."""
    nodes = dict.fromkeys(line.node for line in near)
    own = [link for node in nodes for link in (*node.iter("a"), *node.iterancestors("a")) if _leads_to_author(link)]
    links = tree.xpath("//a[contains(@rel, 'author')]") if not own else []
    yield from own or (links if len({text_of(link) for link in links}) == 1 else [])


def _named(line: PageLine) -> re.Match[str] | None:
    """The name in a line that tells who wrote it beside other things ("Gepostet von Eva Muster am 3. Mai in Kiel")."""
    if len(line.text) > _LONGEST_DATED or line.text.endswith((".", "!", "?")) or line.around == "caption":
        return None
    return regex(SOURCE, "pages", "named_inside").search(line.text)


def _leads_to_author(node: Any) -> bool:
    address = regex(SOURCE, "pages", "author_address")
    return "author" in (node.get("rel") or "").split() or address.search(node.get("href") or "") is not None


def _undated(text: str) -> str:
    stamps, rest = read_line(text)
    return rest if stamps else text


def _signs(near: list[PageLine], last: Sequence[str]) -> Iterator[str]:
    """Short signs: alone in an element for the author, or behind the last sentences."""
    for line in near:
        bare = line.text.strip("()[]/ ")
        if _is_author(line) and re.fullmatch(r"[a-zäöü]{2,4}", bare) and _is_sign(bare):
            yield bare
    for text in reversed(last):
        match = regex(SOURCE, "pages", "sign").search(text[-12:])
        sign = (match["sign"] or match["first"]) if match else ""
        if sign and _is_sign(sign):
            yield sign


def _is_sign(sign: str) -> bool:
    return agency_in(f"({sign})") is None and sign != "red"


def is_life(text: str, author: str) -> bool:
    """Does the paragraph introduce one of the authors ("Eva Muster ist Redakteurin ...")?"""
    name = next((name for name in author.split(", ") if " " in name and text.startswith(name)), "")
    return bool(name) and regex(SOURCE, "pages", "life").match(text[len(name) :]) is not None


def find_dates(
    tree: Any, lines: Sequence[PageLine], span: tuple[int, int], said: Mapping[str, Sequence[str]], address: str
) -> dict[str, str]:
    """`published` and `updated` as ISO 8601: from the page's data, from elements for dates, as printed near headline
    or end; the day in its address where there is nothing else, named `published_from`."""
    near = _near(lines, span)
    updated = next(filter(None, map(moment, said["updated"])), "")
    found = [value for value in map(moment, said["published"]) if value]
    found += filter(None, map(moment, _timed(tree, near)))
    if not found:
        dated = [line.text for line in _from_headline(near, lines, span) if _can_date(line.text)]
        stamps = [stamp for text in dated for stamp in read_line(text)[0]]
        found = [iso for stamp in stamps if not stamp.updated and (iso := stamp.iso())]
        updated = updated or next((iso for stamp in stamps if stamp.updated and (iso := stamp.iso())), "")
    if found:
        day = found[0][:10]
        published = next((value for value in found if value[:10] == day and "T" in value), found[0])
        return {"published": published, "updated": updated}
    if updated:
        return {"updated": updated}
    match = _IN_ADDRESS.search(address)
    day = moment("-".join(match.groups())) if match else ""
    return {"published": day, "published_from": "address"} if day else {}


def _from_headline(near: list[PageLine], lines: Sequence[PageLine], span: tuple[int, int]) -> list[PageLine]:
    """The lines from the headline on, then those above it from below: the day of today stands at the page's top."""
    above = [line for line in lines[max(0, span[0] - _ABOVE) : span[0]] if line in near]
    return [line for line in near if line not in above] + above[::-1]


def _can_date(text: str) -> bool:
    """Is it a line about the article, not one of its sentences nor of the page's furniture?"""
    is_sentence = ends_sentence(text) and len(text.split()) > _WORDS_DATED
    return len(text) <= _LONGEST_DATED and not is_sentence and not is_boilerplate(text)


def _timed(tree: Any, near: list[PageLine]) -> Iterator[str]:
    """Values of elements that hold the date: itemprop datePublished, then those for dates near headline or end."""
    for node in tree.xpath("//*[@itemprop]"):
        if "datepublished" in node.get("itemprop").lower():
            yield node.get("content") or node.get("datetime") or text_of(node)
    nodes = list(dict.fromkeys(line.node for line in near if len(line.text) <= _LONGEST_DATED))
    for line_node in nodes:
        for node in line_node.iter("time"):
            if not words_of(node) & {"modified", "updated", "aktualisiert"}:
                yield node.get("datetime") or text_of(node)
    for node in nodes:
        for part in node.iter():
            if isinstance(part.tag, str) and words_of(part) & _DATE_WORDS:
                values = (part.get(name) or "" for name in part.attrib if "date" in name or "time" in name)
                yield from (value for value in values if value)


def find_missing(tree: Any, lines: Sequence[PageLine], span: tuple[int, int], headline: str, address: str) -> str:
    """What of the article is on other pages and where, as a sentence; empty if nothing says so. Pagers count from
    the headline to the next list of other articles."""
    known = regex(SOURCE, "pages", "later_page").search(headline)
    number = int(known["first"] or known["last"]) if known else 1
    count = 0
    follow = whole = back = ""
    for node in tree.iter("link"):
        rel, href = (node.get("rel") or "").lower(), node.get("href") or ""
        if rel in ("next", "prev") and _is_part(href, address):
            follow, back = (follow or href, back) if rel == "next" else (follow, back or href)
    end = next((n for n in range(span[1] + 1, len(lines)) if stop_heading(lines[n].text)), len(lines))
    near = [line for line in lines[max(0, span[0] - _ABOVE) : min(end, span[1] + _PAGER)] if len(line.text) < _PAGED]
    for line in near:
        if (match := regex(SOURCE, "pages", "of_pages").fullmatch(line.text)) and not _is_talk(line.node):
            number, count = int(match["n"]), int(match["all"])
    for node in dict.fromkeys(link for holder in dict.fromkeys(line.node for line in near) for link in _links(holder)):
        text, href = " ".join("".join(node.itertext()).split()).strip(" »›>→"), node.get("href") or ""
        counts_on = text == str(number + 1) and _is_part(href, address) and not _is_talk(node)
        if regex(SOURCE, "pages", "all_on_one").fullmatch(text):
            whole = whole or href
        elif not follow and (counts_on or regex(SOURCE, "pages", "next_page").fullmatch(text)):
            follow = href
    if not (follow or whole or count > 1 or known) or (count == 1 and not follow):
        return ""
    here = f"This is page {number} of {count}" if count > 1 else f"This is page {number} of several"
    places = [f"the next is {follow}"] * bool(follow) + [f"the one before is {back}"] * bool(back)
    places += [f"all of it is {whole}"] * bool(whole)
    return f"{'; '.join([here, *places])}."


def _links(node: Any) -> Iterator[Any]:
    """The links in an element, and the one it stands in."""
    yield from node.iter("a")
    yield from node.iterancestors("a")


def _is_part(href: str, address: str) -> bool:
    """Is it the address of another part of this article, not of another article?"""
    if regex(SOURCE, "pages", "page_address").search(href):
        return True
    stem = re.sub(r"(?:\.\w{3,5}|/)?(?:[?#].*)?$", "", address)
    return bool(stem) and re.fullmatch(rf"{re.escape(stem)}[/,_-]?\d{{1,2}}(?:\.\w{{3,5}}|/)?", href) is not None


def _is_talk(node: Any) -> bool:
    """Does the pager belong to comments or pictures?"""
    talk = {"comment", "comments", "kommentare", "gallery", "bildergalerie", "slideshow"}
    return any(words_of(up) & talk for up in (node, *node.iterancestors()))
