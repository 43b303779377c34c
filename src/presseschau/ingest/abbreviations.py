"""Words that carry a full stop inside a sentence, and words that a new sentence begins with.

Sources: the usual abbreviations of German dictionaries and style guides, those of law, sport and the agencies, and
the English ones that stand in names. All sets are looked up without the final full stop.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEVER_END = _words("""
    Dr Prof Hr Hrn Fr Frl Dipl Ing Mag med jur phil rer nat oec pol h.c theol vet dent habil Priv Doz Lic lic bzw
    ca vgl sog bspw evtl ggf geb gesch verw gest verst gen rd rund mind max min exkl inkl einschl zzgl abzgl
    einschließl insb insbes bes entspr gegr gegebenenf jew lt gem zw mtl wöchentl tägl jährl stv stellv ehem amtl
    kath ev evang röm griech lat engl frz franz dt österr schweiz schweizer ital span russ poln türk amerik europ
    bayer bayr sächs preuß hess nordd südd westl östl nördl südl geogr hist biol chem phys math techn milit polit
    wirtsch wiss jüd islam arab hebr chin jap urspr eigtl allg bzgl betr hrsg Hrsg hg Hg zit übers Bf Hbf Bhf Hl
    hl St Sta Ste Skt Sr-Ing Dipl.-Ing Dipl.-Kfm Reg Bez Ger Min-Präs Min.-Präs Abg Vors Vers Kgl kgl k.u.k Frhr
    Gf Obj Zstg Bgm OStA StA RA RAe Rechtsanw Gebr Geschw Fa Nachf Red Anm Mr Mrs Ms Mt Ft Gov Sen Rep Gen Lt Col
    Sgt Capt Maj Adm Hon Rev vs Vs Mme Mlle M Msgr Mons Sto Pte Cpl Pfc Supt Insp Det mögl wahrsch vermutl angebl
    z.B d.h i.e e.g o.g u.g z.Z z.Zt vgl.a i.d s.a s.u s.o i.S i.V i.A p.a.d Z.B D.h U.a verh led Kreisfr Ortst OT
    Str-Nr Anw gez
""")
"""Nothing ends after these: a name, a noun or a number follows."""

MAY_END = _words("""
    usw etc usf u.a u.ä u.Ä o.ä o.Ä u.v.m u.v.a u.a.m z.T a.D i.R e.V e.G n.Chr v.Chr d.J d.M p.a m.E m.W U.S D.C
    U.S.A i.d.R a.M a.O u.U Chr Mio Mrd Bio Tsd Mill Bill Std Sek Min Mon Jh Jhd Jhdt Jr jr Sr sr Jun jun Sen Inc
    Ltd Corp Co Cos Bros dgl desgl ff Str Pl Tel Ew Stck Pkt Pkte Pers Verf Ges mbH Kl Gr Qu Uni Bd Bde Jan Feb
    Febr Mär Mrz Apr Jul Aug Sep Sept Okt Nov Dez Jän Mo Di Mi Do Sa So s.o s.u N.Y L.A o.J B.A M.A B.Sc M.Sc Ph.D
    LL.M M.D k.o K.o i.Br i.T n.V n.E u.Z v.u.Z U.K a.G S.A S.p.A N.V B.V Ausg Aufl Jg Forts Anh Zus lfd
""")
"""Nothing ends after these unless a word of SENTENCE_STARTS follows: "20 Mio. Euro", but "20 Mio. Die Länder"."""

BEFORE_NUMBER = _words("""
    Nr Nrn Nummern Art Abs Abschn Abb Tab Kap Ziff Zif Rdnr Rn Rz Lit lit Var Pos Par Bl Sp Tel Fax Hs Kl Az Lfg
    Jg Bd Vol vol No no Nos pp S Satz Anl Buchst Alt EGr Folge Fig Heft H Ausg
""")
"""Nothing ends after these when a number follows: "Art. 5", but "Fälle dieser Art. Die Polizei"."""

ABBREVIATIONS = NEVER_END | MAY_END | BEFORE_NUMBER

MONTHS = _words("""
    Januar Jänner Februar Feber März April Mai Juni Juli August September Oktober November Dezember Jan Jän Feb
    Febr Mär Mrz Apr Jun Jul Aug Sep Sept Okt Nov Dez
