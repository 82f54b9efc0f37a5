from allauth.account.auth_backends import AuthenticationBackend

from accounts import demo


class Backend(AuthenticationBackend):
    """Sign-in by e-mail. While the demo is off its accounts are nobody: no password, code or session lets them in."""

    def user_can_authenticate(self, user) -> bool:
        if user is not None and demo.is_a_login(user.email) and not demo.is_on():
            return False
        return super().user_can_authenticate(user)
