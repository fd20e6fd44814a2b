"""The words that titles are made of, in two languages: a title in the other one names the same thing."""

from __future__ import annotations

from random import Random


def _words(text: str) -> list[str]:
    return text.split()


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(english, german) for english, _, german in (word.partition(":") for word in _words(text))]


_ADJECTIVES = _pairs("""
silent:Stille broken:Zerbrochene crimson:Blutrote distant:Ferne golden:Goldene hollow:Hohle frozen:Gefrorene
hidden:Verborgene lonely:Einsame burning:Brennende quiet:Ruhige wild:Wilde pale:Bleiche bitter:Bittere gentle:Sanfte
endless:Endlose forgotten:Vergessene secret:Geheime little:Kleine great:Große dark:Dunkle bright:Helle cold:Kalte
warm:Warme old:Alte young:Junge last:Letzte first:Erste second:Zweite perfect:Perfekte strange:Seltsame lost:Verlorene
stolen:Gestohlene sacred:Heilige wooden:Hölzerne iron:Eiserne velvet:Samtene paper:Papierne electric:Elektrische
blue:Blaue green:Grüne white:Weiße black:Schwarze scarlet:Scharlachrote silver:Silberne narrow:Schmale deep:Tiefe
shallow:Flache restless:Rastlose sleeping:Schlafende dancing:Tanzende wandering:Wandernde falling:Fallende
rising:Steigende vanishing:Schwindende innocent:Unschuldige guilty:Schuldige reckless:Leichtsinnige patient:Geduldige
furious:Wütende fearless:Furchtlose tender:Zarte savage:Barbarische humble:Demütige crooked:Krumme stubborn:Sture
midnight:Mitternächtliche northern:Nördliche southern:Südliche eastern:Östliche western:Westliche
""")

_NOUNS = _pairs("""
harbor:Hafen river:Fluss mountain:Berg garden:Garten window:Fenster mirror:Spiegel engine:Motor letter:Brief
shadow:Schatten winter:Winter summer:Sommer storm:Sturm island:Insel lighthouse:Leuchtturm bridge:Brücke tower:Turm
station:Bahnhof orchard:Obstgarten desert:Wüste forest:Wald meadow:Wiese valley:Tal kingdom:Königreich empire:Reich
soldier:Soldat sailor:Seemann teacher:Lehrer doctor:Arzt widow:Witwe stranger:Fremde brother:Bruder sister:Schwester
mother:Mutter father:Vater daughter:Tochter neighbor:Nachbar thief:Dieb detective:Detektiv painter:Maler
dancer:Tänzerin pianist:Pianist hunter:Jäger shepherd:Hirte captain:Kapitän prophet:Prophet ghost:Geist angel:Engel
wolf:Wolf fox:Fuchs raven:Rabe sparrow:Spatz tiger:Tiger horse:Pferd whale:Wal dragon:Drache serpent:Schlange
spider:Spinne butterfly:Falter diamond:Diamant crown:Krone sword:Schwert arrow:Pfeil candle:Kerze lantern:Laterne
compass:Kompass clock:Uhr key:Schlüssel door:Tür staircase:Treppe carnival:Karneval circus:Zirkus theatre:Theater
orchestra:Orchester waltz:Walzer ballad:Ballade silence:Schweigen promise:Versprechen secret:Geheimnis
memory:Erinnerung dream:Traum hunger:Hunger fever:Fieber mercy:Gnade justice:Gerechtigkeit vengeance:Rache honor:Ehre
freedom:Freiheit destiny:Schicksal fortune:Glück betrayal:Verrat confession:Geständnis inheritance:Erbe
wedding:Hochzeit funeral:Begräbnis holiday:Urlaub journey:Reise voyage:Fahrt escape:Flucht trial:Prozess riddle:Rätsel
puzzle:Puzzle machine:Maschine satellite:Satellit comet:Komet galaxy:Galaxie horizon:Horizont tide:Flut thunder:Donner
lightning:Blitz ember:Glut ash:Asche smoke:Rauch salt:Salz
""")

