from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """People come in by invitation: a coordinator or administrator makes the user."""

    def is_open_for_signup(self, request) -> bool:
        return False
