"""Accounts for people who come in by invitation: they sign in by an e-mailed code, with no password."""

from allauth.account.models import EmailAddress

from accounts.models import User


def account_for(email: str, name: str) -> User:
    """The user with this e-mail, made without a password if there is none yet."""
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email, name=name)
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user
