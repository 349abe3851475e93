"""Rows held against the directory: what is recognised, what is refused and why."""

from datetime import date

import pytest

from organizations.importing.checking import check
from organizations.importing.columns import COLUMNS, find_layout
from organizations.importing.plan import Plan, State
from organizations.importing.storing import store
from organizations.importing.tables import Table, TableError
from organizations.importing.values import restore_zeros
from organizations.models import Membership, Organization, User
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory, UserFactory
from organizations.tests.spreadsheets import HEADINGS, LAKESIDE, PERSON, school

INN, KPP = "7707083893", "352501001"
DATES = ["Код", "Открыта", "Закрыта"]


def plan_of(user: User, rows: list[list[str]], headings: list[str] | None = None) -> Plan:
    head = HEADINGS + PERSON if headings is None else headings
    return check(Table(list(enumerate([head, *rows], start=1))), User.objects.get(pk=user.pk))


def problems_of(user: User, *rows: list[str], headings: list[str] | None = None):
    return [(each.row, each.column) for each in plan_of(user, list(rows), headings).problems]


def store_rows(user: User, rows: list[list[str]], headings: list[str] | None = None) -> None:
    head = HEADINGS + PERSON if headings is None else headings
    table = Table(list(enumerate([head, *rows], start=1)))
    person = User.objects.get(pk=user.pk)
    assert store(table, person, check(table, person).fingerprint())[1]


# Headings


def test_headings_match_without_case_spaces_and_dots_in_any_order_below_a_title():
    rows = [(1, ["Список школ"]), (3, ["  КРАТКОЕ  наименование", "эл.почта", "код"]), (4, ["a"])]
    layout = find_layout(Table(rows))
    assert layout.places == {"short_name": 0, "email": 1, "code": 2}
    assert layout.rows == [(4, ["a"])]


def test_foreign_and_missing_columns_are_reported(region, olga):
    plan = plan_of(olga, [["1", "красный", "x"]], ["Код", "Цвет", "Число учеников"])
    assert plan.foreign == ["Цвет", "Число учеников"]
    assert "Официальное название" in plan.missing
    assert len(plan.missing) == len(COLUMNS) - 1


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([["Цвет"], ["красный"]], id="no known heading"),
        pytest.param([["Код", "Наименование", "Название"], ["1", "2", "3"]], id="twice"),
        pytest.param([["ИНН", "Название"], ["1", "2"]], id="nothing to recognise by"),
        pytest.param([["Код", "Название"]], id="no rows"),
    ],
)
def test_headings_that_do_not_serve_are_refused(rows):
    with pytest.raises(TableError):
        find_layout(Table(list(enumerate(rows, start=1))))


# Values


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("Вид", "Звездолёт"),
        ("ИНН", "12345"),
        ("ИНН", "7707083894"),
        ("КПП", "12"),
        ("ОГРН", "1027700132190"),
        ("ОКТМО", "123"),
        ("Эл. почта", "школа@"),
        ("Открыта", "осенью"),
        ("Открыта", "31.02.2020"),
        ("Закрыта", "01.09.0020"),
        ("Краткое название", "ш" * 201),
        ("Код", "к" * 51),
        ("Эл. почта ответственного", "не почта"),
        ("Роль", "Король"),
        ("Официальное название", "=A1&B1"),
        ("Официальное название", "#N/A"),
        ("Телефон", "#ССЫЛКА!"),
    ],
)
def test_each_bad_value_is_named_with_its_row_and_column(region, olga, heading, value):
    row = dict(zip(HEADINGS + PERSON, school(1), strict=True)) | {heading: value}
    [problem] = plan_of(olga, [list(row.values())], list(row)).problems
    assert (problem.row, problem.column, problem.value) == (2, heading, value)
    assert str(problem.message)


def test_the_accepted_values_stand_beside_a_wrong_kind_and_a_wrong_role(region, olga):
    plan = plan_of(olga, [school(1, Вид="Звездолёт", Роль="Король")])
    assert [each.accepted for each in plan.problems] == [
        [str(kind.label) for kind in Organization.Kind],
        [str(role.label) for role in Role],
    ]


@pytest.mark.parametrize("word", ["SCHOOL", "школа", "СОШ", "Лицей", "General education"])
def test_a_kind_may_be_said_in_several_ways(region, olga, word):
    [row] = plan_of(olga, [school(1, Вид=word)]).rows
    assert row.values["kind"] == Organization.Kind.SCHOOL


