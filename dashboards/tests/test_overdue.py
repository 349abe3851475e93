"""The page of what is overdue: figures, territories, rows, and what they open."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dashboards.overdue.order import keys_at
from organizations.models import Membership, Organization
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory
from resolutions.models import Recommendation
from tasks import workflow
from tasks.filters import list_url
from tasks.models import Report, Task

URL = "/overdue/"
PRINT = "/overdue/print/"
EVERYBODY = ["olga", "maria", "pavel", "nina", "sergey"]


@pytest.fixture
def late(sent, region, sergey):
    """Two schools of Lakeside late by 12 days and by one, one of Riverside due in 3 days."""
    today = timezone.localdate()
    due = {region.school_1: -12, region.school_2: -1, region.school_3: 3, region.lakeside: 30}
    for organization, days in due.items():
        Task.objects.filter(executor=organization).update(due_on=today + timedelta(days=days))
    Recommendation.objects.filter(text__startswith="Разработать").update(theme="Наставничество")
    first = Task.objects.filter(executor=region.school_1).order_by("pk").first()
    workflow.mark_opened(first, sergey)
    Task.objects.create(
        recommendation=first.recommendation,
        executor=region.boarding_school,
        due_on=today - timedelta(days=5),
    )
    return first


def figures(client, **conditions):
    return client.get(URL, conditions).context["figures"]


def shown_of(group):
    return [each.executor.organization for each in group.organizations]


def test_the_three_figures(late, signed_in, olga):
    context = signed_in(olga).get(URL).context
    found = context["figures"]
    assert (found.overdue, context["late"].organizations, found.days) == (5, 3, 12)
    assert (found.unopened, found.soon, found.reported) == (4, 2, 0)


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_number_is_the_length_of_the_list_it_opens(
    late, signed_in, request, name, numbers_of, sent, region
):
    client = signed_in(request.getfixturevalue(name))
    checked = 0
    for conditions in (
        {},
        {"resolution": sent.slug},
        {"municipality": region.lakeside.pk},
        {"organization": "Школа № 1"},
        {"theme": "Наставничество"},
        {"delay": 4},
        {"unopened": "on", "delay": 0},
        {"delay": 11, "organization": "школа", "municipality": region.lakeside.pk},
    ):
        for address, number in numbers_of(client.get(URL, conditions)):
            assert client.get(address).context["page"].paginator.count == number, address
            checked += 1
    assert checked > 6


def test_a_methodist_sees_who_is_late_in_her_own_district_and_nobody_else(
    late, signed_in, maria, region
):
    (group,) = signed_in(maria).get(URL).context["groups"]
    assert group.territory.municipality == region.lakeside
    assert shown_of(group) == [region.school_1, region.school_2]
    assert [rows.executor.sums.late for rows in group.organizations] == [2, 2]


def test_the_worst_territory_is_first_and_what_stands_outside_last(late, signed_in, olga, region):
    groups = signed_in(olga).get(URL).context["groups"]
    assert [group.territory.municipality for group in groups] == [region.lakeside, None]
    assert [group.territory.tasks for group in groups] == [4, 1]


def test_those_outside_can_be_looked_at_alone(late, signed_in, olga, region):
    client = signed_in(olga)
    assert figures(client, municipality="null").overdue == 1
    (group,) = client.get(URL, {"municipality": "null"}).context["groups"]
    assert shown_of(group) == [region.boarding_school]


@pytest.mark.parametrize("url", [URL, PRINT])
def test_whoever_was_found_by_the_e_mail_stays_an_e_mail_until_they_come_in(
    late, signed_in, maria, victor, region, url
):
    since = timezone.localdate() - timedelta(days=1)
    Membership.objects.create(
        user=victor, organization=region.school_2, role=Role.EXECUTOR, since=since
    )
    page = signed_in(maria).get(url).content.decode()
    assert "Victorov" not in page
    assert victor.email in page
    signed_in(victor).get("/")
    assert "Victorov" in signed_in(maria).get(url).content.decode()


def test_due_today_is_not_overdue(late, signed_in, olga):
    Task.objects.update(due_on=timezone.localdate())
    found = figures(signed_in(olga))
    assert (found.overdue, found.soon) == (0, Task.objects.count())


@pytest.mark.parametrize(
    "conditions", [{"resolution": "no-such"}, {"municipality": "nonsense"}, {"delay": "abc"}]
)
def test_a_condition_that_makes_no_sense_is_told_and_no_figure_shown(
    late, signed_in, olga, conditions
):
    response = signed_in(olga).get(URL, conditions)
    assert response.status_code == 200
    page = response.content.decode()
    assert 'role="alert"' in page
    assert "data-figure" not in page


def test_a_long_list_comes_in_pages_whose_heads_still_sum_up_the_whole(
    late, signed_in, olga, region
):
    Task.objects.bulk_create(
        [
            Task(
                recommendation=late.recommendation,
                executor=school,
                due_on=timezone.localdate() - timedelta(days=2),
            )
            for school in OrganizationFactory.create_batch(60, parent=region.lakeside)
        ]
    )
    client = signed_in(olga)
    first = client.get(URL).context
    second = client.get(URL, {"page": 2}).context
    assert len(first["page"]) == 25
    assert first["groups"][0].territory.tasks == second["groups"][0].territory.tasks == 64


def test_three_rows_cost_as_much_as_twenty(late, signed_in, olga, queries_of, region):
    client = signed_in(olga)
    few = queries_of(lambda: client.get(URL))
    for _ in range(2):
        district = OrganizationFactory(
            kind=Organization.Kind.MUNICIPAL_AUTHORITY, parent=region.department
        )
        Task.objects.bulk_create(
            [
                Task(
                    recommendation=late.recommendation,
                    executor=school,
                    due_on=timezone.localdate() - timedelta(days=2),
                )
                for school in OrganizationFactory.create_batch(10, parent=district)
            ]
        )
    assert queries_of(lambda: client.get(URL)) == few


@pytest.mark.parametrize("name", [*EVERYBODY, "tamara", "victor", "anna"])
@pytest.mark.parametrize("stage", ["region", "sent"])
def test_everybody_gets_a_whole_page_and_a_start(signed_in, request, name, stage):
    request.getfixturevalue(stage)
    client = signed_in(request.getfixturevalue(name))
    assert client.get(URL).status_code == 200
    response = client.get("/")
    assert response.status_code == 302
    assert client.get(response.url).status_code == 200


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("olga", "dashboards:overview"),
        ("maria", "dashboards:overdue_list"),
        ("pavel", "dashboards:overdue_list"),
        ("nina", "dashboards:overview"),
        ("sergey", "tasks:my_organization"),
    ],
)
def test_the_day_begins_on_the_page_of_the_role(signed_in, request, name, page):
    """The site's bare address leads there, and its name above every page does at once."""
    client = signed_in(request.getfixturevalue(name))
    assert client.get(reverse("dashboards:start")).url == reverse(page)
    profile = client.get(reverse("organizations:profile")).content.decode()
    assert f'<a class="brand" href="{reverse(page)}">' in profile