_PLACES = _pairs("""
Lisbon:Lissabon Marrakesh:Marrakesch Vienna:Wien Prague:Prag Kyoto:Kyoto Havana:Havanna Bombay:Bombay Cairo:Kairo
Warsaw:Warschau Naples:Neapel Trieste:Triest Odessa:Odessa Tangier:Tanger Bergen:Bergen Cork:Cork Galway:Galway
Valparaiso:Valparaiso Montevideo:Montevideo Nairobi:Nairobi Dakar:Dakar Saigon:Saigon Shanghai:Schanghai Seoul:Seoul
Memphis:Memphis Savannah:Savannah Boston:Boston Detroit:Detroit Fargo:Fargo Tulsa:Tulsa Reno:Reno Quebec:Quebec
Geneva:Genf Athens:Athen Rome:Rom Cologne:Köln Munich:München Brussels:Brüssel Copenhagen:Kopenhagen Venice:Venedig
""")

_FIRST_NAMES = _words("""
Anna Bruno Clara Dario Elena Felix Greta Hugo Irene Jonas Karla Leo Marta Nils Olga Paul Quentin Rosa Stefan Tilda
Ursula Viktor Wanda Xavier Yara Zoe Amir Beatriz Cyrus Dolores Emil Fatima Gustav Hana Ivan Judith Kenji Lucia Mateo
Noor
""")

_SURNAMES = _words("""
Abernathy Bellweather Castellan Dunmore Eriksen Fairweather Galloway Hartmann Iversen Jankowski Kowalczyk Lindqvist
Marchetti Novak Okafor Pemberton Quigley Rasmussen Santoro Thackeray Ullmann Vasquez Whitlock Yamada Zielinski Ashdown
Brandt Carvalho Delacroix Esposito Fontaine Grimaldi Holloway Ingram Jensen Kessler Laurent Moreau Nakamura Ortega
""")

#: The languages of a title, as places in a pair of titles.
ENGLISH, GERMAN = 0, 1

Title = tuple[str, str]

#: How often, in English, in German.
_PATTERNS = (
    (1, "The {a} {n}", "{a} {n}"),
    (1, "{n} of {m}", "{n} und {m}"),
    (1, "The {n} & the {m}", "{n} & {m}"),
    (1, "{n} in {p}", "{n} in {p}"),
    (6, "The {a} {n} of {p}", "{a} {n} von {p}"),
    (6, "{f} and the {a} {n}", "{f} und {a} {n}"),
    (6, "{a} {n}, {b} {m}", "{a} {n}, {b} {m}"),
    (6, "The {n}'s {a} {m}", "{a} {m} des {n}"),
)


def title(rng: Random) -> Title:
    """Return a title in both languages; few of many come up twice."""
    (_, english, german), *_ = rng.choices(_PATTERNS, [weight for weight, _, _ in _PATTERNS])
    words = {key: rng.choice(_ADJECTIVES) for key in "ab"} | {key: rng.choice(_NOUNS) for key in "nm"}
    words["p"] = rng.choice(_PLACES)
    name = rng.choice(_FIRST_NAMES)
    return (
        english.format(f=name, **{key: _capital(word[ENGLISH]) for key, word in words.items()}),
        german.format(f=name, **{key: word[GERMAN] for key, word in words.items()}),
    )


def performer(rng: Random) -> Title:
    """Return the name of a band or a musician, which no language changes."""
    name = f"{rng.choice(_FIRST_NAMES)} {rng.choice(_SURNAMES)}"
    if rng.random() < 0.5:
        word = _capital(rng.choice(_ADJECTIVES)[ENGLISH])
        name = rng.choice((f"The {word} {rng.choice(_SURNAMES)}s", f"{name} & the {word} {_noun(rng)}s"))
    return name, name


def _noun(rng: Random) -> str:
    return _capital(rng.choice(_NOUNS)[ENGLISH])


def _capital(word: str) -> str:
    return word[0].upper() + word[1:]
