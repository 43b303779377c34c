"""Words and figures put together into amounts: "zwei Komma fünf Millionen", "1,5 Mrd.", "half a dozen", "2½"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from presseschau.facts.fact import Lang
from presseschau.facts.numbers.numerals import NUMERAL, VULGAR, numeral_value
from presseschau.facts.numbers.value import Amount
from presseschau.facts.numbers.words import NumberWord, Token, english_word, german_word
from presseschau.lang import SOURCE, regex
from presseschau.patterns import compiled, late


@dataclass(slots=True)
class AmountSpan:
    """One amount. `values` are its readings; `sort` is count (must be kept; counted: within a word such as zweitägig),
    unit_of (a mile), bare (tausend), rank (zweitgrößte), vague, decade, or what need not be kept: ordinal, times, hint.

    `scale` is what the figure was multiplied with (million), 1 if nothing.
    """

    values: tuple[Amount, ...]
    sort: str
    start: int
    end: int
    scale: int = 1


_JOIN = late(r"[ \u00a0\u202f\u2009-]?")
_NOUN_FOLLOWS = late(r" [A-ZÄÖÜ]")
_CAPITAL_FOLLOWS = late(r"[ -][A-Z]")
_SENTENCE_START = late(r"(?:^|[.!?:;…\n(„“\"»«–—-])\s*$")


_FIGURE = late(rf"[\d{''.join(VULGAR)}]")


@lru_cache(maxsize=4)
def _lexicon(lang: Lang, figures: bool) -> tuple[re.Pattern[str], Callable[[str], NumberWord | None]]:
    """What finds the words of a text, and its figures if it has any; and what says which number a word is."""
    pattern = r"(?P<word>[A-Za-zÄÖÜäöüß]+)"
    if figures:
        pattern += rf"|(?P<figure>{NUMERAL[lang]})|(?P<vulgar>[{''.join(VULGAR)}])"
    return compiled(pattern), german_word if lang == "de" else english_word


def tokens(text: str, lang: Lang, taken: list[tuple[int, int]]) -> list[Token]:
    """Everything number-like outside the spans `taken`, in text order."""
    pattern, look_up = _lexicon(lang, _FIGURE.search(text) is not None)
    found: list[Token] = []
    role: str
    covered = sorted(taken)
    at, reach = 0, 0  # covered[:at] begin before the token; the farthest of them ends at `reach`
    for match in pattern.finditer(text):
        word = None
        if match.lastgroup == "word" and (word := look_up(match[0])) is None:
            continue  # nearly all
        start, end = match.span()
        while at < len(covered) and covered[at][0] < end:
            reach = max(reach, covered[at][1])
            at += 1
        if start < reach:
            continue
        if word is not None:
            role, values = word
            if role == "cardinal" and text[start].isupper() and _is_name(text, start, end, lang):
                role = "hint"
        elif match["vulgar"]:
            role, values = "figure", (VULGAR[match["vulgar"]],)
        else:
            role, values = "figure", (numeral_value(match["figure"], lang),)
        found.append(Token(role, values, start, end))
    return found


def _is_name(text: str, start: int, end: int, lang: Lang) -> bool:
    """A number word with a capital inside a sentence is a noun (die Elf) or part of a name (Four Corners)."""
    joined = text[start - 1 : start] == "-" and text[start - 2 : start - 1].isalnum()  # DFB-Elf
    if not joined and _SENTENCE_START.search(text, max(0, start - 3), start):
        return False
    return joined or lang == "de" or _CAPITAL_FOLLOWS.match(text, end) is not None


def _settled(span: AmountSpan) -> AmountSpan:
    """Half a million is a count, a bare half only a hint."""
    span.sort = "hint" if span.scale == 1 else "count"
    return span


class _Assembler:
    """Walks over the tokens of one text and builds its amounts."""

    def __init__(self, text: str, lang: Lang, found: list[Token]) -> None:
        self.text, self.lang, self.tokens = text, lang, found
        self.at = 0

    def joined(self, end: int, role: str) -> Token | None:
        """The next token if it has this role and stands right behind `end`."""
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.role == role and _JOIN.fullmatch(self.text, end, token.start):
                return token
        return None

    def run(self) -> list[AmountSpan]:
        spans: list[AmountSpan] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            span = self.span(token)
            if span is not None:
                spans.append(span)
        return spans

    def span(self, token: Token) -> AmountSpan | None:
        if token.role in {"figure", "cardinal"}:
            return self.count(token)
        if token.role == "counted":
            return AmountSpan(token.values, "counted", token.start, token.end)
        if token.role == "short":
            return None
        if token.role == "article":
            return self.article(token)
        if token.role == "half":
            return self.half(token)
        if token.role in {"vague", "scale"}:
            return self.vague(token)
        if self.lang == "de" and token.role == "hint" and self.comma(token.end):  # null Komma drei, eins Komma zwei
            return self.count(token)
        if token.role == "part" and token.values[-1] > 2 and "quarter" not in self.text[token.start : token.end]:
            return AmountSpan(token.values, self.place(token), token.start, token.end)
        if token.role == "ordinal":
            return AmountSpan(token.values, self.place(token), token.start, token.end)
        sort = token.role if token.role in {"decade", "times", "rank"} else "hint"
        return AmountSpan(token.values, sort, token.start, token.end)

    def place(self, token: Token) -> str:
        """Is it a rank (second-largest) or an ordinal; of parts, a third."""
        if self.text[token.end - 1] == "s":
            return "hint"
        if (
            self.lang == "en"
            and token.values[-1] > 1
            and regex("en", "numbers", "superlative").match(self.text, token.end)
        ):
            return "rank"
        return "ordinal"

    def count(self, token: Token) -> AmountSpan:
        value, end = token.values[0], token.end
        if ordinal := self.compound_ordinal(token):
            return ordinal
        if token.role in {"cardinal", "hint"}:
            value, end = self.cardinals(value, end)
        value, end = self.mixed(*self.halves(value, end))
        if self.lang == "en" and (match := regex("en", "numbers", "hundredth").match(self.text, end)):
            self.skip_until(match.end())
            return AmountSpan((value * Fraction(1, 100),), "count", token.start, match.end())
        if part := self.joined(end, "part"):
            self.at += 1
            span_of_time = value >= 4 and self.text[part.start : part.end].lower() == "quarters"  # five quarters
            if not span_of_time or regex("en", "numbers", "part_of").match(self.text, part.end):
                return AmountSpan((value * part.values[0],), "count", token.start, part.end)
        return self.scaled(value, token.start, end, "count")

    def compound_ordinal(self, token: Token) -> AmountSpan | None:
        """seventy-fifth"""
        if token.role != "cardinal" or token.values[0] not in range(20, 100, 10) or self.at >= len(self.tokens):
            return None
        unit = self.tokens[self.at]
        hyphen = self.text[token.end : unit.start] == "-"
        if not hyphen or unit.role not in {"ordinal", "part"} or not 0 < unit.values[-1] < 10:
            return None
        self.at += 1
        return AmountSpan((token.values[0] + unit.values[-1],), "ordinal", token.start, unit.end)

    def cardinals(self, value: Amount, end: int) -> tuple[Amount, int]:
        """twenty-five, two hundred and fifty, zwei Komma drei."""
        if self.comma(end):
            return self.spoken_decimals(value, end)
        if self.lang == "de":
            return value, end
        if (value in range(20, 100, 10)) and (unit := self.unit(end)):
            self.at += 1
            value, end = value + unit.values[0], unit.end
        if hundred := self.joined(end, "hundred"):
            self.at += 1
            value, end = self.after_hundred(value * 100, hundred.end)
        return value, end

    def unit(self, end: int) -> Token | None:
        """The -two of forty-two, the -one of fifty-one."""
        one = self.joined(end, "article") if self.text[end : end + 4].lower() == "-one" else None
        token = self.joined(end, "cardinal") or one
        return token if token and token.values[0] < 10 else None

    def after_hundred(self, value: Amount, end: int) -> tuple[Amount, int]:
        if self.at < len(self.tokens):
            rest = self.tokens[self.at]
            gap = self.text[end : rest.start]
            one = rest.role == "article" and self.text[end : rest.end].lower() == " and one"
            if one or (rest.role == "cardinal" and rest.values[0] < 100 and gap in {" ", " and ", "-and-", "-"}):
                self.at += 1
                low, end = self.cardinals(rest.values[0], rest.end)
                value += low
        return value, end

    def comma(self, end: int) -> bool:
        """Does a spoken decimal follow?"""
        following = self.tokens[self.at] if self.at < len(self.tokens) else None
        return (
            following is not None
            and following.role in {"cardinal", "hint"}
            and following.values[0] < 100
            and regex(self.lang, "numbers", "comma").fullmatch(self.text, end, following.start) is not None
        )

    def spoken_decimals(self, value: Amount, end: int) -> tuple[Amount, int]:
        """Zwei Komma drei, null Komma null fünf, six point two five, zwei Komma vierundzwanzig."""
        place, gap = Fraction(1), None
        while self.at < len(self.tokens):
            digit = self.tokens[self.at]
            if digit.role not in {"cardinal", "hint"} or digit.values[0] > 99:
                break
            if gap is not None and (self.text[end : digit.start] != " " or digit.values[0] > 9):
                break
            place /= 100 if digit.values[0] > 9 else 10
            value += digit.values[0] * place
            end, gap = digit.end, " "
            self.at += 1
        return value, end

    def mixed(self, value: Amount, end: int) -> tuple[Amount, int]:
        """Zwei und drei Viertel, two and three-quarters."""
        if self.at + 1 < len(self.tokens):
            count, part = self.tokens[self.at : self.at + 2]
            und = regex(self.lang, "numbers", "and").fullmatch(self.text, end, count.start)
            if (
                und
                and count.role == "cardinal"
                and part.role == "part"
                and _JOIN.fullmatch(self.text, count.end, part.start)
            ):
                self.at += 2
                return value + count.values[0] * part.values[0], part.end
        return value, end

    def cents(self, value: Amount, end: int) -> tuple[Amount, int]:
        """Drei Euro fünfzig."""
        coins = self.tokens[self.at] if self.at < len(self.tokens) else None
        if (
            self.lang == "de" and coins and coins.role == "cardinal" and 9 < coins.values[0] < 100
            and regex(SOURCE, "numbers", "money").fullmatch(self.text, end, coins.start)
            and not _NOUN_FOLLOWS.match(self.text, coins.end)
        ):  # fmt: skip
            self.at += 1
            return value + Fraction(coins.values[0], 100), coins.end
        return value, end

    def halves(self, value: Amount, end: int) -> tuple[Amount, int]:
        match = regex(self.lang, "numbers", "and_a_half").match(self.text, end)
        if not match:
            return value, end
        if (over := match.groupdict().get("upper")) and value == int(value):
            part = Fraction(int(over), int(match["lower"]))
        else:
            part = VULGAR[match["half"]] if match["half"] else Fraction(1, 2 if match["word"] == "half" else 4)
        end = match.end()
        while self.at < len(self.tokens) and self.tokens[self.at].start < end:
            self.at += 1
        return value + part, end

    def scaled(self, value: Amount, start: int, end: int, sort: str) -> AmountSpan:
        scale = 1
        while token := self.joined(end, "scale") or self.joined(end, "hundred") or self.joined(end, "short"):
            self.at += 1
            scale, end = scale * int(token.values[0]), token.end
        value *= scale
        if scale >= 1000 and (rest := self.joined(end, "cardinal")) and self.text[start].isalpha():
            at = self.at
            self.at += 1
            low, low_end = self.cardinals(rest.values[0], rest.end)
            more = self.scaled(low, rest.start, low_end, sort)
            if 100 <= more.values[0] < scale:
                value, end = value + more.values[0], more.end
            else:
                self.at = at
        value, end = self.cents(value, end)
        return AmountSpan((value,), sort, start, end, scale)

    def article(self, token: Token) -> AmountSpan | None:
        """a million, eine halbe Million, one and a half, one hundred and five, a year and a half, a third."""
        value, end = self.halves(1, token.end)
        if (
            self.lang == "en"
            and value == 1
            and (match := regex("en", "numbers", "unit_and_a_half").match(self.text, end))
        ):
            value, end = Fraction(3, 2), token.end
            self.skip_until(match.end())
        if value != 1:
            return self.scaled(value, token.start, end, "count")
        if half := self.joined(end, "half"):
            self.at += 1
            return _settled(self.scaled(half.values[0], token.start, half.end, "hint"))
        if hundred := self.joined(end, "hundred"):
            self.at += 1
            value, end = self.after_hundred(100, hundred.end)
            span = self.scaled(value, token.start, end, "count")
            return span if span.values[0] != 100 else AmountSpan((100,), "hint", token.start, span.end)
        if part := self.part_of(token.start, end):
            self.at += 1
            return AmountSpan(part.values[:1], "count", token.start, part.end)
        if self.joined(end, "scale"):
            span = self.scaled(1, token.start, end, "count")
            bare = span.values[0] in {100, 1000}
            return AmountSpan(span.values, "hint" if bare else "count", span.start, span.end, span.scale)
        sort = "hint" if self.text[token.start : token.end].lower() == "one" else "unit_of"
        return AmountSpan((1,), sort, token.start, token.end)

    def part_of(self, start: int, end: int) -> Token | None:
        """ein Drittel, a third of, almost a third in: but not a third person, nor ein Viertel of a town."""
        part = self.joined(end, "part")
        if part is None or regex(self.lang, "numbers", "part_of").match(self.text, part.end):
            return part
        if self.lang == "de":
            return None if part.values[0] == Fraction(1, 4) else part
        about = regex("en", "numbers", "by_about").search(self.text, max(0, start - 12), start)
        return part if about and regex("en", "numbers", "part_ends").match(self.text, part.end) else None

    def skip_until(self, end: int) -> None:
        while self.at < len(self.tokens) and self.tokens[self.at].start < end:
            self.at += 1

    def half(self, token: Token) -> AmountSpan:
        """half a million, halbe Million; a bare half is a hint."""
        end = token.end
        if article := self.joined(end, "article"):
            self.at += 1
            end = article.end
        return _settled(self.scaled(token.values[0], token.start, end, "hint"))

    def vague(self, token: Token) -> AmountSpan | None:
        """Tausende, hundreds of millions, Milliarden."""
        size, end = int(token.values[0]), token.end
        while self.at < len(self.tokens):
            following = self.tokens[self.at]
            gap = self.text[end : following.start]
            if following.role not in {"vague", "scale"} or gap not in {" ", " of ", " von ", "-"}:
                break
            self.at += 1
            size, end = size * int(following.values[0]), following.end
        sort = "bare" if token.role == "scale" and size in {100, 1000} else "vague"
        return AmountSpan((size,), sort, token.start, end) if size > 10 else None


def amounts(text: str, lang: Lang, taken: list[tuple[int, int]]) -> list[AmountSpan]:
    """The amounts of `text` in order, outside the spans `taken`."""
    return _Assembler(text, lang, tokens(text, lang, taken)).run()