def test_links_keep_the_conditions_of_the_page(late, signed_in, olga, sent, region):
    page = signed_in(olga).get(URL, {"resolution": sent.slug, "municipality": region.lakeside.pk})
    link = list_url(state="overdue", resolution=sent.slug, municipality=region.lakeside.pk)
    assert link.replace("&", "&amp;") in page.content.decode()


@pytest.mark.parametrize(
    ("conditions", "overdue"),
    [
        ({"delay": 0}, 5),
        ({"delay": 1}, 3),
        ({"delay": 4}, 3),
        ({"delay": 5}, 2),
        ({"delay": 12}, 0),
        ({"unopened": "on"}, 4),
        ({"unopened": "on", "delay": 5}, 1),
        ({"organization": "школы № 1"}, 2),
        ({"organization": "интернат"}, 1),
        ({"theme": "Наставничество"}, 3),
    ],
)
def test_every_condition_narrows_rows_figures_paper_and_file_alike(
    late, signed_in, olga, conditions, overdue
):
    """Late by more than so many days: what is late by exactly so many is not shown."""
    client = signed_in(olga)
    page = client.get(URL, conditions).context
    assert page["figures"].overdue == page["page"].paginator.count == overdue
    assert sum(each.tasks for each in page["territories"]) == overdue
    assert client.get(PRINT, conditions).context["printed"] == overdue
    saved = client.get(reverse("dashboards:overdue_export", args=["csv"]), conditions)
    lines = b"".join(saved.streaming_content).decode("utf-8-sig").splitlines()
    numbered = [line for line in lines if line.partition(";")[0].isdecimal()]
    assert len(numbered) == overdue


