"""A reader of the HTML page that takes nothing on trust: well nested, known tags, known attributes, no address."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br"}
TAGS = frozenset(
    re.findall(
        "\\S+",
        "html head meta title style body a header nav main section p h1 h2 h3 h4 div span sup ul ol li dl dt dd "
        "details summary blockquote strong mark code time bdi script",
    )
)
ATTRIBUTES = frozenset(
    re.findall(
        "\\S+",
        "lang charset http-equiv content name class id href role rel aria-labelledby aria-label aria-hidden "
        "data-evidence type",
    )
)


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: list["Element"] = field(default_factory=list)
    parts: list["str | Element"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, tag: str | None = None, *, cls: str | None = None) -> list["Element"]:
        found = [self] if (tag in (None, self.tag)) and (cls is None or cls in self.classes) else []
        return found + [hit for child in self.children for hit in child.all(tag, cls=cls)]

    def one(self, tag: str | None = None, *, cls: str | None = None) -> "Element":
        (found,) = self.all(tag, cls=cls)
        return found


class StrictPage(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document", {})
        self.at = self.root
        self.ids: list[str] = []
        self.feed(text)
        self.close()
        assert self.at is self.root, f"<{self.at.tag}> is not closed"

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS, f"<{tag}>"
        names = [name for name, _ in attrs]
        assert set(names) <= ATTRIBUTES, f"<{tag} {names}>"
        assert len(names) == len(set(names))
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            self.ids.append(attributes["id"])
        element = Element(tag, attributes, self.at)
        self.at.children.append(element)
        self.at.parts.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag, attrs):
        raise AssertionError(f"<{tag}/>")

    def handle_endtag(self, tag):
        assert self.at.tag == tag, f"</{tag}> closes <{self.at.tag}>"
        self.at = self.at.parent

    def handle_data(self, data):
        self.at.parts.append(data)

    def handle_comment(self, data):
        raise AssertionError(f"<!--{data}-->")

    def unknown_decl(self, data):
        raise AssertionError(data)

    def handle_pi(self, data):
        raise AssertionError(data)
