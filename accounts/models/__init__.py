from accounts.models.sending import Sending
from accounts.models.stateful import Stateful
from accounts.models.user import User

__all__ = ["Sending", "Stateful", "User"]