def test_delay_and_opening_are_conditions_of_what_is_late_only(late, signed_in, olga):
    """What falls due this week is not late by any days: its figure stays as it is."""
    client = signed_in(olga)
    assert figures(client).soon == figures(client, delay=10, unopened="on").soon == 2


@pytest.mark.parametrize("conditions", [{"delay": "x"}, {"delay": "-1"}, {"theme": "no such"}])
def test_a_condition_out_of_all_bounds_shows_nothing_rather_than_more(
    late, signed_in, olga, conditions
):
    response = signed_in(olga).get(URL, conditions)
    assert (response.status_code, response.context["page"].paginator.count) == (200, 0)


def test_themes_are_offered_where_there_are_any(late, signed_in, maria):
    client = signed_in(maria)
    assert "theme" in client.get(URL).context["filter"].form.fields
    Recommendation.objects.update(theme="")
    page = client.get(URL, {"theme": "Наставничество"})
    assert "theme" not in page.context["filter"].form.fields
    assert page.context["figures"].overdue == 4


def test_what_has_no_deadline_has_its_own_figure(late, signed_in, olga, region):
    Task.objects.filter(executor=region.school_2).update(due_on=None)
    client = signed_in(olga)
    page = client.get(URL)
    assert page.context["figures"].undated == 2
    address = page.context["urls"]["undated"]
    listed = client.get(address).context["page"]
    assert {task.executor for task in listed} == {region.school_2}


class TestRow:
    def row(self, client, task):
        for group in client.get(URL).context["groups"]:
            for own in group.organizations:
                for each in own.rows:
                    if each.task == task:
                        return each
        return None

    def test_it_says_what_was_done_last_and_how_often_it_came_back(
        self, late, signed_in, maria, sergey
    ):
        """Opened, reported and returned twice; the day of mending has passed again."""
        for _time in range(2):
            task = Task.objects.get(pk=late.pk)
            workflow.report(task, sergey, Report.Outcome.DONE, "Готово.")
            workflow.send_back(task, maria, "Приложите приказ.")
        Task.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=1))
        client = signed_in(maria)
        row = self.row(client, late)
        assert (row.returns, row.last.action, row.last.actor) == (2, "RETURN", maria)
        assert (row.days, row.reminded) == (1, None)
        text = client.get(URL).content.decode().replace("\xa0", " ")
        assert "возвращали 2 раза" in text

    def test_who_has_never_opened_it_is_seen(self, late, signed_in, maria, region):
        text = signed_in(maria).get(URL).content.decode()
        assert text.count("Не открывали") == 3
        other = Task.objects.filter(executor=region.school_2).first()
        assert self.row(signed_in(maria), other).task.opened_at is None

    def test_the_methodist_reads_whom_to_call(self, late, signed_in, maria, region, sergey):
        region.school_1.phone = "8 (81755) 2-14-15"
        region.school_1.save()
        for address in (URL, PRINT):
            text = signed_in(maria).get(address).content.decode().replace("\xa0", " ")
            assert sergey.get_short_name() in text
            assert "8 (81755) 2-14-15" in text

    def test_who_has_left_is_not_named(self, late, signed_in, maria, sergey):
        sergey.memberships.filter(role=Role.EXECUTOR).update(until=timezone.localdate())
        (group,) = signed_in(maria).get(URL).context["groups"]
        assert [own.answering for own in group.organizations] == [[], []]


