"""The page of a recommendation with its executors, and that of an organisation with its tasks."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from resolutions.models import Recommendation
from tasks import workflow
from tasks.models import Task

S = Task.Status


@pytest.fixture
def recommendation(sent) -> Recommendation:
    """It goes to schools 1 and 2 of Lakeside and to school 3 of Riverside."""
    return Recommendation.objects.get(text__startswith="Разработать")


@pytest.fixture
def page_url(recommendation) -> str:
    return reverse("tasks:recommendation_detail", args=[recommendation.pk])


@pytest.fixture
def in_all_states(recommendation, region, many_schools, day):
    """Nine more executors, in every segment of the tally; the first three are in time."""
    recommendation.tasks.update(due_on=day(20))
    states = (
        (S.ASSIGNED, -3),
        (S.ASSIGNED, 3),
        (S.IN_PROGRESS, None),
        (S.REWORK, 5),
        (S.REPORTED, -2),
        (S.COMPLETED, -2),
        (S.NOT_APPLICABLE, None),
        (S.CANCELLED, None),
    )
    for school, (status, due) in zip(many_schools(8), states, strict=True):
        reported = status in (S.REPORTED, S.COMPLETED, S.NOT_APPLICABLE)
        Task.objects.create(
            recommendation=recommendation,
            executor=school,
            status=status,
            due_on=None if due is None else day(due),
            reported_on=timezone.localdate() if reported else None,
            completed_on=timezone.localdate() if status == S.COMPLETED else None,
        )
    Task.objects.create(recommendation=recommendation, executor=region.boarding_school)


class TestRecommendation:
    @pytest.mark.parametrize(
        ("name", "answer", "executors"),
        [
            ("olga", 200, {"Школа № 1", "Школа № 2", "Школа № 3"}),
            ("nina", 200, {"Школа № 1", "Школа № 2", "Школа № 3"}),
            ("maria", 200, {"Школа № 1", "Школа № 2"}),
            ("pavel", 200, {"Школа № 1", "Школа № 2"}),
            ("sergey", 200, {"Школа № 1"}),
            ("tamara", 200, {"Школа № 3"}),
            ("victor", 404, set()),
            ("anna", 404, set()),
        ],
    )
    def test_everybody_sees_the_executors_within_reach(
        self, page_url, signed_in, request, name, answer, executors
    ):
        response = signed_in(request.getfixturevalue(name)).get(page_url)
        assert response.status_code == answer
        if answer == 200:
            assert {str(task.executor) for task in response.context["page"]} == executors
            assert response.context["tally"].everything == len(executors)

    def test_whose_reach_it_does_not_touch_reads_the_text_only(self, sent, signed_in, sergey):
        other = Recommendation.objects.get(text__startswith="Провести")
        response = signed_in(sergey).get(reverse("tasks:recommendation_detail", args=[other.pk]))
        assert "мониторинг" in response.content.decode()
        assert list(response.context["page"]) == []
        assert "Озёрного района" not in [
            str(each.municipality) for each in response.context["territories"]
        ]

    def test_a_draft_has_no_such_page(self, draft, signed_in, olga):
        key = Recommendation.objects.filter(section__resolution=draft).first().pk
        assert (
            signed_in(olga).get(reverse("tasks:recommendation_detail", args=[key])).status_code
            == 404
        )

    @pytest.mark.parametrize("name", ["olga", "maria", "pavel", "nina", "sergey"])
    def test_every_number_is_the_length_of_the_list_it_opens(
        self, page_url, in_all_states, signed_in, request, name, numbers_of
    ):
        client = signed_in(request.getfixturevalue(name))
        numbers = numbers_of(client.get(page_url))
        for address, number in numbers:
            assert client.get(address).context["page"].paginator.count == number, address
        assert len(numbers) >= 1 if name == "sergey" else len(numbers) > 5

    def test_municipalities_sum_up_to_the_whole_the_most_overdue_first_those_outside_last(
        self, page_url, in_all_states, signed_in, olga, region
    ):
        context = signed_in(olga).get(page_url).context
        parts = context["territories"]
        assert [part.municipality for part in parts] == [region.lakeside, region.riverside, None]
        assert sum(part.tally.everything for part in parts) == context["tally"].everything == 12

    def test_executors_stand_by_municipality_and_name(
        self, page_url, in_all_states, signed_in, olga
    ):
        tasks = list(signed_in(olga).get(page_url).context["page"])
        order = [
            (
                task.executor.municipality is None,
                str(task.executor.municipality),
                task.executor.name,
            )
            for task in tasks
        ]
        assert tasks[-1].executor.municipality is None
        assert [each[:2] for each in order] == sorted(each[:2] for each in order)

    def test_filters(self, page_url, in_all_states, signed_in, olga, region):
        client = signed_in(olga)

        def found(**conditions) -> int:
            return client.get(page_url, conditions).context["page"].paginator.count

        assert found() == 12
        assert found(status="REWORK") == 1
        assert found(state="overdue") == 1
        assert found(municipality=region.riverside.pk) == 1
        assert found(municipality="null") == 1
        assert found(q="ЗАРЕЧНОГО") == 1
        assert found(unopened="on", state="owed") == 8
        assert found(status="nonsense") == 0

    def test_a_condition_that_makes_no_sense_is_not_said_to_find_nothing(
        self, page_url, signed_in, olga
    ):
        page = signed_in(olga).get(page_url, {"status": "nonsense"}).content.decode()
        assert "Условие отбора не понято" in page
        assert f'<a href="{page_url}#executors">Сбросить отбор</a>' in page
        assert 'class="empty"' not in page

    def test_it_costs_the_same_for_three_executors_and_for_thirty(
        self, page_url, recommendation, signed_in, olga, queries_of, many_schools
    ):
        client = signed_in(olga)
        few = queries_of(lambda: client.get(page_url))
        Task.objects.bulk_create(
            [Task(recommendation=recommendation, executor=school) for school in many_schools(30)]
        )
        assert queries_of(lambda: client.get(page_url)) == few

    def test_long_lists_have_pages(self, page_url, recommendation, signed_in, olga, many_schools):
        Task.objects.bulk_create(
            [Task(recommendation=recommendation, executor=school) for school in many_schools(60)]
        )
        page = signed_in(olga).get(page_url, {"page": 2}).context["page"]
        assert (page.number, len(page), page.paginator.count) == (2, 13, 63)

    def test_the_document_the_task_and_the_list_lead_here(self, page_url, sent, signed_in, maria):
        client = signed_in(maria)
        task = Task.objects.visible_to(maria).first()
        for url in (sent.get_absolute_url(), task.get_absolute_url(), reverse("tasks:task_list")):
            assert f'href="{page_url}"' in client.get(url).content.decode()

    def test_only_coordinators_change_it(self, page_url, signed_in, olga, maria):
        assert signed_in(olga).get(page_url).context["may_run"]
        assert not signed_in(maria).get(page_url).context["may_run"]


class TestTasksOfAnOrganization:
    def url(self, organization) -> str:
        return reverse("tasks:organization_tasks", args=[organization.pk])

    @pytest.mark.parametrize(
        ("name", "answer"),
        [
            ("olga", 200),
            ("maria", 200),
            ("pavel", 200),
            ("nina", 200),
            ("sergey", 200),
            ("tamara", 404),
            ("victor", 404),
            ("anna", 404),
        ],
    )
    def test_who_has_it_within_reach_sees_it(self, sent, region, signed_in, request, name, answer):
        client = signed_in(request.getfixturevalue(name))
        assert client.get(self.url(region.school_1)).status_code == answer

    def test_what_is_owed_stands_first_and_what_is_done_in_the_sums(
        self, sent, region, signed_in, maria, sergey, day
    ):
        done, late = Task.objects.filter(executor=region.school_1).order_by("pk")
        workflow.report(done, sergey, "DONE", "Готово.")
        Task.objects.filter(pk=late.pk).update(due_on=day(-4))
        context = signed_in(maria).get(self.url(region.school_1)).context
        assert list(context["page"]) == [late]
        assert (context["tally"].completed, context["tally"].overdue) == (1, 1)
        assert [year.year for year in context["years"]] == [2026]

    def test_a_municipality_shows_its_own_tasks_not_those_of_its_schools(
        self, sent, region, signed_in, olga
    ):
        context = signed_in(olga).get(self.url(region.lakeside)).context
        assert context["tally"].everything == 1

    @pytest.mark.parametrize("name", ["olga", "maria", "sergey"])
    def test_every_number_is_the_length_of_the_list_it_opens(
        self, sent, region, signed_in, request, name, numbers_of, day
    ):
        first, _second = Task.objects.filter(executor=region.school_1)
        Task.objects.filter(pk=first.pk).update(due_on=day(-4))
        older = type(sent).objects.create(
            title="Прошлогодняя",
            issuer=region.department,
            event_date=date(2025, 8, 25),
            status="ON_CONTROL",
            sent_at=timezone.now(),
        )
        section = older.sections.create(heading="Школам", position=1)
        each = Recommendation.objects.create(section=section, position=1, text="Сделать.")
        Task.objects.create(recommendation=each, executor=region.school_1)
        client = signed_in(request.getfixturevalue(name))
        response = client.get(self.url(region.school_1))
        assert [year.year for year in response.context["years"]] == [2026, 2025]
        numbers = numbers_of(response)
        assert len(numbers) >= 6
        for address, number in numbers:
            assert client.get(address).context["page"].paginator.count == number, address

    @pytest.mark.parametrize("year", ["nonsense", "99999999999", "-1", "2026.5"])
    def test_a_year_that_makes_no_sense_finds_nothing(self, sent, signed_in, olga, year):
        page = signed_in(olga).get(reverse("tasks:task_list"), {"year": year}).context["page"]
        assert page.paginator.count == 0

    def test_it_costs_the_same_for_three_tasks_and_for_thirty(
        self, sent, region, signed_in, olga, queries_of
    ):
        client, url = signed_in(olga), self.url(region.school_1)
        few = queries_of(lambda: client.get(url))
        for number in range(30):
            other = type(sent).objects.create(
                title=f"Резолюция {number}",
                issuer=region.department,
                event_date=date(2010 + number % 10, 8, 25),
                status="ON_CONTROL",
                sent_at=timezone.now(),
            )
            section = other.sections.create(heading="Школам", position=1)
            each = Recommendation.objects.create(section=section, position=1, text="Сделать.")
            Task.objects.create(recommendation=each, executor=region.school_1)
        assert queries_of(lambda: client.get(url)) == few

    def test_the_card_leads_here_and_back(self, sent, region, signed_in, maria):
        client = signed_in(maria)
        card = region.school_1.get_absolute_url()
        assert f'href="{self.url(region.school_1)}"' in client.get(card).content.decode()
        assert f'href="{card}"' in client.get(self.url(region.school_1)).content.decode()

    def test_without_tasks_it_says_what_will_be_there(self, region, signed_in, olga):
        response = signed_in(olga).get(self.url(region.institute))
        assert 'class="empty"' in response.content.decode()
