"""Passages that address a language model instead of a reader. They stay in the article; they are only flagged.

Reports about language models talk about them in the third person; what is flagged gives orders to the reader of the
text as a program, says who that reader is, or holds the control marks of chat templates.
"""

from __future__ import annotations

import re
from typing import Final

from presseschau.ingest import machine_address

_EARLIER_DE: Final = (
    r"(?:alle[nrs]?|jegliche[nrs]?|sämtliche[nrs]?|die|deine|ihre|eure)\s+(?:\w+\s+){0,2}?(?:vorherig"
    r"|bisherig|vorangegangen|vorangehend|früher|obig|vorig|zuvor\s+gegeben|system)\w*\s+(?:und\s+\w+\s+)?"
    r"(?:anweisung|instruktion|vorgabe|befehl|regel|prompt|anordnung|aufforderung)"
)
_INSTRUCTION_DE: Final = (
    r"(?:alle[nrs]?|jegliche[nrs]?|sämtliche[nrs]?)\s+(?:deine[nrs]?\s+|ihre[nrs]?\s+)?"
    r"(?:anweisung|instruktion|vorgabe|befehl)"
)
_EARLIER_EN: Final = (
    r"(?:all|any|the|your|everything|these|those)?\s*(?:of\s+)?(?:the\s+|your\s+)?(?:previous|prior|above"
    r"|earlier|preceding|former|foregoing|system)(?:ly)?\s+(?:\w+\s+)?"
    r"(?:instruction|prompt|direction|command|rule|message|context|guideline|text)"
)
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"<\|[a-z_]{2,30}\|>|\[/?INST\]|<</?SYS>>|</?(?:think|system|assistant|user)>|<(?:start"
        r"|end)_of_turn>|^###\s*(?:system|instruction|user|assistant)\b|\b(?:BEGIN|END) (?:SYSTEM )?PROMPT\b",
        r"\[(?:system|assistant)\](?:\(#\w+\))?|^(?:system|assistant)\s*(?:prompt|message)?\s*:\s*\S",
        rf"\b(?:ignorier(?:e|t|en\s+sie)?|vergiss|vergesst|vergessen\s+sie|missachte(?:n\s+sie)?"
        rf"|überschreib(?:e|t|en\s+sie)?|verwirf|verwerfen\s+sie)\s+(?:\w+\s+){{0,3}}?(?:{_EARLIER_DE}"
        rf"|{_INSTRUCTION_DE})",
        rf"\b(?:ignore|disregard|forget|override|overwrite|bypass"
        rf"|discard)\s+(?:\w+\s+){{0,2}}?(?:{_EARLIER_EN}|(?:all|your)\s+(?:of\s+your\s+)?(?:instruction"
        rf"|guideline|rule)s)",
        r"\b(?:du\s+bist|sie\s+sind)\s+(?:jetzt\s+|nun\s+|ab\s+(?:jetzt|sofort)\s+)?(?:ein(?:e)?|die|das"
        r"|der)\s+(?:\w+\s+){0,2}?(?:ki(?:-\w+)?|sprachmodell|sprach-ki|chatbot|llm|ai(?:-\w+)?"
        r"|künstliche\s+intelligenz|assistent\s+ohne|ki\s+ohne|assistenzsystem)\b(?!\s*\?)",
        r"\byou\s+are\s+(?:now\s+)?(?:an?|the)\s+(?:\w+\s+){0,2}?(?:ai|llm|language\s+model|chatbot"
        r"|ai\s+assistant|assistant\s+(?:that|who|without))\b|\byou\s+are\s+(?:chatgpt|gpt-?\d|dan)\b",
        r"\b(?:wenn|falls|sofern)\s+(?:du|sie)\s+(?:eine?\s+|als\s+)(?:ki|ai|sprachmodell|llm|chatbot)\b"
        r"|\bif\s+you\s+are\s+(?:an?\s+)?(?:ai|llm|language\s+model|large\s+language\s+model|chatbot)\b",
        r"\b(?:an|achtung|hinweis\s+(?:an|für)|nachricht\s+an|note\s+to|attention"
        r"|message\s+to)\s*:?,?\s+(?:alle\s+|die\s+|das\s+|den\s+|all\s+|any\s+|the\s+)?(?:ki(?:-\w+)?"
        r"|sprachmodelle?n?|llms?|ais?|ai\s+(?:assistants?|models?|systems?)|language\s+models?"
        r"|chatbots?)\b[^.]{0,40}[:!,]",
        r"\b(?:schreibe?|antworte?|gib|gebe|füge?|erwähne?|ergänze?|ersetze?|übersetze?|nenne|behaupte"
        r"|beende)\b(?:\s+[\w„“\"]+){0,8}?\s+(?:deine[rmn]?|ihre[rmn]?|eure[rmn]?)\s+(?:antwort|ausgabe"
        r"|zusammenfassung|übersetzung|system-?prompt|systemanweisung)",
        r"\b(?:fasse|übersetze|schreibe)\s+(?:diesen|den|dieses)\s+(?:text|artikel|dokument)\s+(?:nicht"
        r"|stattdessen|so\b)|\b(?:antworte|schreibe|reagiere)\s+(?:ab\s+(?:jetzt|sofort)|nur\s+noch"
        r"|ausschließlich|stattdessen)\b",
        r"\b(?:your|the)\s+(?:next\s+)?(?:answer|response|reply|output|summary|translation)\s+(?:must|should"
        r"|shall|has\s+to)\b|\b(?:in|to|from|with|modify|augment|enhance|provide)\s+your\s+(?:answer"
        r"|response|reply|output|summary|translation)\b",
        r"\b(?:reveal|print|output|repeat|show|leak)\s+(?:\w+\s+){0,2}?(?:system|hidden|initial)\s+(?:prompt"
        r"|instructions|message)|\bdo\s+not\s+(?:summari[sz]e|translate)\b|\bnew\s+instructions?\s*:"
        r"|\bneue\s+(?:anweisung|instruktion)(?:en)?\s*:",
        r"\b(?:als|as)\s+(?:ki|an?\s+ai|ki-modell|ai|sprachmodell|an?\s+llm)(?:-\w+)?\s+(?:musst\s+du"
        r"|sollst\s+du|must\s+you|you\s+(?:must|should|have\s+to|are\s+required))",
        r"\b(?:gib|zeig|verrate|nenne|wiederhole|drucke)\w*\s+(?:\w+\s+){0,3}?(?:system-?prompt"
        r"|systemanweisung|systemnachricht|versteckten?\s+anweisung)",
        *machine_address.PATTERNS,
    )
)
_WORTH_A_LOOK: Final = (
    "<|", "</", "<<", "<s", "<e", "<t", "<a", "<u", "[inst", "[/inst", "[sys", "[ass", "###", "prompt",
    "anweisung", "instruktion", "vorgabe", "befehl", "instruction", "ignor", "disregard", "forget", "du bist",
    "sie sind", "you are", "if you", "wenn du", "wenn sie", "falls du", "falls sie", "antwort", "response",
    "reply", "output", "ausgabe", "summar", "zusammenfassung", "translat", " ki ", "ki-", " ki:", " ki,",
    " ai ", "ai:", " ais", "llm", "sprachmodell", "chatbot", "language model", "system", "assistant", "answer",
    "stattdessen", "ab sofort", "ab jetzt", "override", "overwrite", "bypass", "discard", *machine_address.WORDS,
)


def triggers(text: str) -> tuple[str, ...]:
    """The words of `text` without which no pattern fits: found once a text, they spare most sentences the patterns."""
    lowered = text.lower()
    return tuple(word for word in _WORTH_A_LOOK if word in lowered)


def find_instruction(sentence: str, words: tuple[str, ...] = _WORTH_A_LOOK) -> tuple[int, int] | None:
    """The first passage of `sentence` that addresses a language model, as (start, end); None if there is none.

    `words` may be the `triggers` of the text that the sentence is from.
    """
    lowered = sentence.lower()
    if not any(word in lowered for word in words):
        return None
    found = (pattern.search(sentence) for pattern in _PATTERNS)
    return next((match.span() for match in found if match), None)
