"""Recommendations by organisation: the order of the paper, single tasks, sums, reach, cost."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from dashboards.grids import lines
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from resolutions.models import Recommendation
from tasks.models import Task

S = Task.Status


def url_of(resolution) -> str:
    return reverse("dashboards:resolution_matrix", args=[resolution.slug])


def days(number: int):
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def running(draft, region):
    """Schools 1 to 3 under «1» and «2», Lakeside's authority under its own «1»; in every state."""
    draft.status, draft.sent_at = draft.Status.ON_CONTROL, timezone.now()
    draft.save()
    first, second, own = Recommendation.objects.order_by("section__position", "position")
    late = {"reported_on": days(-1), "completed_on": days(-1)}
    rows = [
        (first, region.school_1, S.ASSIGNED, days(-12), {}),
        (second, region.school_1, S.COMPLETED, days(-4), late),
        (first, region.school_2, S.COMPLETED, days(-1), late),
        (second, region.school_2, S.IN_PROGRESS, days(0), {}),
        (first, region.school_3, S.NOT_APPLICABLE, days(5), {"reported_on": days(-1)}),
        (second, region.school_3, S.ASSIGNED, days(-2), {"period": "2026-Q1"}),
        (second, region.school_3, S.ASSIGNED, days(-1), {"period": "2026-Q2"}),
        (second, region.school_3, S.ASSIGNED, days(30), {"period": "2026-Q3"}),
        (own, region.lakeside, S.REPORTED, days(-10), {"reported_on": days(-7)}),
    ]
    Task.objects.bulk_create(
        Task(recommendation=what, executor=who, status=status, due_on=due, **rest)
        for what, who, status, due, rest in rows
    )
    return draft


def grid_of(client, resolution, **conditions):
    return client.get(url_of(resolution), conditions).context["grid"]


def labels(grid) -> dict[str, list[str]]:
    """What each cell of an organisation says after its place."""
    return {
        line.title: [cell.label.partition(": ")[2] if cell else "" for cell in line.cells]
        for block in grid.blocks
        for line in block.lines
    }


def test_cells_say_the_state_of_the_task_and_its_delay(running, signed_in, olga):
    assert labels(grid_of(signed_in(olga), running)) == {
        "Школа № 1": ["просрочено на 12 дней", "исполнено, с опозданием на 3 дня", ""],
        "Школа № 2": ["исполнено", "в работе", ""],
        "Школа № 3": ["не применимо", "просрочено 2 из 3", ""],
        "Управление образования Озёрного района": ["", "", "на приёмке, с опозданием на 3 дня"],
    }


def test_a_number_is_a_delay_and_with_a_cross_a_number_of_tasks(running, signed_in, olga):
    riverside, lakeside = grid_of(signed_in(olga), running).blocks
    texts = [[cell and cell.text for cell in line.cells] for line in lakeside.lines]
    assert texts == [[None, None, "3"], ["12", "3", None], ["", "", None]]
    assert [cell and cell.text for cell in riverside.lines[0].cells] == ["", "×2", None]
    assert [cell and cell.text for cell in lakeside.head.cells] == ["×1", "×1", "×1"]


def test_a_cell_of_one_task_opens_the_task_of_several_their_list(running, signed_in, olga, region):
    riverside, lakeside = grid_of(signed_in(olga), running).blocks
    task = Task.objects.filter(executor=region.school_1).earliest("due_on")
    assert lakeside.lines[1].cells[0].url == task.get_absolute_url()
    client = signed_in(olga)
    opened = client.get(riverside.lines[0].cells[1].url).context["page"]
    assert {each.period for each in opened} == {"2026-Q1", "2026-Q2"}


def test_columns_stand_in_the_order_of_the_paper_under_their_addressees(running, signed_in, olga):
    first = running.sections.first()
    ten = Recommendation.objects.create(
        section=first, printed_number="1.10", position=9, text="Десятое."
    )
    nine = Recommendation.objects.create(
        section=first, printed_number="1.9", position=8, text="Девятое."
    )
    grid = grid_of(signed_in(olga), running)
    numbers = [column.recommendation.printed_number for column in grid.columns]
    assert numbers == ["1", "2", nine.printed_number, ten.printed_number, "1"]
    assert [(section.position, count) for section, count in grid.sections] == [(1, 4), (2, 1)]


