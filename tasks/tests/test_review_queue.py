"""«На приёмке»: what waits for whom, in what order; walking through it, accepting many at once."""

from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import person
from organizations.roles import Role
from resolutions.models import Recommendation, Resolution
from tasks import workflow
from tasks.models import Evidence, Report, Task, TaskEvent
from tasks.review import waiting_number

S = Task.Status
QUEUE = reverse("tasks:review_queue")
BULK = reverse("tasks:review_accept")


@pytest.fixture
def report_of():
    """``report_of(task, sergey, 3)``: reported three days ago, awaiting acceptance."""

    def report(task, author, days_ago=0, outcome=Report.Outcome.DONE) -> Task:
        Recommendation.objects.filter(pk=task.recommendation_id).update(acceptance_required=True)
        task = Task.objects.get(pk=task.pk)
        at = timezone.now() - timedelta(days=days_ago)
        workflow.report(task, author, outcome, f"Сделано {days_ago}.", at=at)
        return Task.objects.get(pk=task.pk)

    return report


@pytest.fixture
def waiting(sent, region, sergey, tamara, pavel, report_of) -> dict[str, Task]:
    """Four reports of two districts; the one sent last belongs to the task entered first."""
    first = Task.objects.filter(recommendation__text__startswith="Разработать")
    second = Task.objects.filter(recommendation__text__startswith="Вести")
    return {
        "school 1, done": report_of(first.get(executor=region.school_1), sergey, 1),
        "school 1, not ours": report_of(
            second.get(executor=region.school_1), sergey, 5, Report.Outcome.NOT_APPLICABLE
        ),
        "school 3": report_of(first.get(executor=region.school_3), tamara, 3),
        "lakeside": report_of(Task.objects.get(executor=region.lakeside), pavel, 2),
    }


def queue(client, **conditions) -> list[str]:
    """The executors and texts of the queue in its order."""
    rows = client.get(QUEUE, conditions).context["rows"]
    return [f"{row.task.executor}: {row.report.text}" for row in rows]


ALL = [
    "Школа № 1: Сделано 5.",
    "Школа № 3: Сделано 3.",
    "Управление образования Озёрного района: Сделано 2.",
    "Школа № 1: Сделано 1.",
]


