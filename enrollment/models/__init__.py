from enrollment.models.aim import Aim
from enrollment.models.completion import Completion
from enrollment.models.imports import ImportedRow, NominationImport
from enrollment.models.nomination import ChecklistItem, Nomination, Waiver
from enrollment.models.papers import Evidence
from enrollment.models.training_request import RequestMessage, TrainingRequest
from enrollment.models.turn import Turn

__all__ = [
    "Aim",
    "ChecklistItem",
    "Completion",
    "Evidence",
    "ImportedRow",
    "Nomination",
    "NominationImport",
    "RequestMessage",
    "TrainingRequest",
    "Turn",
    "Waiver",
]
