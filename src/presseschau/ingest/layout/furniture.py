"""What of a page is no article: advertising and navigation, other articles, and what stands behind the last credit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from presseschau.ingest.layout.blocks import BULLETS, Part, ends_sentence, is_prose
from presseschau.ingest.layout.credits import bare_names, is_signature, outlet_in, trailing_credit
from presseschau.ingest.layout.dates import read_line
from presseschau.ingest.metadata import Imprint
from presseschau.ingest.sentences import split
from presseschau.lang import listed

_EDGES: Final = ' \t.:;!?…»«›‹>→↓|*+-–—•#[](){}/\\"„“'

_STARTS: Final = re.compile(
    r"(?:"
    r"An dieser Stelle (?:finden Sie|findest du|befindet sich|steht|wird)[^.]{0,60}(?:extern|Inhalt|Video"
    r"|Karte|Tweet|Post|Drittanbieter)"
    r"|(?:Hier|Dort) (?:finden Sie|findest [Dd]u|sehen Sie|können Sie)[^.]{0,40}(?:externen? Inhalt"
    r"|Inhalte? (?:von|aus))"
    r"|(?:Ich bin|Sie sind|Sie erklären sich) (?:damit )?einverstanden, dass"
    r"|(?:Damit|Dadurch|Hiermit) (?:können|werden) personenbezogene Daten"
    r"|(?:Mehr|Weitere Informationen) dazu (?:finden Sie )?in (?:unserer|der) Datenschutz"
    r"|Sie können den (?:Tweet|Beitrag|Post) nicht sehen|Zum Anzeigen (?:dieses|des) (?:Inhalts|Videos"
    r"|Posts)|Aus Datenschutzgründen"
    r"|(?:Wir benötigen|Dieser Inhalt benötigt|Mit Ihrer) (?:Ihre )?(?:Zustimmung|Einwilligung)"
    r"|(?:Um|Zum) [^.]{0,60}(?:sehen|anzeigen|darstellen) zu können, (?:benötigen|brauchen) wir"
    r"|Bitte (?:aktivieren Sie|aktiviere) (?:JavaScript|Javascript|Cookies)|(?:Ihr|Dein) Browser unterstützt"
    r"|(?:Jetzt |Hier )?(?:[Mm]elden Sie sich|[Mm]elde dich)[^.]{0,60}(?:[Nn]ewsletter|an\b)"
    r"|(?:Abonnieren Sie|Abonniere|Bestellen Sie|Erhalten Sie|Jetzt)[^.]{0,60}(?:[Nn]ewsletter"
    r"|Push-Nachricht|WhatsApp-Kanal|Podcast)"
    r"|[^.!?]{0,120}[Jj]etzt (?:kostenlos |gratis )?(?:anmelden|abonnieren|bestellen|registrieren)\s*[!.]?$"
    r"|[^.]{0,60}[Nn]ewsletter (?:abonnieren|bestellen|anmelden)|Unser(?:e[nm]?)? (?:[\w-]+ )?[Nn]ewsletter\b"
    r"|(?:Folgen|Besuchen) Sie uns|Folge uns|(?:Sie finden|Finden Sie|Du findest) uns (?:auch )?(?:auf|bei)"
    r"|(?:Diskutieren Sie|Diskutiere|Schreiben Sie uns|Was denken Sie"
    r"|Ihre Meinung ist)[^.]{0,80}(?:[Kk]ommentar|[Ff]orum|uns|gefragt)"
    r"|(?:Falls|Sollte|Wenn) (?:[Dd]iese|Ihre|[Dd]er|[Dd]ieser) (?:E-?Mail|Newsletter) nicht (?:richtig|korrekt)"
    r"|(?:(?:Hat|Gefällt) (?:Ihnen|dir)|(?:Ihnen|[Dd]ir) gefällt) (?:der|dieser) (?:Artikel|Beitrag|Newsletter)"
    r"|War (?:dieser|der) Artikel hilfreich"
    r"|(?:Laden Sie|Lade) [^.]{0,60}App\b"
    r"|Für (?:die Inhalte externer|den Inhalt)|Diese[rs]? (?:Artikel|Text|Beitrag|Audioversion) wurde"
    r" (?:maschinell|automatisch|künstlich|aus dem Archiv)"
    r"|(?:Bild|Foto) (?:vergrößern|in Lightbox)|Icon: |Icon vergrößern|(?:Video|Audio) (?:nicht verfügbar"
    r"|starten|wird geladen)"
    r"|Zum (?:Artikel|Thema|Dossier|Live-?[Tt]icker)\s*:|Artikel (?:anhören|vorlesen)"
    r"|Diesen Artikel (?:anhören|vorlesen)"
    r"|Der Artikel wird vorgelesen|(?:Die )?(?:Wiedergabe|Vorlesefunktion)|(?:\d+ )?Kommentare? (?:lesen"
    r"|schreiben|anzeigen)"
    r"|(?:©|\(c\)|Copyright).{0,80}Alle Rechte vorbehalten|Alle Rechte vorbehalten"
    r"|Nachdruck[^.]{0,40}(?:verboten|nur mit)"
    r"|Als Amazon-Partner|Die mit [^.]{0,40}gekennzeichneten Links|\*\s?(?:Affiliate|Anzeige|Werbe)"
    r"|(?:Startseite|Home)\s*[>»›/|]|Sie (?:sind|befinden sich) hier\s*:|Du bist hier\s*:"
    r"|(?:Schlagworte|Schlagwörter|Tags|Themen|Stichwörter|Mehr zu den Themen|Keywords)\s*:\s*\S"
    r"|Dieses Thema im Programm|Über dieses Thema berichtete|Original-Content von\s*:|Dieser Artikel ist zuerst "
    r"|Das Original zu diesem Beitrag|(?:Sie wollen|Du willst|Wollen Sie) (?:stets |immer )?auf dem Laufenden bleiben"
    r"|ISIN\s+[A-Z]{2}\w{10}"
    r"|(?:Bild |Foto )?\d{1,3}\s*(?:/|von)\s*\d{1,3}$"
    r"|(?:Lesezeit|Lesedauer)\s*:?\s*(?:ca\.\s*)?\d+"
    r"|[\w.+-]+@[\w.-]+\.\w{2,}$"
    r"|\d+ (?:Kommentare?|Min\.? Lesezeit|Postings?)$"
    r")",
)
_LONGEST: Final = 400


def is_boilerplate(line: str) -> bool:
    """Is the whole line furniture of the page? Longer text is never called so, nor a line that only mentions it."""
    if len(line) > _LONGEST:
        return False
    known = listed("de", "boilerplate")
    entries = (entry.strip(_EDGES).casefold() for entry in line.split(" | "))
    return all(entry in known for entry in entries) or _STARTS.match(line) is not None


_CLOSES: Final = frozenset({"credit", "note", "dropped"})
_FURNITURE: Final = frozenset({"boilerplate", "paywall", "stop heading", "teaser", "link", "later date"})
_RESULT: Final = re.compile(r"\d\s?[:.]\s?\d|(?:\d+\D+){2}\d")
_NAME_WORDS: Final = 3


def close(parts: Sequence[Part], imprint: Imprint) -> None:
    """Name the signature behind the last paragraph; drop headlines of other articles that follow the credit.

    Lines with results or figures stay: tables close many sports and market reports.
    """
    last = max((n for n, part in enumerate(parts) if part.is_open and _is_text(parts, n)), default=None)
    if last is None:
        return
    _name_author([part for part in parts[last + 1 :] if part.is_open], imprint)
    closed = False
    before: Part = parts[last]
    for part in parts[last + 1 :]:
        credited = closed and before.kind == "credit"
        if part.is_open and (is_signature(part.text) or (credited and _is_name(part.text))):
            _sign(part, imprint)
        elif part.is_open and closed and not _RESULT.search(part.text):
            part.drop("teaser")
        closed = closed or (part.kind in _CLOSES and (part.kind != "dropped" or part.reason in _FURNITURE))
        before = part


def _is_text(parts: Sequence[Part], n: int) -> bool:
    """Is it running text, or a short sentence that goes on behind a link?"""
    text = parts[n].text
    return is_prose(text) or (n > 0 and parts[n - 1].reason == "link" and ends_sentence(text) and " " in text)


def _name_author(lines: Sequence[Part], imprint: Imprint) -> None:
    """A single line behind the text that is a personal name signs it."""
    if len(lines) == 1 and imprint.author is None and bare_names(lines[0].text):
        lines[0].kind = "byline"
        imprint.author = lines[0].text


def _sign(part: Part, imprint: Imprint) -> None:
    part.kind = "credit"
    imprint.outlet = imprint.outlet or outlet_in(part.text)


def _is_name(line: str) -> bool:
    words = line.split()
    return len(words) <= _NAME_WORDS and all(word[0].isupper() for word in words) and outlet_in(line) is not None


_TRIM: Final = " \t.:;!?…»«›‹>→|*+-–—•#"
_AT_THE_END_START: Final = re.compile(
    r"(?:mehr|weitere (?:artikel|nachrichten|meldungen|themen|beiträge)|(?:neueste|aktuelle) (?:artikel"
    r"|nachrichten|meldungen))\s+(?:aus|von)\s+(?:de[mnr]\s+)?"
    r"(?:ressort|rubrik|redaktion|bereich|kategorie|region|politik|wirtschaft|sport|kultur|panorama|inland"
    r"|ausland|netz|welt|deutschland|stadt)[\w -]{0,30}$",
    re.IGNORECASE,
)
_MORE_ABOUT: Final = re.compile(r"Mehr (?:aus|zu|zum|zur|über|von) (?:\w+ )?[A-ZÄÖÜ][\w-]+(?: [\w-]+){0,2}:")
_LINK_LINE: Final = re.compile(
    r"(?:[»›>→•▶►*+-]+\s*)?(?:Lesen Sie (?:auch|hier|dazu|mehr|hierzu|jetzt|dazu auch)\s*(?::|\||»|–|-)"
    r"|Lesen Sie auch\b|Mehr (?:zum Thema|dazu|lesen)\s*(?::|\||»)|Auch interessant\s*(?::|\||»)|"
    r"Siehe auch\s*:|Passend dazu\s*:|Zum Thema\s*:|Lesetipp\s*:|Hintergrund\s*[:|]\s*(?=[^.]{1,110}$)"
    r"|Link-Tipp\s*:|Interaktiv\s*:|Video\s*[:|]\s*(?=[^.]{1,110}$)|Podcast\s*[:|]\s*(?=[^.]{1,110}$)|"
    r"Kommentar\s*[:|]\s*(?=[^.]{1,90}$)|Im Video\s*:|Liveticker\s*[:|])"
)
_READ_ON: Final = re.compile(
    r"(?:\(?\b(?:weiterlesen|weiter lesen|mehr lesen|jetzt lesen|zum artikel|artikel lesen|lesen sie mehr"
    r"|weiter zum artikel|zur meldung)\)?|\[(?:mehr|weiter)\]|[»›→]\s*mehr|\bmehr\s*[»›→>]{1,2})"
    r"\s*(?:\.{2,3}|…|[»›→>]+)?\s*$",
    re.IGNORECASE,
)
_READ_ON_WORDS: Final = ("lesen", "mehr", "weiter", "artikel", "meldung")
_DATED: Final = re.compile(r"\((?P<inside>(?:[^()]{2,40},\s*)?\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}[^()]{0,20})\)\s*$")
_OPENS_DATED: Final = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}(?:\s*[-–|,]\s*\d{1,2}[:.]\d{2})?(?:\s*Uhr)?\s*[-–|:]\s")
_RESUMED_LENGTH: Final = 200
_FULL_LENGTH: Final = 120
_BARE: Final = 40
"""A line of this length that reads on belongs to the paragraph above it."""
_TURNS: Final = 2

Heading = Literal["end", "inline", "notes"]


def stop_heading(line: str) -> Heading | None:
    """Does the line head other articles, as a rule at the end of a page ("end") or amid the text ("inline"), or what
    is not meant for readers ("notes")?"""
    if len(line) > 80:
        return None
    bare = line.strip(_TRIM).casefold()
    if bare in listed("de", "headings_end") or _AT_THE_END_START.fullmatch(bare) or _MORE_ABOUT.fullmatch(line):
        return "end"
    if bare in listed("de", "headings_notes"):
        return "notes"
    return "inline" if bare in listed("de", "headings_inline") else None


def is_link_line(line: str) -> bool:
    """A single line that points to another article: "Lesen Sie auch: ..."."""
    return len(line) <= 220 and _LINK_LINE.match(line) is not None


def reads_on(text: str) -> bool:
    """Does the paragraph end in "weiterlesen..." or its like?"""
    end = text[-60:].lower()
    return any(word in end for word in _READ_ON_WORDS) and _READ_ON.search(end) is not None


def own_date(text: str) -> str | None:
    """The date a teaser carries at its end "(Ausland, 29.01.2026 - 20:20)" or start, as ISO; None if it has none."""
    if ")" not in text[-140:] and not text[:1].isdigit():
        return None
    body = _READ_ON.sub("", text[-140:]).rstrip()
    match = _DATED.search(body) or _OPENS_DATED.match(text)
    if match is None:
        return None
    stamps, _ = read_line(match.group())
    return next((iso for stamp in stamps if (iso := stamp.iso())), None)


def is_teaser(text: str) -> bool:
    """Does the paragraph show by its end that it introduces another article?"""
    if reads_on(text):
        return True
    closing = _DATED.search(text[-140:])
    return closing is not None and "," in closing["inside"] and trailing_credit(text) is None


def is_full(text: str) -> bool:
    """Is it a paragraph of an article: long, of several sentences, and without a teaser's marks?"""
    return len(text) > _FULL_LENGTH and is_prose(text) and len(split(text)) > 1 and not any(marks([text]))


