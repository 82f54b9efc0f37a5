"""Invented people. Their family names say so in their own languages: Example, Sample, Specimen, Fiction."""

from itertools import count

from accounts.invitations import account_for
from accounts.models import User
from partners.models import LanguageTest, Mandate, Nation, Person

WOMAN, MAN, NOT_STATED = Person.Sex.WOMAN, Person.Sex.MAN, Person.Sex.NOT_STATED

# Per script: given names as (Latin, own script, sex) and family names as (Latin, own script).
GIVEN = {
    "arabic": [
        ("Rania", "رانيا", WOMAN),
        ("Tariq", "طارق", MAN),
        ("Layla", "ليلى", WOMAN),
        ("Yusuf", "يوسف", MAN),
        ("Huda", "هدى", WOMAN),
        ("Samir", "سمير", MAN),
    ],
    "ukrainian": [
        ("Olena", "Олена", WOMAN),
        ("Taras", "Тарас", MAN),
        ("Iryna", "Ірина", WOMAN),
        ("Andrii", "Андрій", MAN),
        ("Oksana", "Оксана", WOMAN),
        ("Yevhen", "Євген", MAN),
    ],
    "georgian": [
        ("Nino", "ნინო", WOMAN),
        ("Levan", "ლევან", MAN),
        ("Tamar", "თამარ", WOMAN),
        ("Giorgi", "გიორგი", MAN),
    ],
    "greek": [
        ("Eleni", "Ελένη", WOMAN),
        ("Giorgos", "Γιώργος", MAN),
        ("Aikaterini", "Αικατερίνη", WOMAN),
        ("Nikolaos", "Νικόλαος", MAN),
    ],
    "nordic": [
        ("Åsa", "", WOMAN),
        ("Björn", "", MAN),
        ("Märta", "", WOMAN),
        ("Søren", "", MAN),
        ("Pøyry", "", NOT_STATED),
    ],
    "balkan": [
        ("Đurđa", "", WOMAN),
        ("Željko", "", MAN),
        ("Šejla", "", WOMAN),
        ("Čedomir", "", MAN),
        ("Aida", "", WOMAN),
    ],
    "romanian": [("Ștefania", "", WOMAN), ("Răzvan", "", MAN), ("Ionuț", "", MAN), ("Mădălina", "", WOMAN)],
    "french": [("Noëlle", "", WOMAN), ("Gaël", "", MAN), ("Aïcha", "", WOMAN), ("Benoît", "", MAN)],
    "german": [("Käthe", "", WOMAN), ("Jürgen", "", MAN), ("Sören", "", MAN), ("Zoë", "", WOMAN)],
    "latin": [
        ("Alex", "", NOT_STATED),
        ("Grace", "", WOMAN),
        ("Peter", "", MAN),
        ("Ruth", "", WOMAN),
        ("Daniel", "", MAN),
    ],
}
FAMILY = {
    "arabic": [("Khayali", "خيالي"), ("Mithali", "مثالي"), ("Tajribi", "تجريبي"), ("Namudhaji", "نموذجي")],
    "ukrainian": [("Pryklad", "Приклад"), ("Zrazok", "Зразок"), ("Vyhadko", "Вигадько"), ("Uiavenko", "Уявенко")],
    "georgian": [("Nimushidze", "ნიმუშიძე"), ("Magalitashvili", "მაგალითაშვილი"), ("Gamogonili", "გამოგონილი")],
    "greek": [("Paradeigma", "Παράδειγμα"), ("Deigmatidis", "Δειγματίδης"), ("Fantastikou", "Φανταστικού")],
    "nordic": [("Exempelström", ""), ("Påhittson", ""), ("Övningsgård", ""), ("Eksempelsen", "")],
    "balkan": [("Primerić", ""), ("Uzorković", ""), ("Izmišljenović", ""), ("Ogledić", "")],
    "romanian": [("Exemplescu", ""), ("Mostrăreanu", ""), ("Închipuitu", "")],
    "french": [("Exemple", ""), ("Modèle", ""), ("Fictif", ""), ("Échantillon", "")],
    "german": [("Beispiel", ""), ("Mustermann", ""), ("Übungsdorf", ""), ("Erfunden", "")],
    "latin": [("Sample", ""), ("Specimen", ""), ("Example", ""), ("Fictional", ""), ("Invented", "")],
}
SCRIPTS = {
    "arabic": "JO TN MA EG DZ MR BH KW QA AE IQ",
    "ukrainian": "UA",
    "georgian": "GE",
    "greek": "GR CY",
    "nordic": "SE FI DK NO IS",
    "balkan": "BA RS HR ME MK SI",
    "romanian": "RO MD",
    "french": "FR BE BJ LU",
    "german": "DE AT CH NL",
}
SCRIPT_OF = {code: script for script, codes in SCRIPTS.items() for code in codes.split()}
GRADES = ["OF-3", "OF-2", "OF-4", "OF-3", "OR-8", "OF-5", "OF-2", "OF-3"]
POSTS = ["Staff officer, operations", "Gender focal point", "Instructor", "Adviser, headquarters", "Training officer"]
RANKS = {
    "OF-2": "Captain",
    "OF-3": "Major",
    "OF-4": "Lieutenant Colonel",
    "OF-5": "Colonel",
    "OR-7": "Sergeant Major",
    "OR-8": "Sergeant Major",
}

_turn = count()


def invent(nation: Nation, *, sex: str | None = None, **fields) -> Person:
    """An unsaved person of `nation`, the next of its names; `sex` None takes the given name's."""
    turn = next(_turn)
    script = SCRIPT_OF.get(nation.code, "latin")
    given, own_given, own_sex = _pick(GIVEN[script], turn)
    family, own_family = _pick(FAMILY[script], turn // len(GIVEN[script]))
    grade = fields.get("grade") or _pick(GRADES, turn)
    civilian = turn % 9 == 4
    defaults = {
        "nation": nation,
        "given_names": given,
        "family_name": family,
        "printed_name": f"{own_given} {own_family}".strip(),
        "sex": own_sex if sex is None else sex,
        "grade": grade,
        "category": Person.Category.CIVILIAN if civilian else Person.Category.MILITARY,
        "rank": "" if civilian else RANKS.get(grade, ""),
        "post_title": _pick(POSTS, turn),
        "service": "Example Brigade",
        "email": f"{nation.code}.{turn}@people.example.org".lower(),
    }
    return Person(**{**defaults, **fields})


def enlist(nation: Nation, **fields) -> Person:
    """An invented person on record, with a language test that three in four pass."""
    person = invent(nation, **fields)
    person.save()
    if person.pk % 8:
        profile = "2222" if person.pk % 4 == 1 else "3333"
        LanguageTest.objects.create(
            person=person, profile=profile, tested_on="2025-03-03", issuer="Example Language Centre"
        )
    return person


def liaison_of(nation: Nation) -> User:
    """The nation's liaison, invited if there is none yet."""
    mandate = Mandate.objects.in_force().filter(nation=nation).first()
    if mandate:
        return mandate.user
    user = account_for(f"liaison.{nation.code.lower()}@example.org", f"Liaison of {nation.name}")
    Mandate.objects.create(user=user, nation=nation, starts_on="2014-01-01")
    return user


def _pick(pool: list, turn: int):
    return pool[turn % len(pool)]