class TestPaper:
    def test_all_rows_are_on_it_with_subtotals_not_only_a_page(self, late, signed_in, olga, region):
        Task.objects.bulk_create(
            Task(
                recommendation=late.recommendation,
                executor=school,
                due_on=timezone.localdate() - timedelta(days=2),
            )
            for school in OrganizationFactory.create_batch(60, parent=region.riverside)
        )
        context = signed_in(olga).get(PRINT).context
        assert context["printed"] == context["figures"].overdue == 65
        rows = [
            row for group in context["groups"] for own in group.organizations for row in own.rows
        ]
        assert [row.place for row in rows] == list(range(1, 66))
        sums = [
            (group.territory.municipality, group.territory.tasks) for group in context["groups"]
        ]
        assert sums == [(region.riverside, 60), (region.lakeside, 4), (None, 1)]

    def test_more_than_paper_holds_is_said_and_not_cut_in_silence(
        self, late, signed_in, olga, monkeypatch
    ):
        monkeypatch.setattr("dashboards.views.overdue.PRINTED", 3)
        page = signed_in(olga).get(PRINT)
        assert page.context["printed"] == 3
        assert "первые 3 строк из 5" in page.content.decode().replace("\xa0", " ")
        monkeypatch.setattr("dashboards.views.overdue.PRINTED", 5)
        assert "первые" not in signed_in(olga).get(PRINT).content.decode()

    def test_it_says_the_day_and_the_conditions(self, late, signed_in, olga, region):
        page = signed_in(olga).get(PRINT, {"municipality": region.lakeside.pk, "delay": 3})
        text = page.content.decode().replace("\xa0", " ")
        assert f"Просрочено на {timezone.localdate():%d.%m.%Y}" in text
        assert f"Муниципалитет: {region.lakeside}" in text
        assert "Просрочено более, дней: 3" in text

    def test_nobody_reads_on_it_what_is_beyond_their_reach(self, late, signed_in, maria, region):
        text = signed_in(maria).get(PRINT).content.decode().replace("\xa0", " ")
        assert region.school_1.short_name in text
        assert region.boarding_school.name not in text


def test_a_demonstration_without_anything_late_still_says_that_it_is_invented(
    sent, signed_in, maria
):
    sent.is_demonstration = True
    sent.save()
    Task.objects.update(due_on=None)
    client = signed_in(maria)
    for address in (URL, PRINT, reverse("dashboards:overview")):
        assert client.get(address).context["demonstration"], address


def test_very_many_words_are_refused_and_break_nothing(late, signed_in, maria):
    """SQLite takes no expression as deep as that: the field refuses them before."""
    words = " ".join(["школа"] * 800)
    client = signed_in(maria)
    for name in ("dashboards:overdue_list", "dashboards:reminder_create", "tasks:task_list"):
        assert client.get(reverse(name), {"organization": words}).status_code == 200


@pytest.mark.parametrize("read", ["keys", "rows"])
def test_what_was_reported_while_the_page_was_read_is_left_out(
    late, signed_in, olga, region, monkeypatch, read
):
    """The territories are summed up first, the keys of the rows and the rows a moment later."""

    def meanwhile(*arguments):
        own = Task.objects.filter(executor=region.boarding_school)
        if read == "keys":
            own.update(due_on=None)
        keys = keys_at(*arguments)
        own.update(due_on=None)
        return keys

    monkeypatch.setattr("dashboards.views.overdue.keys_at", meanwhile)
    page = signed_in(olga).get(URL)
    shown = [each for group in page.context["groups"] for each in shown_of(group)]
    assert shown == [region.school_1, region.school_2]
