from enrollment.models.completion import Completion
from enrollment.models.nomination import ChecklistItem, Nomination, Waiver
from enrollment.models.training_request import RequestMessage, TrainingRequest

__all__ = ["ChecklistItem", "Completion", "Nomination", "RequestMessage", "TrainingRequest", "Waiver"]