@pytest.mark.parametrize(
    ("cells", "restored"),
    [
        ({"inn": "3525123456.0"}, {"inn": "3525123456"}),
        ({"inn": "77 0708 3893"}, {"inn": "7707083893"}),
        ({"inn": "105009113"}, {"inn": "0105009113"}),
        ({"inn": "105009111"}, {"inn": "105009111"}),
        ({"inn": "105009113", "kpp": "10501001"}, {"inn": "0105009113", "kpp": "010501001"}),
        ({"kpp": "10501001"}, {"kpp": "10501001"}),
        ({"oktmo": "3701000"}, {"oktmo": "03701000"}),
        ({"oktmo": "9701000"}, {"oktmo": "9701000"}),
        ({"phone": "7.0"}, {"phone": "7.0"}),
    ],
)
def test_digits_a_spreadsheet_took_away_are_restored_where_that_is_certain(cells, restored):
    restore_zeros(cells)
    assert cells == restored


@pytest.mark.parametrize("text", ["01.09.1980", "1.9.1980", "1980-09-01", "01.09.1980 г."])
def test_a_date_may_be_written_in_several_ways(region, olga, text):
    region.school_1.code = "one"
    region.school_1.save()
    [row] = plan_of(olga, [["one", text, ""]], DATES).rows
    assert row.values["opened_on"] == date(1980, 9, 1)


def test_a_school_cannot_close_before_it_opens(region, olga):
    region.school_1.code, region.school_1.opened_on = "one", date(1980, 9, 1)
    region.school_1.save()
    assert problems_of(olga, ["one", "", "01.01.1970"], headings=DATES) == [(2, "Закрыта")]


def test_a_new_organisation_needs_kind_and_name(region, olga):
    row = school(1, Вид="", Официальное_название="")
    assert problems_of(olga, row) == [(2, "Вид"), (2, "Официальное название")]


# Recognition


def test_an_organisation_without_a_code_is_recognised_by_inn_and_kpp(region, olga):
    region.school_1.inn, region.school_1.kpp = INN, KPP
    region.school_1.save()
    plan = plan_of(olga, [["one", INN, KPP]], ["Код", "ИНН", "КПП"])
    assert [row.organization for row in plan.rows] == [region.school_1]
    store_rows(olga, [["one", INN, KPP]], ["Код", "ИНН", "КПП"])
    region.school_1.refresh_from_db()
    assert region.school_1.code == "one"


def test_two_organisations_with_one_inn_and_kpp_are_ambiguous(region, olga):
    for each in (region.school_1, region.school_2):
        each.inn, each.kpp = INN, KPP
        each.save()
    assert problems_of(olga, [INN, KPP], headings=["ИНН", "КПП"]) == [(2, "")]


def test_branches_share_an_inn_and_differ_by_kpp(region, olga):
    rows = [school(1, ИНН=INN, КПП=KPP), school(2, ИНН=INN, КПП="352502001")]
    assert problems_of(olga, *rows) == []


def test_a_row_without_code_and_without_inn_and_kpp_is_refused(region, olga):
    assert problems_of(olga, school(1, Код="", ИНН=INN)) == [(2, "")]


def test_code_and_inn_that_mean_two_organisations_are_refused(region, olga):
    region.school_1.code = "one"
    region.school_1.save()
    region.school_2.inn, region.school_2.kpp = INN, KPP
    region.school_2.save()
    headings = ["Код", "ИНН", "КПП"]
    assert problems_of(olga, ["one", INN, KPP], headings=headings) == [(2, "")]


def test_another_code_for_the_same_inn_and_kpp_is_refused(region, olga):
    region.school_1.code, region.school_1.inn, region.school_1.kpp = "one", INN, KPP
    region.school_1.save()
    assert problems_of(olga, school(1, ИНН=INN, КПП=KPP)) == [(2, "")]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(school(1), id="by code"),
        pytest.param(school(2, Код="", ИНН=INN, КПП=KPP), id="by INN and KPP"),
    ],
)
def test_the_same_organisation_twice_is_an_error_that_names_the_first_row(region, olga, second):
    plan = plan_of(olga, [school(1, ИНН=INN, КПП=KPP), second])
    [problem] = plan.problems
    assert problem.row == 3
    assert "2" in str(problem.message)


def test_history_names_the_person_whoever_calls(region, olga):
    store_rows(olga, [school(1)])
    assert Organization.objects.get(code="S-1").history.get().history_user == olga


# Parents


@pytest.mark.parametrize("text", ["lake", LAKESIDE, LAKESIDE.upper(), "УО Озёрное", f"{INN}/{KPP}"])
def test_a_parent_is_found_by_code_names_or_identifiers(region, olga, text):
    region.lakeside.code, region.lakeside.short_name = "lake", "УО «Озерное»"
    region.lakeside.inn, region.lakeside.kpp = INN, KPP
    region.lakeside.save()
    [row] = plan_of(olga, [school(1, parent=text)]).rows
    assert row.parent == region.lakeside


