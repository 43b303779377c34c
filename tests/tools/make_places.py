"""Make `lang/de_en/places_cldr.csv`: territories and time-zone cities in German and English, from the CLDR data in
babel.

Run: python tests/tools/make_places.py (needs babel >= 2.18, a development dependency only). The reviewed tables beside
it (peoples.csv, exonyms.csv) add what CLDR lacks and win where both speak.
"""

from __future__ import annotations

import csv
import re
import sys
import unicodedata
import zoneinfo
from pathlib import Path

from babel import Locale

OUT = Path(__file__).parents[2] / "src" / "presseschau" / "lang" / "de_en" / "places_cldr.csv"
# CLDR names that no newspaper prints, or that are ordinary words.
LEFT_OUT = {
    "ZZ",
    "XA",
    "XB",
    "EZ",
    "UN",
    "EU",
    "QO",
    "001",
    "021",
    "053",
    "057",
    "011",
    "014",
    "015",
    "017",
    "018",
    "030",
    "034",
    "035",
    "039",
    "143",
    "145",
    "151",
    "154",
    "155",
    "202",
    "419",
    "013",
    "003",
    "005",
    "019",
    "002",
    "142",
    "150",
    "029",
}
ORDINARY = {
    "Center",
    "Easter",
    "Midway",
    "Wake",
    "Nome",
    "Reunion",
    "Central",
    "Eastern",
    "Knox",
    "Resolute",
    "Mahe",
    "Stanley",
    "Nelson",
    "Adak",
    "Regina",
    "Phoenix",
    "Boise",
    "Detroit",
    "Troll",
    "Palmer",
    "Casey",
    "Davis",
    "Lord Howe",
    "Eucla",
    "Louisville",
    "Denver",
    "South",
    "North",
    "West",
    "East",
    "Victoria",
    "Yukon",
    "Halifax",
    "Vincennes",
    "Rothera",
    "Creston",
    "Winnipeg",
    "Rainy River",
    "Nassau",
    "Cancun",
    "Kirov",
    "Kerguelen",
    "Christmas",
    "Barnaul",
    "Tell City",
    "San Juan",
    "Unbekannt",
    "Buenos Aires",
    "Colombo",
    "Currie",
    "Oral",
    "Dawson",
    "Virgin",
    "Johnston",
    "Wallis",
    "Chatham",
    "Atka",
    "Kanton",
    "Gambier",
    "Marigot",
    "Rosario",
    "Knox IN",
    "Lindeman",
    "Canary",
    "Faroe",
    "Ho Chi Minh",
    "Cocos Islands",
    "Tirane",
    "Jersey",
    "Hermosillo",
    "Kuching",
    "Busingen",
    "ACT",
    "NSW",
    "LHI",
}


def plain(name: str) -> str:
    """Without the soft hyphens of CLDR and without remarks in brackets."""
    return re.sub(r" ?\(.*?\)", "", unicodedata.normalize("NFC", name).replace("\xad", "")).replace("’", "'")


def territories() -> list[tuple[str, str, str]]:
    german, english = Locale("de").territories, Locale("en").territories
    found = []
    for code, name in german.items():
        if code in LEFT_OUT or code not in english or len(code) != 2:
            continue
        found.append((code, plain(name), plain(english[code]).replace(" & ", " and ").replace("Türkiye", "Türkiye")))
    return found


def cities() -> list[tuple[str, str, str]]:
    german, english = Locale("de").time_zones, Locale("en").time_zones
    countries = {name for _, name, _ in territories()}
    found = {}
    for zone in sorted({*zoneinfo.available_timezones(), *german}):
        area, _, last = zone.partition("/")
        if (
            area not in {"Africa", "America", "Asia", "Europe", "Australia", "Pacific", "Atlantic", "Indian"}
            or "/" in last
        ):
            continue
        english_name = plain(english.get(zone, {}).get("city") or last.replace("_", " "))
        german_name = plain(german.get(zone, {}).get("city") or english_name)
        if german_name in countries:
            continue
        if (
            english_name not in ORDINARY
            and german_name not in ORDINARY
            and len(german_name) > 3
            and "/" not in german_name
        ):
            found[german_name] = (english_name, german_name, english_name)
    return list(found.values())


def main() -> None:
    if len(sys.argv) > 1:
        sys.exit(__doc__)
    with OUT.open("w", encoding="utf-8", newline="") as file:
        file.write("# Made by tests/tools/make_places.py from Unicode CLDR (babel); Unicode License v3. Do not edit.\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("value", "kind", "de", "en"))
        writer.writerows((code, "country", de, en) for code, de, en in territories())
        writer.writerows((value, "city", de, en) for value, de, en in cities())


if __name__ == "__main__":
    main()
