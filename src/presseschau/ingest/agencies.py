"""News agencies: their usual spelling, and where a text names them as its source."""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = (
    "dpa",
    "AFP",
    "Reuters",
    "APA",
    "sda",
    "Keystone-SDA",
    "AP",
    "epd",
    "KNA",
    "SID",
    "dts",
    "dapd",
    "ddp",
    "ots",
    "awp",
    "TASS",
    "Bloomberg",
    "dpa-AFX",
    "Dow Jones",
    "Kathpress",
    "ANSA",
    "Xinhua",
    "Interfax",
    "PAP",
    "ČTK",
    "Belga",
    "ATS",
    "MTI",
    "UPI",
    "teleschau",
    "spot on news",
    "pressetext",
    "idea",
    "Ukrinform",
)
_OTHER_NAMES: Final = {
    "rtr": "Reuters",
    "afx": "dpa-AFX",
    "dpa-infocom": "dpa",
    "dow jones newswires": "Dow Jones",
    "dts nachrichtenagentur": "dts",
    "dts-nachrichtenagentur": "dts",
    "deutsche presse-agentur": "dpa",
    "austria presse agentur": "APA",
    "associated press": "AP",
    "agence france-presse": "AFP",
    "evangelischer pressedienst": "epd",
}
_CANONICAL: Final = {name.lower(): name for name in _NAMES} | _OTHER_NAMES
_ALSO_WORDS: Final = frozenset({"ap", "idea", "pap", "ats", "sid", "mti", "upi"})
"""Short enough to be a word or a name: outside a dateline they count only in the agency's own spelling."""
NAME: Final = "(?:" + "|".join(re.escape(name) for name in sorted(_CANONICAL, key=len, reverse=True)) + ")"
_NAMED: Final = re.compile(rf"(?<![\w-]){NAME}(?![\w-])", re.IGNORECASE)


def agency_in(text: str, *, dateline: bool = False) -> str | None:
    """The agencies named in a credit or dateline, in their usual spelling, joined by "/"; None if there is none.

    Desk marks ("dpa/lni") are no agencies and are left out.
    """
    found = []
    for match in _NAMED.finditer(text):
        name = _CANONICAL[match.group().lower()]
        if dateline or match.group().lower() not in _ALSO_WORDS or match.group() == name:
            found.append(name)
    return "/".join(dict.fromkeys(found)) or None