def test_a_parent_may_be_another_row_of_the_file_also_below_it(region, olga):
    authority = school(2, parent=region.department.name, Вид="Управление образования")
    store_rows(olga, [school(3, parent="S-1"), school(1, parent="S-2"), authority])
    branch = Organization.objects.get(code="S-3")
    assert branch.parent.code == "S-1"
    assert branch.municipality.code == "S-2"
    assert branch in Organization.objects.subtree_of(region.department)


def test_a_parent_renamed_in_the_same_file_is_found_by_either_name(region, olga):
    region.lakeside.code = "lake"
    region.lakeside.save()
    renamed = school(0, parent="", Код="lake", Официальное_название="Комитет Приозёрья", Вид="")
    renamed[HEADINGS.index("Краткое название")] = ""
    rows = [renamed, school(1, parent="Комитет Приозёрья"), school(2, parent=LAKESIDE)]
    plan = plan_of(olga, rows)
    assert plan.problems == []
    assert [row.parent for row in plan.rows[1:]] == [region.lakeside, region.lakeside]


@pytest.mark.parametrize("parent", ["Управление Марса", "Школа другой области", "S-1"])
def test_a_parent_unknown_beyond_reach_or_the_row_itself_is_refused(region, olga, parent):
    assert problems_of(olga, school(1, parent=parent)) == [(2, "Подчиняется")]


def test_a_parent_called_like_another_organisation_is_ambiguous(region, olga):
    OrganizationFactory(name=LAKESIDE, parent=region.department)
    assert problems_of(olga, school(1)) == [(2, "Подчиняется")]


def test_a_ring_within_the_file_is_refused(region, olga):
    rows = [school(1, parent="S-2"), school(2, parent="S-1"), school(3, parent="S-2")]
    assert problems_of(olga, *rows) == [(2, "Подчиняется"), (3, "Подчиняется")]


def test_a_ring_through_the_directory_is_refused(region, olga):
    region.lakeside.code = "lake"
    region.lakeside.save()
    row = ["lake", region.school_1.name]
    assert problems_of(olga, row, headings=["Код", "Подчиняется"]) == [(2, "Подчиняется")]


def test_a_chain_deeper_than_a_path_can_hold_is_refused(region, olga):
    rows = [school(number, parent=f"S-{number - 1}") for number in range(1, 40)]
    rows.append(school(0))
    found = problems_of(olga, *rows)
    assert {column for _row, column in found} == {"Подчиняется"}
    assert 0 < len(found) < len(rows)


def test_without_a_parent_a_new_organisation_answers_to_the_coordinators_own(region, olga):
    [row] = plan_of(olga, [school(1, parent="")]).rows
    assert row.parent == region.department


def test_a_coordinator_of_two_says_which_one(region, olga):
    Membership.objects.create(user=olga, organization=region.lakeside, role=Role.COORDINATOR)
    assert problems_of(olga, school(1, parent="")) == [(2, "Подчиняется")]


def test_a_coordinators_own_organisation_may_name_its_parent_beyond_reach(region, victor):
    Membership.objects.create(user=victor, organization=region.lakeside, role=Role.COORDINATOR)
    Organization.objects.filter(pk=region.lakeside.pk).update(code="lake")
    row = ["lake", region.department.name]
    plan = plan_of(victor, [row], ["Код", "Подчиняется"])
    assert plan.problems == []
    assert not plan.does_something
    other = ["lake", region.riverside.name]
    assert problems_of(victor, other, headings=["Код", "Подчиняется"]) == [(2, "Подчиняется")]


# People


def test_a_row_may_have_no_person(region, olga):
    row = school(1, Фамилия="", Имя="", email="", Роль="Исполнитель")
    [planned] = plan_of(olga, [row]).rows
    assert planned.person is None


def test_a_person_needs_surname_name_and_email(region, olga):
    row = school(1, Фамилия="", Имя="", email="")
    row[len(HEADINGS) + PERSON.index("Должность")] = "Директор"
    assert problems_of(olga, row) == [
        *((2, "Фамилия"), (2, "Имя"), (2, "Эл. почта ответственного")),
    ]


def test_two_people_with_one_email_are_refused(region, olga):
    row = school(2, email="HEAD1@example.test")
    assert problems_of(olga, school(1), row) == [(3, "Эл. почта ответственного")]


def test_a_deactivated_person_gets_no_role(region, olga):
    UserFactory(email="head1@example.test", is_active=False)
    assert problems_of(olga, school(1)) == [(2, "Эл. почта ответственного")]


def test_the_dry_run_does_not_show_the_stored_name_of_a_stranger(region, olga):
    UserFactory(email="head1@example.test", surname="Тайная")
    [row] = plan_of(olga, [school(1)]).rows
    assert row.state == State.NEW
    assert row.person.full_name == "Директорова1 Анна"
