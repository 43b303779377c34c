"""200 analysed articles to a note: our own CPU seconds and the peak memory, with a model that answers at once.

    python tests/measure/briefing_speed.py [--articles 200]

The articles are those of fixtures/briefing over and over, in other towns and with other figures, so that stories of
five and six articles come out. Printed: seconds of CPU for the note, for its forms and for verify; peak memory.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import briefing_world
from presseschau.briefing.brief import brief
from presseschau.briefing.verify import verify
from presseschau.models import Analysis
from presseschau.pipeline.note import StoryAnswer
from scripted import ScriptedEngine

_LINE = re.compile(r"^\[(\d+)\] \([^)]*\) (.*?)(?: \[.*)?$", re.MULTILINE)
_TOWNS = ["Brunsbek", "Stralsund", "Osterfeld", "Falkenhain", "Kalbitz", "Nordlack", "Wendelin"]


def answer(request):
    """Sentences that repeat the first lines, so that every check has its work and nothing fails."""
    lines = [{"numbers": [int(n)], "text": text} for n, text in _LINE.findall(request.messages[-1].content)]
    if request.answer is StoryAnswer:
        return {"points": lines[:4], "title": lines[0]}
    plain = [{"numbers": [1], "text": re.findall(r"^\[1\] (.*)$", request.messages[-1].content, re.MULTILINE)[0]}]
    return {"sentences": plain}


def archive(size: int) -> list[Analysis]:
    """So many analyses: copies of the fixtures, each round with other names and figures, and so other ids."""
    import hashlib

    made: list[Analysis] = []
    rounds = 0
    while len(made) < size:
        for analysis in briefing_world.analyses():
            text = analysis.model_dump_json()
            for town in _TOWNS:
                text = text.replace(town, f"{town}{'abcdefghijklmnopqrstuvwxyz'[rounds % 26] * 2}")
            data = json.loads(text)
            data["article"] = _placed(data["article"], rounds)
            again = {s["n"]: s for s in data["article"]["sentences"]}
            for row in data["translation"]:
                row["start"], row["end"], row["de"] = (again[row["n"]][k] for k in ("start", "end", "text"))
            for claim in data["claims"]:
                claim["speaker_de"] = None
                for piece in claim["evidence"]:
                    piece["start"], piece["end"], piece["text"] = (
                        again[piece["n"]][k] for k in ("start", "end", "text")
                    )
            whole = "\n".join(s["text"] for s in data["article"]["sentences"])
            data["article"]["id"] = hashlib.sha256(whole.encode()).hexdigest()
            made.append(Analysis.model_validate(data))
        rounds += 1
    return made[:size]


def _placed(article: dict, rounds: int) -> dict:
    """The sentences at their places in the changed text, published some weeks later each round."""
    at = 0
    for sentence in article["sentences"]:
        at = article["text"].index(sentence["text"], at)
        sentence["start"], sentence["end"] = at, at + len(sentence["text"])
    month = 3 + rounds % 9
    article["published"] = article["published"][:5] + f"{month:02}" + article["published"][7:]
    return article


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=200)
    size = options.parse_args().articles
    analyses = archive(size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.process_time()
    note = asyncio.run(brief(analyses, ScriptedEngine(answer), pages=4))
    noted = time.process_time()
    findings = [f for f in verify(note) if f.severity == "error"]
    verified = time.process_time()
    from presseschau.output.note_markdown import note_markdown
    from presseschau.output.note_page import note_page

    sizes = len(note_markdown(note)), len(note_page(note))
    printed = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"articles {size}, claims {len(note.claims)}, stories {len(note.stories)}, others {len(note.others)}, ", end=""
    )
    print(f"left out {len(note.left_out)}")
    print(f"note     {noted - begun:6.1f} s CPU (goal 60)")
    print(f"verify   {verified - noted:6.1f} s CPU, {len(findings)} errors")
    print(f"forms    {printed - verified:6.1f} s CPU, Markdown {sizes[0]:,} and page {sizes[1]:,} characters")
    print(f"memory   {peak:6.0f} MB at most (goal 500); {before:.0f} MB with the analyses read")


if __name__ == "__main__":
    main()