class TestQueue:
    @pytest.mark.parametrize(
        ("name", "places"),
        [
            ("olga", [0, 1, 2, 3]),
            ("maria", [0, 3]),  # the schools of Lakeside, not its authority
            ("pavel", [0, 3]),  # the same: he answers for the authority himself
            ("victor", []),
        ],
    )
    def test_everybody_has_their_own_the_oldest_first(
        self, waiting, signed_in, request, name, places
    ):
        client = signed_in(request.getfixturevalue(name))
        assert queue(client) == [ALL[place] for place in places]

    @pytest.mark.parametrize("name", ["olga", "maria", "pavel", "victor"])
    def test_the_bubble_of_the_navigation_is_the_length_of_the_list(
        self, waiting, signed_in, request, name
    ):
        response = signed_in(request.getfixturevalue(name)).get(QUEUE)
        entry = next(entry for entry in response.context["nav"] if entry.url == QUEUE)
        assert entry.current
        assert entry.count == response.context["page"].paginator.count
        assert entry.count == len(response.context["rows"])

    @pytest.mark.parametrize(
        ("places", "count"),
        [
            ([("department", Role.METHODIST)], 4),
            ([("lakeside", Role.METHODIST), ("department", Role.METHODIST)], 4),
            ([("lakeside", Role.METHODIST), ("riverside", Role.METHODIST)], 3),
            ([("lakeside", Role.METHODIST), ("department", Role.COORDINATOR)], 4),
            ([("lakeside", Role.METHODIST), ("department", Role.OBSERVER)], 2),
            ([("lakeside", Role.COORDINATOR)], 0),  # the department issued it
            ([("department", Role.METHODIST), ("school_3", Role.EXECUTOR)], 3),
        ],
    )
    def test_the_number_adds_the_rights_of_several_roles_up(self, waiting, region, places, count):
        held = [(getattr(region, name), role) for name, role in places]
        user = person("Zoina", *held)
        assert waiting_number(user) == Task.objects.reviewable_by(user).count() == count
        Resolution.objects.update(status="OFF_CONTROL")
        assert waiting_number(user) == Task.objects.reviewable_by(user).count() == 0

    @pytest.mark.parametrize("name", ["nina", "sergey", "anna"])
    def test_who_decides_on_nothing_has_no_queue(self, waiting, signed_in, request, name):
        response = signed_in(request.getfixturevalue(name)).get(reverse("organizations:profile"))
        assert QUEUE not in [entry.url for entry in response.context["nav"]]

    def test_a_row_says_how_long_what_and_with_which_proof(self, waiting, signed_in, maria, sergey):
        report = workflow.last_report(waiting["school 1, done"])
        for link, removed in (
            ("https://school.example", None),
            ("https://x.example", timezone.now()),
        ):
            Evidence.objects.create(report=report, link=link, added_by=sergey, removed_at=removed)
        rows = signed_in(maria).get(QUEUE).context["rows"]
        assert [(row.days, row.evidence) for row in rows] == [(5, 0), (1, 1)]

    def test_a_draft_of_the_next_report_is_not_shown(self, waiting, signed_in, maria, sergey):
        task = waiting["school 1, done"]
        Report.objects.create(
            task=task, author=sergey, for_organization=task.executor, text="Тайна"
        )
        response = signed_in(maria).get(QUEUE)
        assert "Тайна" not in response.content.decode()
        assert response.context["rows"][1].report.text == "Сделано 1."

    def test_conditions_narrow_it(self, waiting, signed_in, olga, sent, region):
        client = signed_in(olga)
        assert len(queue(client, resolution=sent.slug)) == 4
        assert queue(client, municipality=region.riverside.pk) == [ALL[1]]
        assert queue(client, outcome="NOT_APPLICABLE") == [ALL[0]]
        assert queue(client, outcome="DONE", municipality=region.lakeside.pk) == ALL[2:]
        assert queue(client, outcome="PARTLY") == []  # makes no sense: partly done never waits

    def test_what_is_decided_leaves_it(self, waiting, signed_in, olga, maria):
        workflow.accept(waiting["school 1, done"], maria)
        workflow.send_back(waiting["lakeside"], olga, "Приложите приказ.")
        assert queue(signed_in(olga)) == ALL[:2]

    def test_reports_of_a_resolution_off_control_do_not_wait(self, waiting, signed_in, olga, sent):
        sent.status = sent.Status.OFF_CONTROL
        sent.save()
        assert queue(signed_in(olga)) == []

    def test_an_empty_queue_says_what_will_be_there(self, sent, signed_in, maria):
        response = signed_in(maria).get(QUEUE)
        assert 'class="empty"' in response.content.decode()

    def test_it_costs_the_same_for_three_reports_and_for_thirty(
        self, waiting, signed_in, olga, sergey, queries_of, many_schools
    ):
        client = signed_in(olga)
        walked = waiting["school 1, done"].get_absolute_url() + "?queue=1"
        few = [queries_of(lambda url=url: client.get(url)) for url in (QUEUE, walked)]
        recommendation = waiting["school 3"].recommendation
        for school in many_schools(30):
            task = Task.objects.create(
                recommendation=recommendation,
                executor=school,
                status=S.REPORTED,
                reported_on=timezone.localdate(),
            )
            Report.objects.create(
                task=task,
                author=sergey,
                for_organization=school,
                outcome="DONE",
                text="Готово.",
                sent_at=timezone.now(),
            )
        assert len(client.get(QUEUE).context["rows"]) == 34
        assert [queries_of(lambda url=url: client.get(url)) for url in (QUEUE, walked)] == few

    def test_the_bubble_costs_a_query_or_two_and_only_those_who_decide(
        self, waiting, signed_in, olga, maria, nina, queries_of
    ):
        profile = reverse("organizations:profile")
        cost = {
            name: queries_of(partial(signed_in(user).get, profile))
            for name, user in (("nina", nina), ("olga", olga), ("maria", maria))
        }
        # The places within reach, the kept counts; of a methodist also what their own body reports.
        assert cost == {"nina": cost["nina"], "olga": cost["nina"] + 2, "maria": cost["nina"] + 3}


