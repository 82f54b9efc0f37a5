from accounts.models.stateful import Stateful
from accounts.models.user import User

__all__ = ["Stateful", "User"]
