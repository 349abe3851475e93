"""Organisations and people for tests, a sentence each."""

import factory
from factory.django import DjangoModelFactory

from organizations.models import Organization, User


class OrganizationFactory(DjangoModelFactory):
    class Meta:
        model = Organization

    kind = Organization.Kind.SCHOOL
    name = factory.Sequence("Школа № {}".format)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence("person-{}@example.test".format)
    surname = factory.Sequence("Фамилия{}".format)
    name = "Имя"
    password = "!"