""")

ORDINAL_NOUNS = _words("""
    Platz Rang Stelle Position Minute Spielminute Sekunde Stunde Liga Bundesliga Klasse Stock Stockwerk Etage
    Obergeschoss Untergeschoss OG UG Tag Spieltag Werktag Woche Monat Jahr Lebensjahr Jahrestag Geburtstag
    Todestag Hochzeitstag Bezirk Wiener Jahrhundert Jahrhunderts Jahrtausend Weltkrieg Weltkriegs Weltkrieges
    Runde Mal Male Teil Kapitel Band Akt Satz Senat Zivilsenat Strafsenat Kammer Strafkammer Zivilkammer Auflage
    Ausgabe Hälfte Halbzeit Viertel Achtel Drittel Quartal Halbjahr Staffel Folge Saison Spielzeit Sitzung
    Wahlgang Wahlperiode Legislaturperiode Advent Armee Division Brigade Bataillon Regiment Präsident Präsidenten
    Etappe Welle Lesung Änderungsantrag Zusatzartikel Verfassungszusatz Bürgermeister Vorsitzende Vorsitzender
    Internationale Dynastie Geburtstags Grad Grades FC SC SV FSV FFC TSV TuS VfB VfL FCK FCN FCM BC CFR Mannschaft
    Tabellenplatz Saisontor Saisonsieg Saisonniederlage Treffer Tor Sieg Niederlage Länderspiel Loch Kilometer
    Start Titel Geschoss Arrondissement Jahrgang Stufe Dan Opernball Parteitag Kongress Kirchentag Katholikentag
    Deutsche Deutschen Jahreszeit Generation Gesetz Gebot Platzes Ranges Jahrestages Filmfestspiele Festspiele
    Berlinale Biennale
""")
"""Nouns counted off by an ordinal: "der 3. Zivilsenat"."""

LABELS = _words("""
    Plan Vitamin Gruppe Klasse Serie Kategorie Typ Variante Hepatitis Punkt Abschnitt Note Block Halle Terminal
    Linie Zone Haus Tor Liga Buchstabe Buchstaben Level Grippe Influenza Faktor Sektor Sektion Stufe Anlage
    Version
""")
"""Nouns after which a single letter is a name and not an initial: "Plan B." """

SENTENCE_STARTS = _words("""
    Der Die Das Den Dem Des Ein Eine Einen Einem Einer Eines Er Sie Es Ich Du Wir Ihr Man Mein Meine Meinen Dein
    Sein Seine Seinen Seinem Seiner Ihre Ihren Ihrem Ihrer Unser Unsere Unseren Dieser Diese Dieses Diesen Diesem
    Jener Jene Jenes Jeder Jede Jedes Alle Allen Alles Einige Viele Vielen Mehrere Manche Beide Beiden Andere
    Anderen Kein Keine Keiner Keinen Niemand Nichts Etwas Jemand Solche Welche Welcher Wer Was Wen Wem Wessen Wann
    Wo Warum Wieso Weshalb Wie Wohin Woher Wofür Womit Ab An Am Ans Auf Aufs Aus Außer Außerdem Außerhalb Bei Beim
    Bis Bislang Bisher Durch Entlang Für Fürs Gegen Gegenüber Gemäß Hinter In Im Ins Innerhalb Laut Mit Mittels
    Nach Nachdem Neben Ob Ohne Seit Seitdem Statt Trotz Trotzdem Über Um Ums Unter Unterhalb Oberhalb Von Vom Vor
    Während Wegen Zu Zum Zur Zufolge Zwischen Angesichts Anhand Anlässlich Aufgrund Infolge Dank Zugunsten Aber
    Allerdings Also Als Auch Bereits Besonders Da Dabei Dadurch Dafür Dagegen Daher Dahinter Damals Damit Danach
    Daneben Dann Daran Darauf Daraufhin Daraus Darin Darüber Darum Darunter Dass Davon Davor Dazu Dazwischen Denn
    Dennoch Derzeit Deshalb Deswegen Doch Dort Dorthin Ebenfalls Ebenso Eigentlich Einerseits Einmal Endlich
    Entsprechend Erst Erstmals Etwa Falls Fast Ferner Früher Gerade Gestern Gleichzeitig Heute Heuer Heutzutage
    Hier Hierbei Hierfür Hierzu Hingegen Immer Immerhin Indem Indes Indessen Inzwischen Ja Jedoch Jetzt Kaum
    Künftig Letztlich Manchmal Mehr Meist Meistens Mittlerweile Morgen Nämlich Natürlich Nein Nicht Noch Nun Nur
    Obwohl Obgleich Oder Offenbar Offiziell Oft Schließlich Schon Sehr Selbst So Sobald Sodass Sofern Sofort Sogar
    Solange Somit Sondern Sonst Soweit Sowohl Später Stattdessen Tatsächlich Teilweise Übrigens Und Ungeachtet
    Unklar Unterdessen Vielleicht Vielmehr Vermutlich Vorher Wahrscheinlich Weder Weil Weitere Weiterhin Weiters
    Wenn Wenngleich Wiederum Wobei Wohl Wurde Wurden Zuerst Zudem Zuletzt Zumal Zumindest Zunächst Zuvor Zwar Rund
    Insgesamt Ist Sind War Waren Hat Haben Hatte Hatten Wird Werden Kann Können Soll Sollen Muss Müssen Darf Will
    Wollen Würde Könnte Sollte Müsste Gibt Geht Kommt Ganz Gut Wenige Weniger Beispielsweise Demnach Demzufolge
    Dementsprechend Einst Grund Zugleich Hinzu Insofern Insbesondere Jedenfalls Möglicherweise Nebenbei Jahrelang
    Anders Anderenfalls Ansonsten Anschließend Binnen Betroffen Auffällig Wichtig Fest Klar Überhaupt Vorerst
    Vorausgesetzt Woraufhin Wonach Dies
""")
"""Words that begin a sentence and hardly ever follow an abbreviation or an ordinal inside one."""
