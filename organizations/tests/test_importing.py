"""Loading organisations from a table, through the pages, as Olga does it."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from conftest import PASSWORD
from organizations.importing import keeping, storing
from organizations.importing.checking import check
from organizations.importing.plan import State
from organizations.importing.tables import read_table
from organizations.invitations import never_signed_in
from organizations.models import Membership, Organization, User
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory, UserFactory
from organizations.tests.spreadsheets import LAKESIDE, csv_text, school, xlsx

PAGE = reverse("organizations:organization_import")


def upload(client, data: bytes, name="schools.xlsx"):
    """Send the file and follow to the dry run, or to the form with its error."""
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data)}, follow=True)


def confirm(client, page):
    """Press «Загрузить» on a dry run."""
    data = {"upload": page.context["upload"], "fingerprint": page.context["fingerprint"]}
    return client.post(PAGE, data, follow=True)


def load(client, data: bytes):
    return confirm(client, upload(client, data))


def counts(page) -> dict[str, int]:
    return {state: count for state, _label, count in page.context["figures"]}


def everything() -> tuple[int, int, int, int]:
    return (
        Organization.objects.count(),
        Organization.history.count(),
        User.objects.count(),
        Membership.objects.count(),
    )


def test_olga_loads_300_schools_with_their_heads(region, olga, signed_in):
    client = signed_in(olga)
    before = everything()
    page = upload(client, xlsx([school(number) for number in range(300)]))
    assert counts(page) == {"new": 300, "changed": 0, "unchanged": 0}
    assert everything() == before, "a dry run stores nothing"

    confirm(client, page)
    assert (
        Organization.objects.subtree_of(region.lakeside).filter(code__startswith="S-").count()
        == 300
    )
    last = Organization.objects.get(code="S-299")
    assert last.parent == last.municipality == region.lakeside
    assert last in Organization.objects.search("героя 299")
    head = User.objects.get(email="head299@example.test")
    assert head.get_full_name() == "Директорова299 Анна"
    assert not head.has_usable_password()
    membership = Membership.objects.get(user=head)
    assert (membership.organization, membership.role) == (last, Role.EXECUTOR)


def test_history_says_who_loaded_the_organisation_and_the_role(region, olga, signed_in):
    load(signed_in(olga), xlsx([school(5)]))
    record = Organization.objects.get(code="S-5").history.get()
    assert (record.history_type, record.history_user, record.parent) == ("+", olga, region.lakeside)
    assert (
        Membership.objects.get(user__email="head5@example.test").history.get().history_user == olga
    )


def test_the_same_table_again_changes_nothing(region, olga, signed_in):
    client = signed_in(olga)
    table = xlsx([school(1), school(2, ИНН="7707083893", КПП="352501001")])
    load(client, table)
    after = everything()
    page = upload(client, table)
    assert counts(page) == {"new": 0, "changed": 0, "unchanged": 2}
    assert "fingerprint" in page.context
    confirm(client, page)
    assert everything() == after


def test_two_bad_rows_and_nothing_is_stored(region, olga, signed_in):
    client = signed_in(olga)
    before = everything()
    rows = [school(number) for number in range(20)]
    rows[3] = school(3, Вид="Звездолёт")
    rows[7] = school(7, ИНН="3525123457")
    page = upload(client, xlsx(rows))
    found = {(each.row, each.column, each.value) for each in page.context["plan"].problems}
    assert found == {(5, "Вид", "Звездолёт"), (9, "ИНН", "3525123457")}
    assert counts(page)["new"] == 18
    page_text = page.content.decode()
    assert "Звездолёт" in page_text
    assert str(Organization.Kind.PRESCHOOL.label) in page_text, "the accepted values are listed"
    confirm(client, page)
    assert everything() == before


def test_a_new_name_under_the_same_code_is_dated_history(region, olga, signed_in):
    client = signed_in(olga)
    load(client, xlsx([school(1)]))
    page = upload(client, xlsx([school(1, Краткое_название="Гимназия № 1")]))
    [row] = page.context["plan"].of_state(State.CHANGED)
    assert [(change.key, change.old, change.new) for change in row.changes] == [
        ("short_name", "Школа имени 1", "Гимназия № 1")
    ]
    confirm(client, page)
    organization = Organization.objects.get(code="S-1")
    names = organization.history.order_by("history_id").values_list("short_name", flat=True)
    assert list(names) == ["Школа имени 1", "Гимназия № 1"]
    assert organization in Organization.objects.search("гимназия")


def test_rows_are_written_in_the_order_of_keys(region, olga, signed_in):
    """Else a table and a round of reminders, which lock the same schools, could wait crosswise."""
    client = signed_in(olga)
    load(client, xlsx([school(number) for number in (1, 2, 3)]))
    renamed = [school(number, Краткое_название=f"Гимназия № {number}") for number in (3, 1, 2)]
    page = upload(client, xlsx(renamed))
    with CaptureQueriesContext(connection) as queries:
        confirm(client, page)
    [written] = [each["sql"] for each in queries if "ON CONFLICT" in each["sql"]]
    schools = Organization.objects.filter(code__startswith="S-").order_by("pk")
    places = [written.index(f"Гимназия № {each.code[2:]}'") for each in schools]
    assert places == sorted(places)


def test_a_moved_organisation_takes_what_is_below_it_along(region, olga, signed_in):
    branch = OrganizationFactory(name="Филиал школы № 1", parent=region.school_1)
    region.school_1.code = "one"
    region.school_1.save()
    table = xlsx([["one", region.riverside.name]], ["Код", "Подчиняется"])
    load(signed_in(olga), table)
    branch.refresh_from_db()
    assert branch.municipality == region.riverside
    assert branch in Organization.objects.subtree_of(region.riverside)
    assert branch not in Organization.objects.subtree_of(region.lakeside)


def test_a_school_that_becomes_an_authority_is_the_municipality_below(region, olga, signed_in):
    branch = OrganizationFactory(parent=region.school_1)
    Organization.objects.filter(pk=region.school_1.pk).update(code="one")
    load(signed_in(olga), xlsx([["one", "Управление образования"]], ["Код", "Вид"]))
    branch.refresh_from_db()
    assert branch.municipality == region.school_1


def test_an_empty_cell_erases_nothing(region, olga, signed_in):
    client = signed_in(olga)
    region.school_1.code, region.school_1.phone = "one", "+7 81755"
    region.school_1.save()
    load(client, xlsx([["one", "", "one@school.test"]], ["Код", "Телефон", "Эл. почта"]))
    region.school_1.refresh_from_db()
    assert (region.school_1.phone, region.school_1.email) == ("+7 81755", "one@school.test")


def test_storing_that_fails_midway_stores_nothing(region, olga, signed_in, monkeypatch):
    client = signed_in(olga)
    page = upload(client, xlsx([school(number) for number in range(5)]))
    before = everything()

    def broken(objects, model, **options):
        if model is Membership:
            raise RuntimeError("the machine stopped")
        return whole(objects, model, **options)

    whole = storing.bulk_create_with_history
    monkeypatch.setattr(storing, "bulk_create_with_history", broken)
    with pytest.raises(RuntimeError):
        confirm(client, page)
    assert everything() == before


def test_what_has_changed_in_between_is_shown_anew(region, olga, signed_in):
    client = signed_in(olga)
    page = upload(client, xlsx([school(1), school(2)]))
    OrganizationFactory(name="Занято", code="S-2", parent=region.lakeside)
    before = everything()
    again = confirm(client, page)
    assert everything() == before
    assert counts(again) == {"new": 1, "changed": 1, "unchanged": 0}
    confirm(client, again)
    assert Organization.objects.get(code="S-2").short_name == "Школа имени 2"


def test_a_double_click_loads_once(region, olga, signed_in):
    client = signed_in(olga)
    page = upload(client, xlsx([school(1)]))
    confirm(client, page)
    after = everything()
    assert confirm(client, page).status_code == 200
    assert everything() == after


def test_two_requests_at_once_store_once(region, olga):
    # The second has read the kept rows before the first deleted them.
    table = read_table(xlsx([school(1)]))
    fingerprint = check(table, olga).fingerprint()
    assert storing.store(table, olga, fingerprint)[1]
    after = everything()
    plan, done = storing.store(table, olga, fingerprint)
    assert not done
    assert not plan.does_something
    assert everything() == after


def test_the_kept_rows_are_their_owners_and_go_after_loading(region, olga, victor, signed_in):
    client = signed_in(olga)
    page = upload(client, xlsx([school(1)]))
    key = page.context["upload"]
    stranger = signed_in(victor).get(PAGE, {"upload": key}, follow=True)
    assert "plan" not in (stranger.context or {})
    assert signed_in(olga).get(PAGE, {"upload": key}).context["upload"] == key
    confirm(client, page)
    assert default_storage.listdir(f"{keeping.FOLDER}/{olga.pk}")[1] == []


def test_forgotten_tables_are_deleted_after_a_day(region, olga, monkeypatch):
    keeping.keep(read_table(xlsx([school(1)])), olga)
    yesterday = timezone.now() - timedelta(days=2)
    monkeypatch.setattr(default_storage, "get_modified_time", lambda _path: yesterday)
    key = keeping.keep(read_table(xlsx([school(2)])), olga)
    assert default_storage.listdir(f"{keeping.FOLDER}/{olga.pk}")[1] == [f"{key}.json"]


@pytest.mark.parametrize("key", ["", "../../secret", "a" * 64, "A" * 64])
def test_a_forged_key_finds_nothing(region, olga, signed_in, key):
    assert signed_in(olga).get(PAGE, {"upload": key}).status_code == 302


def test_only_coordinators_load(region, maria, sergey, nina, signed_in):
    for stranger in (maria, sergey, nina):
        assert signed_in(stranger).get(PAGE).status_code == 403
        assert signed_in(stranger).get(f"{PAGE}sample/").status_code == 403
        assert upload(signed_in(stranger), xlsx([school(1)])).status_code == 403


def test_the_coordinator_of_another_region_reaches_nothing_here(region, victor, signed_in):
    region.school_1.code, region.school_1.inn, region.school_1.kpp = (
        "one",
        "7707083893",
        "352501001",
    )
    region.school_1.save()
    rows = [
        school(1, parent=LAKESIDE),
        school(2, parent=region.other_department.name, Код="one"),
        school(3, parent=region.other_department.name, ИНН="7707083893", КПП="352501001"),
    ]
    page = upload(signed_in(victor), xlsx(rows))
    problems = page.context["plan"].problems
    assert [each.row for each in problems] == [2, 3, 4]
    assert not any("Школа № 1" in str(each.message) for each in problems)
    assert "Школа № 1" not in page.content.decode()


def test_a_person_who_is_stored_gets_the_role_and_keeps_the_name(region, olga, signed_in):
    UserFactory(email="head1@example.test", surname="Прежняя", name="Вера")
    client = signed_in(olga)
    load(client, xlsx([school(1)]))
    head = User.objects.get(email="head1@example.test")
    assert head.surname == "Прежняя"
    assert head.reach.covers(Organization.objects.get(code="S-1"), Role.EXECUTOR)


def test_the_dry_run_says_that_an_account_is_known_and_not_whose_it_is(region, olga, signed_in):
    head = UserFactory(email="head1@example.test", surname="Прежняя", position="тайный советник")
    Membership.objects.create(user=head, organization=region.other_school, role=Role.EXECUTOR)
    client = signed_in(olga)
    known = _("there is an account with this e-mail already: its name stays as it is")
    page = upload(client, xlsx([school(1), school(2)]))
    told = page.content.decode().replace("\u00a0", " ")
    assert told.count(known) == 1
    loaded = confirm(client, page).content.decode()
    loaded += client.get(Organization.objects.get(code="S-1").get_absolute_url()).content.decode()
    assert "head1@example.test" in loaded
    for secret in ("Прежняя", "тайный советник"):
        assert secret not in told + loaded


def test_a_password_set_elsewhere_does_not_open_a_role_loaded_later(
    region, olga, victor, anna, sergey, tamara, signed_in
):
    """Two who act nowhere any more need a link; who acts elsewhere and administrators do not."""
    Membership.objects.filter(user__in=[victor, tamara]).update(until=timezone.localdate())
    later = timezone.localdate() + timedelta(days=30)
    Membership.objects.filter(user=sergey).update(since=later)
    people = [victor, tamara, sergey, anna]
    browsers = [signed_in(each) for each in people]
    rows = [
        school(number, email=each.email, Фамилия=each.surname)
        for number, each in enumerate([*people, victor])
    ]
    load(signed_in(olga), xlsx(rows))
    stored = [User.objects.get(pk=each.pk) for each in people]
    assert [each.check_password(PASSWORD) for each in stored] == [False, False, True, True]
    assert stored[0].password != stored[1].password
    profile = reverse("organizations:profile")
    assert [each.get(profile).status_code for each in browsers] == [302, 302, 200, 200]
    for_link = never_signed_in(olga, region.lakeside)
    assert {victor, tamara} <= set(for_link)
    assert not {sergey, anna} & set(for_link)


def test_one_person_may_answer_for_two_organisations(region, olga, signed_in):
    same = {"email": "both@example.test", "Фамилия": "Общая"}
    load(signed_in(olga), xlsx([school(1, **same), school(2, Роль="методист", **same)]))
    roles = Membership.objects.filter(user__email="both@example.test")
    assert sorted(roles.values_list("organization__code", "role")) == [
        ("S-1", Role.EXECUTOR),
        ("S-2", Role.METHODIST),
    ]


def test_a_role_that_was_ended_is_given_again(region, olga, signed_in):
    client = signed_in(olga)
    load(client, xlsx([school(1)]))
    Membership.objects.filter(user__email="head1@example.test").update(until=timezone.localdate())
    page = upload(client, xlsx([school(1)]))
    assert counts(page)["changed"] == 1
    confirm(client, page)
    assert Membership.objects.filter(user__email="head1@example.test", until=None).count() == 1


def test_the_number_of_queries_does_not_grow_with_rows(region, olga, queries_of):
    def cost(first: int, last: int) -> tuple[int, int]:
        table = read_table(xlsx([school(number) for number in range(first, last)]))
        fingerprint = check(table, User.objects.get(pk=olga.pk)).fingerprint()
        looking = queries_of(lambda: check(table, User.objects.get(pk=olga.pk)))
        storing_it = queries_of(
            lambda: storing.store(table, User.objects.get(pk=olga.pk), fingerprint)
        )
        return looking, storing_it

    assert cost(0, 3) == cost(100, 130)


def test_nor_with_known_people_who_need_a_link_again(region, olga, queries_of):
    def cost(first: int, last: int) -> int:
        for number in range(first, last):
            UserFactory(email=f"head{number}@example.test")
        table = read_table(xlsx([school(number) for number in range(first, last)]))
        fingerprint = check(table, User.objects.get(pk=olga.pk)).fingerprint()
        return queries_of(lambda: storing.store(table, User.objects.get(pk=olga.pk), fingerprint))

    assert cost(0, 3) == cost(100, 130)


def test_pages_of_the_dry_run_are_50_rows_long(region, olga, signed_in):
    page = upload(signed_in(olga), xlsx([school(number) for number in range(120)]))
    assert len(page.context["page"]) == 50
    third = signed_in(olga).get(PAGE, {"upload": page.context["upload"], "page": 3})
    assert len(third.context["page"]) == 20


def test_a_file_that_cannot_be_read_is_answered_on_the_form(region, olga, signed_in):
    page = upload(signed_in(olga), b"%PDF-1.7")
    assert page.context["form"].errors["file"]
    page = upload(signed_in(olga), csv_text([["1"]], ["Цвет"]).encode())
    assert page.context["form"].errors["file"]


def test_the_sample_is_a_table_this_page_reads(region, olga, signed_in):
    client = signed_in(olga)
    for query in ({}, {"format": "csv"}):
        sample = client.get(reverse("organizations:organization_import_sample"), query).content
        [(_number, headings)] = read_table(sample).rows
        assert headings[:3] == ["Код", "Вид", "Официальное название"]
        assert len(headings) == 19