def test_sums_stand_at_the_right_and_at_the_bottom(running, signed_in, olga):
    grid = grid_of(signed_in(olga), running)
    riverside, _lakeside = grid.blocks
    line = riverside.lines[0]
    assert [figure.text for figure in line.figures] == ["3", "0", "2"]  # not the one out of count
    assert [figure.text for figure in grid.total.figures] == ["8", "2", "3"]
    assert grid.total.tally.percent == 25
    assert [figure.text for figure in grid.completed] == ["1 из 2", "1 из 5", "0 из 1"]


@pytest.mark.parametrize(
    ("name", "least"), [("olga", 20), ("maria", 12), ("pavel", 12), ("nina", 20), ("tamara", 10)]
)
def test_every_number_is_the_length_of_the_list_it_opens(
    running, signed_in, request, name, least, numbers_of, region
):
    client = signed_in(request.getfixturevalue(name))
    numbers = set(numbers_of(client.get(url_of(running))))
    assert len(numbers) >= least
    narrowed = client.get(url_of(running), {"municipality": region.lakeside.pk})
    numbers |= set(numbers_of(narrowed))
    for address, number in numbers:
        assert client.get(address).context["page"].paginator.count == number, address


def test_nobody_sees_a_cell_out_of_reach(running, signed_in, maria, sergey, tamara):
    assert "Школа № 3" not in labels(grid_of(signed_in(maria), running))
    assert list(labels(grid_of(signed_in(sergey), running))) == ["Школа № 1"]
    grid = grid_of(signed_in(tamara), running)
    assert [figure.text for figure in grid.completed] == ["", "0 из 3", ""]


def test_who_is_not_addressed_is_said(running, signed_in, olga):
    text = signed_in(olga).get(url_of(running)).content.decode()
    assert '<td class="none"><span class="visually-hidden">не адресовано</span></td>' in text


def test_a_cancelled_task_stays_to_be_seen(running, signed_in, olga, region):
    Task.objects.filter(executor=region.school_2).update(
        status=S.CANCELLED, completed_on=None, reported_on=None
    )
    assert labels(grid_of(signed_in(olga), running))["Школа № 2"] == ["отменено", "отменено", ""]


def test_a_large_resolution_shows_municipalities_which_open(
    running, signed_in, olga, region, monkeypatch
):
    monkeypatch.setattr(lines, "PAGE_SIZE", 3)
    client = signed_in(olga)
    grid = grid_of(client, running)
    assert (grid.page, [block.lines for block in grid.blocks]) == (None, [(), ()])
    inside = grid_of(client, running, municipality=region.lakeside.pk)
    assert len(labels(inside)) == 3
    page = client.get(url_of(running)).content.decode()
    assert f"?municipality={region.lakeside.pk}" in page


def test_three_organizations_cost_as_much_as_thirty(running, signed_in, olga, region, queries_of):
    client = signed_in(olga)
    few = queries_of(lambda: client.get(url_of(running)))
    recommendation = Recommendation.objects.order_by("pk").first()
    for _ in range(3):
        district = OrganizationFactory(
            kind=Organization.Kind.MUNICIPAL_AUTHORITY, parent=region.department
        )
        Task.objects.bulk_create(
            Task(recommendation=recommendation, executor=school, due_on=days(3))
            for school in OrganizationFactory.create_batch(9, parent=district)
        )
    assert queries_of(lambda: client.get(url_of(running))) == few


def test_a_condition_that_makes_no_sense_is_told(running, signed_in, olga):
    page = signed_in(olga).get(url_of(running), {"municipality": "nonsense"})
    assert page.context["grid"] is None
    assert 'role="alert"' in page.content.decode()


def test_the_file_holds_what_the_grid_says(running, signed_in, olga, maria):
    def rows_of(client):
        answer = client.get(f"/resolutions/{running.slug}/grid.csv")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.reader(StringIO(text), delimiter=";"))

    rows = rows_of(signed_in(olga))
    (head,) = (row for row in rows if row[:1] == ["Муниципалитет"])
    # «1» stands in the paper twice: its addressee tells one from the other
    assert head[2:5] == [
        "1. Общеобразовательным организациям", "2", "1. Управлению образования Озёрного района",
    ]  # fmt: skip
    (school,) = (row for row in rows if "Школа № 1" in row)
    assert school[2:] == [
        "просрочено на 12 дней", "исполнено, с опозданием на 3 дня", "", "2", "1", "1", "50,0%",
    ]  # fmt: skip
    (several,) = (row for row in rows if "Школа № 3" in row)
    assert several[2:4] == ["не применимо", "просрочено 2 из 3"]
    assert rows[-1][:5] == ["Исполнено", "", "1 из 2", "1 из 5", "0 из 1"]
    assert not any("Школа № 3" in row for row in rows_of(signed_in(maria)))
