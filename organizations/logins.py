"""Logins: an e-mail address without case, and how people are made with one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

if TYPE_CHECKING:
    from organizations.models import User


class UserManager(BaseUserManager["User"]):
    """Makes people; the e-mail address is the login, without case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person; without a password nobody can sign in until a link is followed."""
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an administrator of the system (for ``manage.py createsuperuser``)."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person by the e-mail address as typed."""
        return self.get(email=normalize_login(username or ""))


def normalize_login(email: str) -> str:
    """Return the one spelling of an e-mail address under which a person is stored."""
    return email.strip().lower()