class TestWalk:
    """From one report to the next, without going back to the list."""

    def walk(self, client, task, **conditions):
        page = client.get(task.get_absolute_url(), {"queue": 1, **conditions})
        return page.context["control"].walk

    def test_each_report_knows_its_neighbours(self, waiting, signed_in, olga):
        client = signed_in(olga)
        order = [waiting[name] for name in ("school 1, not ours", "school 3", "lakeside")]
        order.append(waiting["school 1, done"])
        for place, task in enumerate(order):
            walk = self.walk(client, task)
            assert (walk.place, walk.total) == (place + 1, 4)
            before = order[place - 1].get_absolute_url() if place else ""
            after = order[place + 1].get_absolute_url() if place < 3 else ""
            assert (urlsplit(walk.previous).path, urlsplit(walk.next).path) == (before, after)

    def test_the_conditions_stay_all_the_way(self, waiting, signed_in, olga, region):
        client = signed_in(olga)
        conditions = {"municipality": region.lakeside.pk, "outcome": "DONE"}
        walk = self.walk(client, waiting["lakeside"], **conditions)
        assert (walk.place, walk.total, walk.previous) == (1, 2, "")
        assert client.get(walk.next).context["control"].walk.place == 2
        assert client.get(walk.next).context["task"] == waiting["school 1, done"]
        assert queue(client, **conditions) == ALL[2:]
        listed = client.get(walk.queue).context["page"].paginator.count
        assert listed == 2

    def test_without_the_queue_in_the_address_there_is_no_walk(self, waiting, signed_in, olga):
        page = signed_in(olga).get(waiting["lakeside"].get_absolute_url())
        assert page.context["control"].walk is None

    def test_after_accepting_comes_the_next_with_the_message_and_at_last_the_list(
        self, waiting, signed_in, olga
    ):
        client = signed_in(olga)
        task = client.get(QUEUE).context["rows"][0].task
        for _each in range(4):
            page = client.get(task.get_absolute_url(), {"queue": 1})
            accept = reverse("tasks:task_accept", args=[task.pk])
            response = client.post(accept + page.context["control"].query, follow=True)
            assert str(task.executor) in next(iter(response.context["messages"])).message
            task = response.context.get("task")
        assert response.request["PATH_INFO"] == QUEUE
        assert not queue(client)
        assert Task.objects.filter(status__in=[S.COMPLETED, S.NOT_APPLICABLE]).count() == 4

    def test_after_a_return_comes_the_next(self, waiting, signed_in, olga, day):
        client = signed_in(olga)
        task = waiting["school 3"]
        response = client.post(
            reverse("tasks:task_return", args=[task.pk]) + "?queue=1",
            {"reason": "Приложите приказ.", "due_on": f"{day(9):%d.%m.%Y}"},
            follow=True,
        )
        assert response.context["task"] == waiting["lakeside"]
        assert response.context["control"].walk.place == 2  # of the three that are left

    def test_a_second_click_goes_on_to_the_same_next(self, waiting, signed_in, olga):
        client = signed_in(olga)
        accept = reverse("tasks:task_accept", args=[waiting["school 3"].pk]) + "?queue=1"
        first, second = client.post(accept), client.post(accept)
        assert first["Location"] == second["Location"]

    def test_a_report_decided_by_another_says_so_and_leads_on(
        self, waiting, signed_in, olga, maria
    ):
        client = signed_in(maria)
        task = waiting["school 1, not ours"]
        workflow.accept(Task.objects.get(pk=task.pk), olga)
        walk = self.walk(client, task)
        assert (walk.place, walk.total) == (0, 1)
        assert client.get(walk.next).context["task"] == waiting["school 1, done"]
        accept = reverse("tasks:task_accept", args=[task.pk]) + "?queue=1"
        response = client.post(accept, follow=True)
        assert response.context["task"] == task  # stays, with the news

    def test_the_walk_of_who_decides_on_nothing_is_empty(self, waiting, signed_in, nina, sergey):
        for each in (nina, sergey):
            page = signed_in(each).get(waiting["school 1, done"].get_absolute_url() + "?queue=1")
            assert page.context["control"].walk is None

    def test_conditions_that_make_no_sense_break_nothing(self, waiting, signed_in, olga):
        walk = self.walk(signed_in(olga), waiting["lakeside"], municipality="nonsense")
        assert (walk.place, walk.total) == (0, 0)


