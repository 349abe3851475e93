"""A card saved while a table or a move rewrites the tree: one waits for the other, never both."""

from collections.abc import Callable
from threading import Thread
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from conftest import somebody_waits
from organizations.forms import OrganizationForm
from organizations.history import save_unless_changed, version_of
from organizations.importing import storing
from organizations.importing.checking import check
from organizations.importing.tables import read_table
from organizations.models import Organization, User
from organizations.tests.spreadsheets import xlsx

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time."),
]


class Card:
    """The card of school 1, with another phone, being saved by Olga in another window."""

    def __init__(self, school: Organization, olga: User) -> None:
        self.form = OrganizationForm(
            {"kind": school.kind, "name": school.name, "parent": school.parent_id, "phone": "2-12"},
            instance=school,
            user=olga,
        )
        assert self.form.is_valid(), self.form.errors
        self.version = version_of(school)
        self.outcome = ""
        self.thread = Thread(target=self._save)

    def _save(self) -> None:
        try:
            self.outcome = "saved" if save_unless_changed(self.form, self.version) else "told"
        except Exception as error:  # the test shows which
            self.outcome = repr(error)
        finally:
            connection.close()

    def press(self) -> None:
        """Press «Сохранить», and go on once it waits for whoever holds the tree."""
        self.thread.start()
        ends = monotonic() + 10
        while not somebody_waits() and monotonic() < ends:
            sleep(0.01)
        assert somebody_waits()


@pytest.fixture
def card(region, olga):
    school = Organization.objects.get(pk=region.school_1.pk)
    school.code = "one"
    school.save()
    card = Card(school, User.objects.get(pk=olga.pk))
    yield card
    card.thread.join(30)


def test_a_card_and_a_table_that_names_it_do_not_wait_crosswise(region, olga, card, monkeypatch):
    table = read_table(xlsx([["one", "+7 81755"]], ["Код", "Телефон"]))
    fingerprint = check(table, olga).fingerprint()
    perform: Callable[..., None] = storing._perform

    def perform_with_a_card_in_between(*args):
        card.press()
        perform(*args)

    monkeypatch.setattr(storing, "_perform", perform_with_a_card_in_between)
    assert storing.store(table, olga, fingerprint)[1]
    card.thread.join(30)
    assert card.outcome == "told"
    assert Organization.objects.get(code="one").phone == "+7 81755"


def test_a_card_and_a_move_of_what_is_above_do_not_wait_crosswise(region, card):
    district = Organization.objects.get(pk=region.lakeside.pk)
    district.parent = region.institute
    with transaction.atomic():
        Organization.objects.hold_trees(district.pk, district.parent_id)  # as ``save`` begins
        card.press()
        district.save()
    card.thread.join(30)
    assert card.outcome == "saved"
    school = Organization.objects.get(phone="2-12")
    district.refresh_from_db()
    assert school.path.startswith(district.path)
