"""A second export of each format, written from its public description and from what databases, agencies and
programs are known to write, before its reader was read: `fixtures/ingest/exports`, the packed ones made here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from made_files import docx, epub, odt, pdf, set_lines

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "ingest" / "exports"

NEXIS_UNI = [
    ("Title", "Benutzername: =musterfrau"), "Date and Time: Dienstag, 17. November| 2026 14:33:00 MEZ",
    "Job Number: 220045", ("Heading1", "Dokumente (2)"), ("link", "1. Stadtwerke senken den Gaspreis"),
    "Client/Matter: -None-", "Suchbegriffe: gaspreis", "Suchart: Begriffe und Konnektoren", "Eingegrenzt von:",
    "Inhaltstyp", "Zeitungen", ("link", "2. Tierheim sucht Helfer"), "Client/Matter: -None-", "",
    ("link", "Stadtwerke |senken| den Gaspreis"), "Wuppertaler Beispielrundschau", "16. November 2026 Montag",
    "Stadtausgabe", "Copyright 2026 WBR Verlag GmbH & Co. KG Alle Rechte vorbehalten",
    "Section:| LOKALES; S. 11", "Length:| 143 Wörter", "Byline:| Gesine Albers", "Highlight:| Kunden sparen 90 Euro.",
    ("Heading2", "Body"), "", "Die Stadtwerke senken den Gaspreis zum Januar um 8 Prozent. Das sind 90 Euro im Jahr.",
    "Opposition zufrieden", "Die Opposition nannte den Schritt überfällig. Sie hatte ihn im Sommer gefordert.", "",
    "Graphic", "", "Ein Gaszähler, Foto: Albers", ("Heading2", "Classification"), "",
    "Language:| GERMAN; DEUTSCH", "Publication-Type:| Zeitung", "Journal Code:| WBR",
    "Subject:| ERDGAS (90%); PREISE (77%)", "Industry:| ENERGIE (88%)", "Load-Date:| November 16, 2026", "",
    "End of Document", "",
    ("link", "Tierheim sucht Helfer"), "Remscheider Bote Online", "15. November 2026 Sonntag 9:14 AM GMT",
    "Copyright 2026 Remscheider Bote Alle Rechte vorbehalten", "Length:| 51 Wörter",
    ("Heading2", "Body"), "", "Das Tierheim in Remscheid sucht 20 ehrenamtliche Helfer. Es versorgt 140 Katzen.",
    "Load-Date:| November 15, 2026", "", "End of Document",
]  # fmt: skip
WORD = [
    ("Title", "Feuerwehr bekommt neue Wache"), ("Subtitle", "Stadtrat gibt 11 Millionen Euro frei"), "Von Dörte Kühn",
    "Die Feuerwehr in Stendal bekommt eine neue Wache. Der Stadtrat stimmte am Montag zu.",
    ("Heading2", "Baubeginn im Mai"), "Der Bau soll im Mai beginnen. Die alte Wache stammt von 1932.",
]  # fmt: skip
CHAPTERS = {
    "cover.xhtml": '<img src="c.jpg" alt=""/>',
    "b.xhtml": "<section><h1>Bergwerk wird Museum</h1><p>Von <i>Uwe Falk</i></p><p>Das Bergwerk bei Goslar wird ein"
    " Museum.<br/>Es öffnet im Juni.</p><p>Der Umbau kostet 14 Millionen Euro, sagte die Landrätin.</p></section>",
    "a.xhtml": "<h1>Talsperre ist wieder voll</h1><p>Die Talsperre im Harz ist nach drei trockenen Jahren wieder"
    " voll.</p><h2>Mehr Regen</h2><p>Im Winter fielen 420 Liter Regen auf den Quadratmeter.</p>",
}
PRINTED = [
    set_lines(["Seite 3", "", "Hochwasser: Passau baut Mauer"], size=16)[1:]
    + set_lines(
        ["Passau baut bis 2028 eine mobile Mauer gegen das Hochwasser. Die Mauer schützt",
         "die Altstadt bis zu einem Pegel von zwölf Metern.", "",
         "Der Freistaat zahlt 31 Millionen Euro. „Das ist ein Meilenstein“, sagte der Ober-",
         "bürgermeister am Freitag."], top=720,
    )
    + set_lines(["1"], x=280, top=30),
    set_lines(["Die Bauarbeiten beginnen im April. Anwohner", "klagen über den Verlust der Aussicht auf den Inn."])
    + set_lines(["2"], x=280, top=30),
]  # fmt: skip
WISO_PDF = [
    set_lines(["Dokumente", "", "Inhaltsverzeichnis", "", "1. Zoo zählt Rekord .................................... 2",
               "", "", "Seite 1 von 3"]),
    set_lines(["Dokumente", "", "Erfurter Beispielanzeiger vom 03.01.2020, S. 11", "", "Zoo zählt Rekord", "",
               "Der Zoo in Erfurt hat im vorigen Jahr 512.000 Besucher gezählt. Das sind so viele wie nie.", "",
               "Die Direktorin nennt den neuen Elefantenpark als Grund. Er war im Mai eröffnet", "Seite 2 von 3"]),
    set_lines(["Dokumente", "", "worden und kostete 6 Millionen Euro.", "", "Ilka Brand", "",
               "Quelle:              Erfurter Beispielanzeiger vom 03.01.2020, S. 11", "Ressort:             Lokales",
               "Dokumentnummer:      EBA-20200103-11",
               "Dauerhafte Adresse des Dokuments: https://www.wiso-net.de/document/EBA__EBA-20200103-11",
               "Alle Rechte vorbehalten: (c) Erfurter Beispielanzeiger", "",
               "© GBI-Genios Deutsche Wirtschaftsdatenbank GmbH", "Seite 3 von 3"]),
]  # fmt: skip
META = (
    "<dc:title>Beispielblätter Nr. 8</dc:title><dc:creator>Redaktion</dc:creator><dc:date>2026-08-01</dc:date>"
    "<dc:publisher>Beispielverlag</dc:publisher>"
)


def made() -> dict[str, bytes]:
    """The packed files by name."""
    return {
        "nexis-uni.docx": docx(NEXIS_UNI, header="Seite 2 von 4", title="Dokumente"),
        "text.docx": docx(WORD, title="Vorlage"),
        "text.odt": odt([("h", "Freibad öffnet erst im Juli"), "Das Freibad in Zittau öffnet erst im Juli.",
                         "Grund sind Risse im Becken, teilte die Stadt am Dienstag mit."]),
        "heft.epub": epub(CHAPTERS, meta=META, spine=["cover.xhtml", "a.xhtml", "b.xhtml"]),
        "druck.pdf": pdf(PRINTED, info="/Title (Microsoft Word - passau_final2.docx) /Producer (x)"),
        "wiso.pdf": pdf(WISO_PDF),
    }  # fmt: skip


def exports() -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Each file with what it holds: its `articles`, and what may be in no sentence (`never`)."""
    expected: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text("utf-8"))
    packed = made()
    return {
        name: (packed[name] if name in packed else (FOLDER / name).read_bytes(), one) for name, one in expected.items()
    }
