"""Executors by due date: what a cell says, what it opens, and what it costs."""

import csv
from datetime import date, timedelta
from html import unescape
from io import StringIO

import pytest
from django.utils import timezone

from dashboards.grids import lines
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tasks.models import Task

URL = "/overdue/grid/"
S = Task.Status


def in_months(months: int) -> date:
    """The tenth day of the month that many months from now."""
    today = timezone.localdate()
    month = today.year * 12 + today.month - 1 + months
    return date(month // 12, month % 12 + 1, 10)


@pytest.fixture
def grown(draft, region):
    """School 1: two late and one done in one month, one later; others: returned, undated, gone."""
    draft.status, draft.sent_at = draft.Status.ON_CONTROL, timezone.now()
    draft.save()
    recommendation = draft.sections.first().recommendations.first()
    rows = [
        (region.school_1, S.ASSIGNED, in_months(-2)),
        (region.school_1, S.IN_PROGRESS, in_months(-2)),
        (region.school_1, S.COMPLETED, in_months(-2)),
        (region.school_1, S.ASSIGNED, in_months(2)),
        (region.school_2, S.REWORK, in_months(2)),
        (region.school_2, S.REPORTED, in_months(2)),
        (region.school_2, S.ASSIGNED, None),
        (region.school_2, S.COMPLETED, None),
        (region.school_3, S.CANCELLED, in_months(2)),
        (region.boarding_school, S.ASSIGNED, in_months(-2)),
    ]
    Task.objects.bulk_create(
        Task(
            recommendation=recommendation,
            executor=executor,
            period=str(number),
            status=status,
            due_on=due_on,
            reported_on=due_on or timezone.localdate()
            if status in (S.COMPLETED, S.REPORTED)
            else None,
            completed_on=due_on or timezone.localdate() if status == S.COMPLETED else None,
        )
        for number, (executor, status, due_on) in enumerate(rows)
    )
    return draft


def grid_of(client, **conditions):
    return client.get(URL, conditions).context["grid"]


def drawn(grid) -> dict[str, list[str]]:
    """The lines by their titles."""
    found = [line for block in grid.blocks for line in (*block.lines, block.head)]
    return {line.title: cells_of(line) for line in found}


def cells_of(line) -> list[str]:
    """The cells of a line, each as icon and number."""
    return [f"{cell.icon} {cell.text}" if cell else "" for cell in line.cells]


def test_a_cell_shows_the_worst_state_and_how_many_tasks_are_in_it(grown, signed_in, olga, region):
    late, returned, open_, none = (
        "exclamation-triangle-fill",
        "arrow-counterclockwise",
        "circle",
        "",
    )
    grid = grid_of(signed_in(olga))
    assert drawn(grid) == {
        # two months ago, this month, in two months, without a deadline
        "Школа № 1": [f"{late} 2", none, f"{open_} 1", none],
        "Школа № 2": [none, none, f"{returned} 1", f"{open_} 1"],
        "Управление образования Озёрного района": [
            f"{late} 2", none, f"{returned} 1", f"{open_} 1",
        ],
        "Школа № 3": [none, none, "x-circle 1", none],
        "Управление образования Заречного округа": [none, none, "x-circle 1", none],
        "Школа-интернат № 4": [f"{late} 1", none, none, none],
        "Подведомственные региону и прочие": [f"{late} 1", none, none, none],
    }  # fmt: skip
    assert cells_of(grid.total) == [f"{late} 3", none, f"{returned} 1", f"{open_} 1"]


def test_a_cell_says_everything_to_who_does_not_see_it(grown, signed_in, olga):
    grid = grid_of(signed_in(olga))
    _riverside, lakeside, _outside = grid.blocks
    first, second = lakeside.lines
    month = grid.frame.columns[0].name
    assert first.cells[0].label == f"{month}. Школа № 1: просрочено 2 из 3"
    assert first.cells[2].label.endswith(". Школа № 1: назначено 1")
    assert second.cells[3].label == "Без срока. Школа № 2: назначено 1 из 2"


def check_numbers(client, numbers_of, conditions, least: int) -> None:
    numbers = numbers_of(client.get(URL, conditions))
    assert len(numbers) >= least
    for address, number in numbers:
        assert client.get(address).context["page"].paginator.count == number, address


@pytest.mark.parametrize(
    ("name", "least"), [("olga", 14), ("maria", 10), ("pavel", 10), ("nina", 14), ("sergey", 6)]
)
def test_every_number_is_the_length_of_the_list_it_opens(
    grown, signed_in, request, name, least, numbers_of
):
    check_numbers(signed_in(request.getfixturevalue(name)), numbers_of, {}, least)


def test_also_under_every_condition(grown, signed_in, olga, numbers_of, region):
    client, start = signed_in(olga), in_months(-1).replace(day=5)
    for conditions in (
        {"by": "quarter", "resolution": grown.slug, "state": "owed"},
        {"by": "school_year", "municipality": region.lakeside.pk},
        {"municipality": "null"},
        {"due_from": f"{start:%d.%m.%Y}", "due_to": f"{in_months(2):%d.%m.%Y}"},
    ):
        check_numbers(client, numbers_of, conditions, 3)


def test_days_typed_cut_the_first_and_the_last_column(grown, signed_in, olga, numbers_of):
    Task.objects.filter(executor__short_name="Школа № 1", due_on=in_months(2)).update(
        due_on=in_months(2) + timedelta(days=5)
    )
    client = signed_in(olga)
    first, last = in_months(2), in_months(2) + timedelta(days=4)
    grid = grid_of(client, due_from=f"{first:%d.%m.%Y}", due_to=f"{last:%d.%m.%Y}")
    assert grid.frame.columns[0].cut == f"{first:%d.%m}–{last:%d.%m}"
    assert "Школа № 1" not in drawn(grid)
    assert drawn(grid)["Школа № 2"] == ["arrow-counterclockwise 1", "circle 1"]


def test_what_is_done_can_be_left_out(grown, signed_in, olga):
    grid = grid_of(signed_in(olga), state="owed")
    assert "Школа № 3" not in drawn(grid)
    assert grid.blocks[0].lines[0].cells[0].label.endswith("Школа № 1: просрочено 2")


def test_each_sees_their_own(grown, signed_in, maria, sergey, tamara, victor):
    assert set(drawn(grid_of(signed_in(maria)))) == {
        "Школа № 1", "Школа № 2", "Управление образования Озёрного района",
    }  # fmt: skip
    assert "Школа № 2" not in drawn(grid_of(signed_in(sergey)))
    assert grid_of(signed_in(sergey)).total.cells[0].text == "2"
    assert "Школа № 3" in drawn(grid_of(signed_in(tamara)))
    assert drawn(grid_of(signed_in(victor))) == {}


@pytest.mark.parametrize(
    "conditions",
    [
        {"due_from": "01.12.2026", "due_to": "01.11.2026"},
        {"due_from": "yesterday"},
        {"by": "week"},
        {"municipality": "nonsense"},
    ],
)
def test_a_condition_that_makes_no_sense_is_told(grown, signed_in, olga, conditions):
    page = signed_in(olga).get(URL, conditions)
    assert page.context["grid"] is None
    assert 'role="alert"' in page.content.decode()


def districts(region, recommendation, count: int, schools: int) -> list[Organization]:
    """Districts with schools, each of which has two tasks due in different months."""
    made = []
    for _ in range(count):
        district = OrganizationFactory(
            kind=Organization.Kind.MUNICIPAL_AUTHORITY, parent=region.department
        )
        for school in OrganizationFactory.create_batch(schools, parent=district):
            made.append(district)
            for months in (-1, 1):
                Task.objects.create(
                    recommendation=recommendation,
                    executor=school,
                    period=str(months),
                    due_on=in_months(months),
                )
    return made


def test_a_region_with_more_than_a_page_shows_municipalities_which_open(
    grown, signed_in, olga, region, monkeypatch
):
    monkeypatch.setattr(lines, "PAGE_SIZE", 5)
    *_rest, district = districts(region, Task.objects.first().recommendation, 3, 6)
    client = signed_in(olga)
    grid = grid_of(client)
    assert grid.page is None
    assert [block.lines for block in grid.blocks] == [()] * 6
    page = client.get(URL)
    assert f"municipality={district.pk}" in page.content.decode()
    inside = grid_of(client, municipality=district.pk)
    assert [len(block.lines) for block in inside.blocks] == [5]
    assert inside.page.paginator.count == 6
    # the head sums the whole municipality up, also on the second page
    second = grid_of(client, municipality=district.pk, page=2)
    assert second.blocks[0].head.cells == inside.blocks[0].head.cells
    assert [cell and cell.text for cell in second.blocks[0].head.cells] == ["6", None, "6", None]


def test_three_organizations_cost_as_much_as_thirty(
    grown, signed_in, olga, queries_of, region, monkeypatch
):
    client = signed_in(olga)
    recommendation = Task.objects.first().recommendation
    (district,) = set(districts(region, recommendation, 1, 3))
    few, narrow = queries_of(lambda: client.get(URL)), {"municipality": district.pk}
    few_inside = queries_of(lambda: client.get(URL, narrow))
    districts(region, recommendation, 3, 9)
    for school in OrganizationFactory.create_batch(27, parent=district):
        Task.objects.create(recommendation=recommendation, executor=school, due_on=in_months(1))
    assert queries_of(lambda: client.get(URL)) == few
    assert queries_of(lambda: client.get(URL, narrow)) == few_inside


def rows_of(client, **conditions) -> list[list[str]]:
    answer = client.get("/exports/grid.csv", conditions)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))