def ticked(*tasks: Task) -> dict[str, list[int]]:
    return {"report": [workflow.last_report(task).pk for task in tasks]}


class TestManyAtOnce:
    def test_all_ticked_are_accepted_and_counted(self, waiting, signed_in, olga):
        response = signed_in(olga).post(BULK, ticked(*waiting.values()), follow=True)
        assert [*response.context["rows"]] == []
        statuses = sorted(
            task.status for task in Task.objects.filter(pk__in=[t.pk for t in waiting.values()])
        )
        assert statuses == [S.COMPLETED] * 3 + [S.NOT_APPLICABLE]
        said = [str(message) for message in response.context["messages"]]
        assert "3" in said[0]
        assert "1" in said[1]

    def test_one_that_cannot_be_accepted_is_named_and_stops_no_other(
        self, waiting, signed_in, olga, sergey
    ):
        keys = ticked(waiting["school 1, done"], waiting["school 3"], waiting["lakeside"])
        workflow.recall(Task.objects.get(pk=waiting["school 1, done"].pk), sergey)
        response = signed_in(olga).post(BULK, keys, follow=True)
        said = [str(message) for message in response.context["messages"]]
        assert len(said) == 2
        assert "Школа № 1" in said[1]
        assert TaskEvent.objects.filter(action="ACCEPT").count() == 2

    def test_what_was_ticked_before_another_report_came_is_not_accepted(
        self, waiting, signed_in, maria, sergey
    ):
        task = waiting["school 1, done"]
        keys = ticked(task)
        workflow.recall(Task.objects.get(pk=task.pk), sergey)
        workflow.report(Task.objects.get(pk=task.pk), sergey, "DONE", "Другие слова.")
        signed_in(maria).post(BULK, keys)
        assert Task.objects.get(pk=task.pk).status == S.REPORTED

    def test_nobody_accepts_in_bulk_what_they_may_not_one_by_one(
        self, waiting, signed_in, pavel, victor, nina, sergey
    ):
        own, foreign = waiting["lakeside"], waiting["school 3"]
        response = signed_in(pavel).post(BULK, ticked(own, foreign), follow=True)
        said = [str(message) for message in response.context["messages"]]
        assert len(said) == 1
        assert "Озёрного" in said[0]
        assert "Школа № 3" not in said[0]  # beyond his reach: not even named
        signed_in(victor).post(BULK, ticked(*waiting.values()))
        assert signed_in(nina).post(BULK, ticked(own)).status_code == 403
        assert signed_in(sergey).post(BULK, ticked(own)).status_code == 403
        assert not TaskEvent.objects.filter(action="ACCEPT").exists()

    @pytest.mark.parametrize("report", [[], ["nonsense"], ["9" * 40], ["-1"], ["²"], ["999999"]])
    def test_nothing_ticked_or_nonsense_accepts_nothing_and_says_so(
        self, waiting, signed_in, olga, report
    ):
        response = signed_in(olga).post(BULK, {"report": report}, follow=True)
        assert len(list(response.context["messages"])) == 1
        assert len(response.context["rows"]) == 4

    def test_the_conditions_stay(self, waiting, signed_in, olga, region):
        url = f"{BULK}?municipality={region.riverside.pk}"
        response = signed_in(olga).post(url, ticked(waiting["school 3"]))
        assert response["Location"] == f"{QUEUE}?municipality={region.riverside.pk}"
