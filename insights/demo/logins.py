"""The accounts of the demo: one for each kind of person, with the password that the sign-in page shows."""

from accounts import demo
from accounts.invitations import account_for
from accounts.models import User
from insights.demo import people
from partners.models import Nation, Organisation, Person

ROLES = {
    "admin@example.org": {"name": "Demo Administrator", "is_staff": True, "is_superuser": True},
    "coordinator@example.org": {"name": "Demo Coordinator", "is_coordinator": True},
    "liaison.jo@example.org": {"name": "Liaison of Jordan"},
    "liaison.ua@example.org": {"name": "Liaison of Ukraine"},
    "instructor@example.org": {"name": "Astrid Exempelström"},
    "trainee@example.org": {"name": "Rania Khayali"},
}


def make() -> None:
    for _label, email in demo.LOGINS:
        _login(email)
    for code in ("JO", "UA"):
        people.liaison_of(Nation.objects.get(code=code))
    instructor()
    trainee()


def instructor() -> Person:
    return _person_of(
        "instructor@example.org",
        organisation=Organisation.objects.get(short_name="NCGM"),
        given_names="Astrid",
        family_name="Exempelström",
        rank="Major",
        grade="OF-3",
        gender_function=Person.GenderFunction.TRAINER,
        sex=Person.Sex.WOMAN,
    )


def trainee() -> Person:
    return _person_of(
        "trainee@example.org",
        nation=Nation.objects.get(code="JO"),
        given_names="Rania",
        family_name="Khayali",
        printed_name="رانيا خيالي",
        rank="Captain",
        grade="OF-2",
        sex=Person.Sex.WOMAN,
        post_title="Gender focal point",
    )


def coordinator() -> User:
    return User.objects.get(email="coordinator@example.org")


def _login(email: str) -> None:
    user = account_for(email, ROLES[email]["name"])
    if user.has_usable_password():
        return
    for field, value in ROLES[email].items():
        setattr(user, field, value)
    user.set_password(demo.PASSWORD)
    user.save()


def _person_of(email: str, **fields) -> Person:
    person = Person.objects.filter(user__email=email).first()
    return person or Person.objects.create(user=User.objects.get(email=email), email=email, **fields)
