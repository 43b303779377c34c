"""A small world for archive tests: articles without end, and a server that translates them without a fault.

Every sentence is one of a few patterns, so the server can translate each by rule, the checks find nothing to complain
of, and what is asked can be counted exactly. `German(i)` is unlike `German(j)`: no two share a run of five words.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from pathlib import Path

from fault_server import Reply, Seen, completion

_BUILT = {"Brücke": "bridge", "Schule": "school", "Halle": "hall", "Straße": "road", "Mühle": "mill"}
_WHO = {"Arbeiter": "workers", "Nachbarn": "neighbours", "Schüler": "pupils", "Bauern": "farmers"}
_DAYS = {"Montag": "Monday", "Dienstag": "Tuesday", "Mittwoch": "Wednesday", "Freitag": "Friday"}
_SENTENCE = re.compile(r"Am (\w+) bauten (\d+) (\w+) für (\d+) Euro eine neue (\w+)\.")
_NUMBERED = re.compile(r"^\[(\d+)\] (.*)$", re.M)
_WANTED = re.compile(r"sentences ([\d, -]+) into")


def german(number: int, sentences: int = 4) -> str:
    """An article of one headline and a few sentences; the number decides every word."""
    chance = random.Random(number)
    lines = [
        f"Am {chance.choice([*_DAYS])} bauten {chance.randint(2, 99)} {chance.choice([*_WHO])} "
        f"für {10 * number + line + 1_000} Euro eine neue {chance.choice([*_BUILT])}."
        for line in range(sentences)
    ]
    return f"Bericht {number} aus dem Dorf\n\n" + " ".join(lines) + "\n"


def english(german: str) -> str:
    found = _SENTENCE.fullmatch(german.strip())
    if found:
        day, count, who, money, what = found.groups()
        return f"On {_DAYS[day]}, {count} {_WHO[who]} built a new {_BUILT[what]} for {money} euros."
    number = re.search(r"Bericht (\d+)", german)
    return f"Report {number[1] if number else ''} from the village"


def asked_for(content: str) -> list[int]:
    numbers: list[int] = []
    found = _WANTED.search(content)
    for run in found[1].split(",") if found else ():
        first, _, last = run.strip().partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers


def numbered(content: str) -> dict[int, str]:
    """The German of a prompt by sentence number."""
    return {int(n): text for n, text in _NUMBERED.findall(content)}


def translated(seen: Seen) -> Reply:
    """The answer to a translate request."""
    content = seen.json["messages"][-1]["content"]
    sentences = numbered(content)
    rows = [{"n": n, "en": english(sentences[n])} for n in asked_for(content)]
    return completion(json.dumps({"sentences": rows}), prompt_tokens=len(content) // 4)


def topic(seen: Seen) -> int:
    """The number of the article that a request is about."""
    found = re.search(r"Bericht (\d+)", seen.json["messages"][-1]["content"])
    return int(found[1]) if found else -1


def times_asked(requests: list[Seen]) -> Counter[int]:
    return Counter(map(topic, requests))


def write_articles(path: Path, numbers: range | list[int], sentences: int = 4) -> Path:
    """A JSONL file of these articles."""
    with path.open("w", encoding="utf-8") as file:
        for number in numbers:
            file.write(json.dumps({"text": german(number, sentences)}, ensure_ascii=False) + "\n")
    return path
