"""What no reader of news is addressed as, and what no news is asked to be: wording aimed at a program that reads on.

Four kinds: who is addressed (automatic systems, AI assistants), orders about an answer (your summary, every summary
must say), marks of chats and of data (### Developer:, a JSON answer, a tool call), and breaks (END OF ARTICLE, new
task). Verbs are imperatives or "must": a report in the third person about such orders is not meant.
"""

from __future__ import annotations

from typing import Final

_MACHINE_DE: Final = (
    r"(?:(?:alle[nr]?|die|das|den|der|jede[rsn]?)\s+)?(?:(?:automatisch|automatisiert|maschinell|künstlich"
    r"|digital)\w*\s+)?"
    r"(?:(?:text|such|lese|chat|sprach)?(?:roboter|bots?)|assistent(?:en)?|sprachassistent\w*|ki(?:s|-\w+)?"
    r"|sprachmodelle?n?|(?<=automatische\s)systeme?n?|(?<=automatischen\s)systeme?n?|(?<=maschinelle\s)auswertung"
    r"(?:en)?"
    r"|llms?|künstliche\s+intelligenz)"
)
_MACHINE_EN: Final = (
    r"(?:(?:all|any|the)\s+)?(?:automated\s+(?:readers?|systems?|agents?|tools?)|(?:ai|llm|language)\s*"
    r"(?:assistants?|models?"
    r"|readers?|agents?|systems?)|llms?|chatbots?|crawlers|bots)"
)
_ANSWER_DE: Final = r"(?:zusammenfassung|übersetzung|antwort|ausgabe|überschrift|aussage)(?:en)?"
_ANSWER_EN: Final = (
    r"(?:summar(?:y|ies)|translations?|answers?|outputs?|responses?|key\s+points?|bottom\s+line|headline)"
)
_ORDER_DE: Final = (
    r"(?:schreibe?|schreibt|sage?|sagt|füge?|fügt|nenne|nennt|erwähne|erwähnt|lobe?|lobt|empfiehl|empfehlt"
    r"|antworte|behaupte"
    r"|verwende|verwendet|übersetze|beende|ersetze|gib|gebt|setze|lasse|verschweige)"
)
_ORDER_EN: Final = (
    r"(?:write|say|add|put|include|mention|praise|recommend|name|state|insert|append|use|replace|claim|report"
    r"|begin|end|start)"
)

