"""The overview and the summary: who sees what, what is worst, what they cost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dashboards.charts import course_chart
from dashboards.history import Moment, ends_between
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from resolutions.models import Recommendation, Resolution, Section
from tasks import workflow
from tasks.breakdown import Breakdown
from tasks.models import Task

OVERVIEW, SUMMARY = "/overview/", "/summary/"


@pytest.fixture
def resolutions(sent, region):
    """``resolutions(20)`` puts more of them on control, each with one task of school 1."""

    def make(count: int) -> list[Resolution]:
        made = []
        for number in range(count):
            resolution = Resolution.objects.create(
                title=f"Резолюция {number}",
                issuer=region.department,
                status="ON_CONTROL",
                sent_at=timezone.now(),
            )
            section = Section.objects.create(resolution=resolution, heading="Школе", position=1)
            recommendation = Recommendation.objects.create(
                section=section, position=1, text="Сделать."
            )
            Task.objects.create(recommendation=recommendation, executor=region.school_1)
            made.append(resolution)
        return made

    return make


def titles(client, **conditions) -> list[str]:
    return [row.resolution.title for row in client.get(OVERVIEW, conditions).context["rows"]]


def test_the_resolution_with_most_overdue_stands_first_and_finished_ones_do_not_stand(
    sent, resolutions, signed_in, olga
):
    yesterday = timezone.localdate() - timedelta(days=1)
    late, later, quiet, finished = resolutions(4)
    tasks = {
        each.pk: Task.objects.filter(recommendation__section__resolution=each)
        for each in (sent, late, later, quiet, finished)
    }
    for each, days in ((late, 1), (later, 30)):
        tasks[each.pk].update(due_on=timezone.localdate() - timedelta(days=days))
    tasks[sent.pk].update(due_on=None)
    tasks[quiet.pk].update(status="COMPLETED", reported_on=yesterday, completed_on=yesterday)
    Resolution.objects.filter(pk=finished.pk).update(status="OFF_CONTROL")
    assert titles(signed_in(olga)) == [later.title, late.title, sent.title, quiet.title]


def test_how_many_are_off_control_is_told_and_leads_to_them(resolutions, signed_in, olga):
    finished, archived, _running = resolutions(3)
    Resolution.objects.filter(pk=finished.pk).update(status="OFF_CONTROL")
    Resolution.objects.filter(pk=archived.pk).update(status="ARCHIVED")
    client = signed_in(olga)
    assert client.get(OVERVIEW).context["finished"] == 1
    listed = client.get(reverse("tasks:resolution_list"), {"status": "OFF_CONTROL"})
    assert [row.pk for row, *_ in listed.context["rows"]] == [finished.pk]


def test_a_resolution_of_others_without_a_task_in_reach_is_not_counted(
    sent, signed_in, victor, tamara
):
    assert titles(signed_in(victor)) == []
    assert signed_in(victor).get(OVERVIEW).context["total"].tally.everything == 0
    assert titles(signed_in(tamara)) == [sent.title]


def test_the_coordinator_continues_a_draft_and_nobody_else_sees_it(
    draft, signed_in, olga, nina, maria
):
    page = signed_in(olga).get(OVERVIEW).content.decode()
    assert reverse("resolutions:resolution_update", args=[draft.slug]) in page
    for person in (nina, maria):
        context = signed_in(person).get(OVERVIEW).context
        assert (context["draft_count"], list(context["drafts"])) == (0, [])


def test_an_observer_is_not_offered_to_enter_a_resolution(sent, signed_in, nina, olga):
    link = reverse("resolutions:resolution_create")
    assert link in signed_in(olga).get(OVERVIEW).content.decode()
    assert link not in signed_in(nina).get(OVERVIEW).content.decode()


def test_before_anything_is_sent_the_pages_say_what_will_be_here(region, signed_in, olga):
    for url in (OVERVIEW, SUMMARY):
        page = signed_in(olga).get(url)
        assert page.status_code == 200
        assert 'class="empty"' in page.content.decode()


def test_twenty_resolutions_stand_on_a_page_and_the_total_is_of_all(
    sent, resolutions, signed_in, olga
):
    resolutions(24)
    client = signed_in(olga)
    assert len(titles(client)) == 20
    assert len(titles(client, page=2)) == 5
    assert client.get(OVERVIEW, {"page": 2}).context["total"].tally.total == 7 + 24


def test_who_to_remind_is_told_in_organizations_and_leads_to_the_page_that_reminds(
    sent, signed_in, olga, sergey, region
):
    Task.objects.update(due_on=None)
    Task.objects.filter(executor__in=[region.school_1, region.school_2]).update(
        due_on=timezone.localdate() - timedelta(days=2)
    )
    workflow.mark_opened(Task.objects.filter(executor=region.school_1).first(), sergey)
    page = signed_in(olga).get(OVERVIEW)
    total = page.context["total"]
    assert (total.tally.overdue, total.unopened, page.context["late_organizations"]) == (4, 3, 2)
    assert f'href="{reverse("dashboards:overdue_list")}"' in page.content.decode()


class TestSummary:
    def test_one_municipality_is_shown_by_organization(self, sent, signed_in, olga, region):
        client = signed_in(olga)
        whole = client.get(SUMMARY).context
        assert len(whole["municipalities"]) == 2
        assert whole["page"] is None
        one = client.get(SUMMARY, {"municipality": region.riverside.pk}).context
        assert [row.name for row in one["page"]] == ["Школа № 3"]

    def test_where_only_one_municipality_counts_only_its_organizations_are_shown(
        self, sent, signed_in, olga, region
    ):
        Task.objects.filter(executor__municipality=region.riverside).update(status="CANCELLED")
        context = signed_in(olga).get(SUMMARY).context
        assert [row.municipality for row in context["municipalities"]] == [region.lakeside]
        assert "Школа № 3" not in [row.name for row in context["page"]]
        assert sum((row.breakdown for row in context["page"]), Breakdown()) == context["total"]

    def test_a_whole_region_is_shown_by_organization_when_asked_the_most_overdue_first(
        self, sent, signed_in, olga, region
    ):
        Task.objects.update(due_on=None)
        yesterday = timezone.localdate() - timedelta(days=1)
        Task.objects.filter(executor=region.school_3).update(due_on=yesterday)
        client = signed_in(olga)
        page = client.get(SUMMARY, {"by": "executor"})
        names = [row.name for row in page.context["page"]]
        authority = "Управление образования Озёрного района"
        assert names == ["Школа № 3", authority, "Школа № 1", "Школа № 2"]
        whole = client.get(SUMMARY).context["total"]
        assert page.context["total"] == whole
        assert sum((row.breakdown for row in page.context["page"]), Breakdown()) == whole
        assert "by=executor" in page.content.decode()  # stays while conditions are chosen
        saved = client.get(reverse("dashboards:summary_export", args=["csv"]), {"by": "executor"})
        lines = b"".join(saved.streaming_content).decode("utf-8-sig").splitlines()
        assert [name for line in lines for name in names if line.startswith(name)] == names

    def test_what_stands_outside_municipalities_is_a_row_of_its_own(
        self, sent, signed_in, olga, region
    ):
        task = Task.objects.first()
        Task.objects.create(recommendation=task.recommendation, executor=region.boarding_school)
        rows = signed_in(olga).get(SUMMARY).context["municipalities"]
        assert [row.key for row in rows][-1] == "null"
        outside = signed_in(olga).get(SUMMARY, {"municipality": "null"}).context
        assert [row.name for row in outside["page"]] == ["Школа-интернат № 4"]

    def test_resolutions_are_told_apart_by_year_and_by_control(self, sent, signed_in, olga):
        client = signed_in(olga)
        for conditions, count in (
            ({"year": 2026}, 7),
            ({"control": "ON_CONTROL"}, 7),
            ({"control": "OFF_CONTROL"}, 0),
            ({"resolution": sent.slug}, 7),
            ({"year": 1999}, 0),  # no choice: the condition makes no sense
        ):
            assert client.get(SUMMARY, conditions).context["total"].counted == count, conditions

    def test_a_district_out_of_reach_is_refused_without_its_name(
        self, sent, signed_in, maria, region
    ):
        page = signed_in(maria).get(SUMMARY, {"municipality": region.riverside.pk})
        assert page.context["total"].counted == 0
        assert "Заречного" not in page.content.decode()


class TestCourse:
    def test_steps_grow_with_the_span_and_always_end_today(self):
        today = date(2026, 11, 21)  # a Saturday
        weeks = ends_between(date(2026, 11, 2), today)
        assert weeks == [date(2026, 11, 8), date(2026, 11, 15), today]
        months = ends_between(date(2026, 1, 31), today)
        assert months[:2] == [date(2026, 1, 31), date(2026, 2, 28)]
        assert len(months) == 11
        quarters = ends_between(date(2020, 11, 15), today)
        assert quarters[:2] == [date(2020, 12, 31), date(2021, 3, 31)]
        years = ends_between(date(1999, 12, 31), today)
        assert years[:2] == [date(1999, 12, 31), date(2000, 12, 31)]
        assert ends_between(today, today) == [today]

    def test_one_day_is_no_course_yet(self):
        assert course_chart([]) is None
        assert course_chart([Moment(date(2026, 1, 1), 3, 0)]) is None

    def test_lines_stay_within_the_chart(self):
        days = [date(2026, 1, 1) + timedelta(days=30 * step) for step in range(9)]
        chart = course_chart([Moment(day, 417, step * 50) for step, day in enumerate(days)])
        places = [point.split(",") for point in f"{chart.sent} {chart.completed}".split()]
        assert all(chart.left <= float(x) <= chart.right for x, _y in places)
        assert all(0 <= float(y) <= chart.bottom for _x, y in places)
        assert [tick.label for tick in chart.rows] == ["0", "120", "240", "360", "480"]
        assert len(chart.days) == 6

    def test_the_course_counts_what_was_completed_up_to_each_day(self, sent, signed_in, olga):
        sent_at = timezone.now() - timedelta(days=21)
        Resolution.objects.filter(pk=sent.pk).update(sent_at=sent_at)
        today = timezone.localdate()
        first, second, out = Task.objects.all()[:3]
        for task, days in ((first, 20), (second, 0)):
            day = today - timedelta(days=days)
            Task.objects.filter(pk=task.pk).update(
                status="COMPLETED", reported_on=day, completed_on=day
            )
        Task.objects.filter(pk=out.pk).update(status="CANCELLED")
        moments = signed_in(olga).get(OVERVIEW).context["chart"].moments
        assert {each.sent for each in moments} == {6}
        assert [moments[-2].completed, moments[-1].completed] == [1, 2]

    @pytest.mark.parametrize("url", [OVERVIEW, SUMMARY])
    def test_a_course_over_years_is_the_same_from_kept_counts_as_counted_by_day(
        self, sent, resolutions, signed_in, olga, nina, url
    ):
        today = timezone.localdate()
        old, older = resolutions(2)
        for each, days in ((sent, 200), (old, 400), (older, 700)):
            sent_at = timezone.now() - timedelta(days=days)
            Resolution.objects.filter(pk=each.pk).update(sent_at=sent_at)
        for task, days in zip(Task.objects.order_by("pk"), (0, 1, 29, 62, 199, 390), strict=False):
            day = today - timedelta(days=days)
            Task.objects.filter(pk=task.pk).update(
                status="COMPLETED", reported_on=day, completed_on=day
            )
        moments = signed_in(olga).get(url).context["chart"].moments
        counted = Task.objects.filter(status="COMPLETED")
        assert len(moments) > 20
        for each in moments:
            assert each.completed == counted.filter(completed_on__lte=each.day).count()
        assert moments[-1].completed == 6
        assert signed_in(nina).get(url).context["chart"].moments == moments

    def test_the_course_of_one_municipality_is_its_own(self, sent, signed_in, olga, region):
        sent_at = timezone.now() - timedelta(days=400)
        Resolution.objects.filter(pk=sent.pk).update(sent_at=sent_at)
        today = timezone.localdate()
        Task.objects.update(status="COMPLETED", reported_on=today, completed_on=today)
        client = signed_in(olga)
        for place in (region.lakeside, region.riverside):
            moments = client.get(SUMMARY, {"municipality": place.pk}).context["chart"].moments
            own = Task.objects.filter(executor__municipality=place).count()
            assert (moments[-1].sent, moments[-1].completed) == (own, own)


def test_three_organizations_cost_as_much_as_three_hundred(
    sent, signed_in, olga, sergey, queries_of, region, resolutions
):
    yesterday = timezone.localdate() - timedelta(days=1)
    Task.objects.update(due_on=timezone.localdate() + timedelta(days=3))
    boarding = Task.objects.create(
        recommendation=Task.objects.first().recommendation, executor=region.boarding_school
    )
    Task.objects.filter(executor=region.school_1).update(due_on=yesterday)
    Task.objects.filter(executor=region.school_2).update(
        due_on=timezone.localdate() + timedelta(days=20)
    )
    done = Task.objects.filter(executor=region.school_3)
    done.update(status="COMPLETED", reported_on=yesterday, completed_on=yesterday)
    urls = [
        OVERVIEW,
        SUMMARY,
        f"{SUMMARY}?municipality={region.lakeside.pk}",
        f"{SUMMARY}?by=executor",
        reverse("tasks:organization_tasks", args=[region.school_1.pk]),
    ]
    client, own = signed_in(olga), signed_in(sergey)

    def cost() -> list[int]:
        return [
            *(queries_of(lambda url=url: client.get(url)) for url in urls),
            queries_of(lambda: own.get(reverse("tasks:my_organization"))),
        ]

    few = cost()
    districts = OrganizationFactory.create_batch(
        10, kind=Organization.Kind.MUNICIPAL_AUTHORITY, parent=region.department
    )
    schools = [
        *OrganizationFactory.create_batch(100, parent=region.lakeside),
        *(each for d in districts for each in OrganizationFactory.create_batch(20, parent=d)),
    ]
    Task.objects.bulk_create(
        Task(recommendation=boarding.recommendation, executor=each, due_on=yesterday)
        for each in schools
    )
    resolutions(30)
    assert cost() == few
