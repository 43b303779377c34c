"""German noun phrases as regular expressions: articles, adjectives, nouns and names, and what is linked to them."""

from __future__ import annotations

from presseschau.facts.speech.pronouns import FRONTED, PRONOUN

DETERMINER = (
    r"(?:[Dd](?:er|ie|as|en|em|es)|[Ee]in(?:e[rsmn]?)?|[Ss]ein(?:e[rsmn]?)?|[Ii]hr(?:e[rsmn]?)?|[Mm]ehrere"
    r"|[Vv]iele|[Ee]inige|[Bb]eide"
    r"|[Zz]wei|[Dd]rei|[Uu]nser(?:e[rsmn]?)?|[Dd]ies(?:e[rsmn]?)|[Ee]twa|[Aa]lle)"
)
# Words that open a German clause before its verb and are no names, though a capital may begin them.
FRONT = (
    rf"(?:{FRONTED}|Ab|Aber|Als|Am|An|Auch|Auf|Aus|Außerdem|Bei|Beim|Bereits|Bis|Bisher|Da|Dabei|Dadurch|Dafür|Dagegen"
    r"|Daher|Damit|Danach|Daneben"
    r"|Dann|Daran|Darauf|Daraufhin|Darin|Darüber|Das|Davon|Davor|Dazu|Dem|Den|Dennoch|Deshalb|Dies|Dort|Durch"
    r"|Ebenso|Erst|Es|Für|Gegen"
    r"|Gegenüber|Gestern|Gleichzeitig|Heute|Hierzu|Hingegen|Hinter|Im|In|Inzwischen|Jedoch|Jetzt|Laut|Mit"
    r"|Mittlerweile|Nach|Nachdem|Neben|Noch"
    r"|Nun|Nur|Ob|Obwohl|Ohne|Schließlich|Schon|Seit|Seitdem|So|Somit|Später|Statt|Trotz|Trotzdem|Über|Um|Und"
    r"|Unter|Unterdessen|Vom|Von|Vor"
    r"|Während|Was|Wegen|Weil|Weiter|Weiterhin|Weiters|Wenn|Wer|Wie|Wo|Zu|Zudem|Zuletzt|Zum|Zur|Zusätzlich"
    r"|Zuvor|Zwar|Zwischen)\b"
)
# A finite verb is no adjective, though it may end like one: wurde den Angaben zufolge.
_VERB = (
    r"(?:wurden?|würden?|h[aä]tten?|waren?|wären?|haben?|werden?|k[oö]nnten?|sollten?|m[uü]ssten?|seien"
    r"|sollen?|wollen?)"
)
ADJECTIVE = (
    rf"(?:(?!{_VERB}\b|wie\b|der\b|die\b|das\b|dem\b|den\b|des\b)(?!{FRONT})[\w-]*[a-zäöüß](?:e|er|en|es|em)|\d+-[Jj]ährige[rn]?|US-amerikanische[rnsm]?"
    r"|früher|stellvertretend\w*)"
)
CAPITALISED = rf"(?!{FRONT})(?:dpa-|afp-|taz\b)?(?:Dr\.-Ing|Dr\.-\w+|[A-ZÄÖÜ][\w'’-]*)(?:\.(?= ?[A-ZÄÖÜ]))?"
NOUNS = (
    rf"(?:(?!{PRONOUN}(?![\w'’-]|\s+[A-ZÄÖÜ]))[„\"»“]?{CAPITALISED}[“\"«”]?"
    rf"(?:\s+[„\"»]?(?:{CAPITALISED}|(?:von|van|de|al|bin|zu)(?=\s+[A-ZÄÖÜ]))(?![a-zäöü])[“\"«]?){{0,5}}"
    r"(?:\s+\([^()]{1,30}\))?)"
)
LINK = r"(?:der|des|von|vom|für|in|im|aus|bei|beim|am|an der|zur|zum|und|sowie|auf|eines|einer)"
NOUN_PHRASE = (
    rf"(?<![\w-])(?:{DETERMINER}\s+)?(?:{ADJECTIVE}\s+){{0,3}}{NOUNS}"
    rf"(?:\s+{LINK}\s+(?:{DETERMINER}\s+)?(?:{ADJECTIVE}\s+){{0,2}}{NOUNS}){{0,3}}"
)
# A subject: no article that cannot stand in the nominative, no pronoun.
_NO_SUBJECT = r"(?:Er|Sie|Es|Man|Wir|Ich|Wer|Niemand|Denn|Jeder|Alle|Keiner|Doch|Und|Aber|Selbst|Sogar)\b"
SUBJECT = rf"(?![„\"»“])(?!{_NO_SUBJECT})(?!(?:[Dd]e[mns]|[Ee]ine[mns]|[Ss]eine[mns]|[Ii]hre[mns])\b){NOUN_PHRASE}"
# Papers, agencies and stations, by a part of their name or by the name of the best known.
MEDIUM = (
    r"(?:[\w-]*(?:Agentur|agentur|Zeitung|zeitung|Blatt|Magazin|magazin|Sender|sender|Rundfunk|rundfunk|Radio|Nachrichten"
    r"|Portal|Podcast|Kurier|Anzeiger|Tageblatt|Presse|Fernsehen)[\w-]*|dpa|AFP|Reuters|KNA|epd|APA|sda|AP|ARD|ZDF|RTL|NDR"
    r"|WDR|MDR|BR|SWR|RBB|ORF|SRF|BBC|CNN|Sky|DAZN|Spiegel|Bild|Welt|Focus|Stern|Handelsblatt|Tass|Interfax|Xinhua)"
)
# What may stand between a verb and its subject: sagte am Montag der Minister.
MEANWHILE = (
    r"(?:(?:am|im|in|auf|nach|bei|vor|gegenüber|zu|zum|zur|gegen)\s+(?:de[rmn]\s+|einer\s+"
    r"|eine[mn]\s+)?[\w-]+(?:\s+\([^)]*\))?\s+"
    r"|(?:gestern|heute|dazu|dagegen|auch|aber|jedoch|unterdessen|zuvor|später|weiter|daraufhin|außerdem|zudem"
    r"|hingegen|wörtlich|nun|sich|darauf|allerdings|bereits)\s+){0,3}"
)
