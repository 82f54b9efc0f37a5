from partners.models.cooperation import CooperationActivity
from partners.models.mandate import Mandate
from partners.models.nation import Framework, FrameworkMembership, Nation
from partners.models.organisation import Organisation
from partners.models.person import LanguageTest, Person
from partners.models.sender import SentBy, SentByQuerySet

__all__ = [
    "CooperationActivity",
    "Framework",
    "FrameworkMembership",
    "LanguageTest",
    "Mandate",
    "Nation",
    "Organisation",
    "Person",
    "SentBy",
    "SentByQuerySet",
]