def marks(lines: Sequence[str]) -> list[bool]:
    """For each line whether it shows that it introduces another article: a date of its own, "weiterlesen" in it or
    alone on the next line."""
    bare = [len(line) <= _BARE and reads_on(line) for line in lines]
    return [
        before or is_teaser(line) or own_date(line) is not None
        for line, before in zip(lines, [*bare[1:], False], strict=False)
    ]


def resumes_at(lines: Sequence[str], credited: bool = False) -> int:
    """How many of the lines behind a stop heading are links and teasers; the article goes on behind them.

    `lines` reach to the next stop heading or the end. It goes on where running text follows the heading itself or a
    list set with bullets, where two running paragraphs follow each other, or a single long or full one (`is_full`);
    where titles and short paragraphs take turns, all of it is teasers. `credited`: an agency is named behind them, so
    that running text before it is the article's.
    """
    marked = marks(lines)
    prose = [is_prose(line) and not mark for line, mark in zip(lines, marked, strict=True)]
    full = next((n for n, line in enumerate(lines) if prose[n] and is_full(line)), len(lines))
    first = max((n + 1 for n in range(full) if marked[n]), default=0)
    runs: list[tuple[int, int]] = []
    for n in range(first, len(lines)):
        if prose[n] and (n == first or not prose[n - 1]):
            runs.append((n, n + 1))
        elif prose[n]:
            runs[-1] = (runs[-1][0], n + 1)
    if not runs:
        return len(lines)
    listed = all(line.startswith(BULLETS) for line in lines[: runs[0][0]])
    if credited or listed or any(end - start > 1 for start, end in runs):
        return runs[0][0]
    lengths = [len(lines[start]) for start, _ in runs]
    if len(runs) >= _TURNS and min(lengths) <= _FULL_LENGTH and max(lengths) < _RESUMED_LENGTH:
        return len(lines)
    return next((n for n, _ in runs if n == full or len(lines[n]) >= _RESUMED_LENGTH), len(lines))