PATTERNS: Final = (
    # who is addressed
    rf"(?:^|[(\[*_.!?–-]\s*)(?:achtung|hinweis|anweisung|nachricht|mitteilung|liebe[rs]?|hallo|wichtig|an|nur\s+für)"
    rf"(?:\s+(?:an|für))?\s*[,:]?\s+{_MACHINE_DE}\s*[:,!]",
    rf"\b(?:nur|ausschließlich|speziell)\s+für\s+(?:die\s+)?(?:maschinelle\w*\s+(?:auswertung|verarbeitung"
    rf"|leser)\w*|{_MACHINE_DE})\b",
    rf"(?:^|[(\[*_.!?–-]\s*)(?:note|message|notice|instructions?|attention|dear|hello|important)(?:\s+(?:to"
    rf"|for))?\s*[,:]?\s+"
    rf"{_MACHINE_EN}\s*[:,!]",
    rf"\b{_MACHINE_EN}\s+(?:reading|processing|summari[sz]ing|translating)\s+th(?:is|ese)\b",
    # orders about an answer
    rf"\b(?:in|an|mit|zu)\s+(?:deine[rmn]?|eure[rmn]?)\s+{_ANSWER_DE}\b",
    rf"\b{_ORDER_DE}\b[^.!?]{{0,60}}\b(?:jeder|deine[rmns]?|eure[rmns]?)\s+{_ANSWER_DE}\b",
    rf"^\W*(?:bitte\s+)?{_ORDER_DE}\s+(?:bitte\s+)?(?:ab\s+(?:hier|jetzt|sofort)|nur\s+noch|in\s+jedem\s+satz"
    rf"|sämtliche\s+zitate"
    r"|stattdessen|unbedingt)\b",
    rf"[.:!]\s+{_ORDER_DE}\s+(?:bitte\s+)?(?:ab\s+(?:hier|jetzt|sofort)|nur\s+noch|in\s+jedem\s+satz"
    rf"|sämtliche\s+zitate)\b",
    r"\bübersetze\s+(?:bitte\s+)?(?:ab\s+hier|das\s+folgende|nicht|alles\s+folgende)\b",
    r"\b(?:every\s+|all\s+|the\s+|your\s+|any\s+)?(?:summaries|translations|key\s+points|outputs)\s+(?:must"
    r"|should|shall|have\s+to)\b",
    rf"(?:^|[.:!?]\s+)(?:please\s+)?{_ORDER_EN}\b[^.!?]{{0,80}}\b(?:one|a|the|your|every"
    rf"|each)\s+{_ANSWER_EN}\b(?![’'])",
    r"\b(?:print|show|reveal|repeat|output)\s+(?:me\s+)?your\s+(?:\w+\s+)?(?:instructions|prompt|system\s+message)\b",
    r"\b(?:verrate|zeige?|nenne|drucke|wiederhole|gib)\s+(?:\w+\s+){0,3}?deine\s+(?:anweisungen|instruktionen"
    r"|regeln)\b",
    r"\b(?:when|while|before|after)\s+you\s+(?:summari[sz]e|translate|process)\b|\bwenn\s+du\s+(?:diesen|den)\s+(?:text"
    r"|artikel)\s+(?:zusammenfasst|übersetzt|liest)",
    r"\bdecode\s+(?:this\s+|it\s+|the\s+following\s+)?and\s+(?:obey|follow|execute|do)\b"
    r"|\bentschlüssele?\b[^.]{0,30}\bund\s+(?:befolge|führe)\b",
    r"\b(?:du\s+bist|sei)\s+(?:\w+[\s,]+){1,5}?und\s+(?:beende|beginne|antworte|sprich|schreib)(?:s?t)?\b",
    r"\byou\s+are\s+(?:now\s+)?(?:\w+[\s,]+){1,5}?and\s+(?:end|begin|start|answer|speak|write)\s+(?:every|each|all)\b",
    # marks of chats and of data
    r"^\W{0,3}\[/?\s*(?:system\w*|entwickler|developer|admin\w*|assistant|assistent|user|nutzer)\s*\w*\]",
    r"^\s*#{1,6}\s*(?:developer|system|assistant|user|instructions?|entwickler)\b",
    r"^(?:nutzer|user|assistant|assistent|developer|system|human)\s*:\s(?=.*\b(?:danke|bitte|please|sure|du|dir|sag|gib"
    r"|hier\s+ist|here\s+is|thanks?|ich|i)\b)",
    r"</?\s*(?:tool|function)_?(?:call|use|result)s?\s*>|\"(?:arguments|tool_calls?|function_call)\"\s*:",
    r"\{\s*\"(?:claims|sentences|points|bottom_line|headline|summary|translation|speaker|name)\"\s*:",
    # breaks
    r"\bend\s+of\s+(?:the\s+)?(?:article|document|text|input|data)\b\s*[.:!\]-]|\bende\s+des\s+(?:artikels"
    r"|dokuments|textes)\s*[.:!\]-]",
    r"\b(?:new|next)\s+task\s*:|\bneue[rs]?\s+(?:aufgabe|auftrag)\s*:|\bgilt\s+ein\w?\s+neue[rs]?\s+(?:auftrag"
    r"|aufgabe|anweisung)\b",
)
"""Regular expressions, case ignored."""

WORDS: Final = (
    "roboter", "bot", "automati", "maschinell", "assisten", " ki", "ki:", "auswertung", "crawler", "reader", "jede",
    "deine", "eure", "ab hier", "nur noch", "sämtliche", "übersetze", "must", "should", "key point", "bottom line",
    "headline", "your ", "decode", "entschlüssel", "und be", "und a", "und s", "[", "#", "nutzer", "user", "developer",
    "entwickler", "tool", "\":", "end of", "ende des", "new task", "next task", "neue", "unbedingt",
)  # fmt: skip
"""Without one of these, in lower case, no pattern fits."""