def test_the_file_holds_every_organization_and_the_sums(grown, signed_in, olga):
    rows = rows_of(signed_in(olga))
    head = next(number for number, row in enumerate(rows) if row[:1] == ["Муниципалитет"])
    _school_3, school_1, *_between, total = rows[head + 1 :]
    district = "Управление образования Озёрного района"
    assert school_1[:3] == [district, "Школа № 1", "просрочено 2 из 3"]
    assert school_1[-4:-1] == ["4", "1", "2"]
    assert total[1:3] == ["", "просрочено 3 из 4"]
    assert [row[1] for row in rows[head + 1 :]].count("") == 4  # three territories and all


def test_the_file_is_narrowed_like_the_page(grown, signed_in, olga, region, maria):
    rows = rows_of(signed_in(olga), municipality=region.riverside.pk, by="quarter")
    assert any("Заречного" in cell for row in rows[:4] for cell in row)
    assert not any("Школа № 1" in cell for row in rows for cell in row)
    assert not any("Школа № 3" in cell for row in rows_of(signed_in(maria)) for cell in row)
    nonsense = rows_of(signed_in(olga), municipality="nonsense")
    assert not any("Школа" in cell for row in nonsense for cell in row)


def test_the_file_costs_a_query_for_each_batch_not_for_each_row(
    grown, signed_in, olga, region, queries_of
):
    client = signed_in(olga)
    few = queries_of(lambda: rows_of(client))
    districts(region, Task.objects.first().recommendation, 2, 10)
    assert queries_of(lambda: rows_of(client)) == few


def test_the_page_says_that_its_data_are_invented(grown, signed_in, olga):
    client = signed_in(olga)
    assert 'id="demonstration"' not in client.get(URL).content.decode()
    grown.is_demonstration = True
    grown.save()
    assert 'id="demonstration"' in client.get(URL).content.decode()


def test_links_keep_the_conditions_of_the_page(grown, signed_in, olga, region):
    page = signed_in(olga).get(URL, {"resolution": grown.slug, "by": "quarter"})
    text = unescape(page.content.decode())
    assert f"?resolution={grown.slug}&by=quarter&municipality={region.lakeside.pk}" in text
    assert f"/tasks/?resolution={grown.slug}&executor={region.school_1.pk}&due_from=" in text


def test_no_task_is_loaded(grown, signed_in, olga, monkeypatch):
    """A million of them would not fit: the grid counts in the database."""

    def refuse(*_args, **_kwargs):
        raise AssertionError("a task was loaded")

    monkeypatch.setattr(Task, "from_db", refuse)
    assert signed_in(olga).get(URL).status_code == 200
