"""Sending: one task for each organisation, once, all of them or none."""

from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from conftest import person
from organizations.models import Membership, OrganizationGroup
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory
from resolutions.drafting import ChangedMeanwhile
from resolutions.models import Recommendation, Resolution
from tasks import assignment
from tasks.assignment import AlreadySent, NotSendable, plan, send, without_people
from tasks.models import Task, TaskEvent


def test_every_organisation_meant_gets_one_task_for_each_recommendation(draft, olga, region):
    assert send(draft, olga) == 7
    executors = Task.objects.filter(recommendation__section__position=1).values_list(
        "executor", flat=True
    )
    schools = [region.school_1.pk, region.school_2.pk, region.school_3.pk]
    assert sorted(executors) == sorted(schools * 2)
    assert draft.status == Resolution.Status.ON_CONTROL
    assert draft.sent_by == olga


def test_a_task_takes_the_dates_that_the_words_mean_and_an_event_says_who_sent_it(sent, olga):
    for task in Task.objects.select_related("recommendation"):
        assert task.due_on == task.original_due_on == task.recommendation.due_on
        event = task.events.get()
        assert (event.action, event.actor, event.to_status) == ("ASSIGN", olga, "ASSIGNED")


def test_an_organisation_named_twice_gets_one_task(draft, olga, region):
    section = draft.sections.first()
    group = OrganizationGroup.objects.create(
        name="Школы области", owner=region.department, within=region.department, kinds=["SCHOOL"]
    )
    section.groups.add(group)
    send(draft, olga)
    recommendation = section.recommendations.first()
    assert Task.objects.filter(recommendation=recommendation, executor=region.school_1).count() == 1


def test_a_recommendation_that_means_nobody_stops_everything(draft, olga):
    lonely = Recommendation.objects.last()
    lonely.section.organizations.clear()
    with pytest.raises(NotSendable):
        send(draft, olga)
    draft.refresh_from_db()
    assert draft.is_draft
    assert not Task.objects.exists()
    assert not TaskEvent.objects.exists()


def test_an_empty_draft_is_not_sent(draft, olga):
    draft.sections.all().delete()
    with pytest.raises(NotSendable):
        send(draft, olga)


def test_sending_again_does_nothing_and_says_so(sent, olga):
    with pytest.raises(AlreadySent):
        send(Resolution.objects.get(pk=sent.pk), olga)
    assert Task.objects.count() == 7


def test_a_draft_changed_after_the_summary_is_not_sent(draft, olga):
    shown = plan(draft, timezone.localdate()).fingerprint
    Resolution.objects.filter(pk=draft.pk).update(version=draft.version + 1)
    with pytest.raises(ChangedMeanwhile):
        send(draft, olga, shown=shown)
    assert not Task.objects.exists()


def test_a_school_that_opens_after_the_summary_is_shown_before_it_is_sent_to(draft, olga, region):
    schools = OrganizationGroup.objects.create(
        name="Школы", owner=region.department, kinds=["SCHOOL"], within=region.department
    )
    draft.sections.first().groups.add(schools)
    shown = plan(draft, timezone.localdate()).fingerprint
    OrganizationFactory(parent=region.lakeside)
    with pytest.raises(ChangedMeanwhile):
        send(draft, olga, shown=shown)
    draft.refresh_from_db()
    assert draft.is_draft
    send(draft, olga, shown=plan(draft, timezone.localdate()).fingerprint)


def test_a_failure_in_the_middle_leaves_the_draft_as_it_was(draft, olga, monkeypatch):
    real = assignment.assign
    done = []

    def break_on_the_second(*args):
        if done:
            raise RuntimeError("the power failed")
        done.append(real(*args))
        return done[-1]

    monkeypatch.setattr(assignment, "assign", break_on_the_second)
    with pytest.raises(RuntimeError):
        send(draft, olga)
    draft.refresh_from_db()
    assert draft.is_draft
    assert not Task.objects.exists()
    monkeypatch.undo()
    assert send(draft, olga) == 7


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_once_send_once(draft, olga):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one connection; there is nobody else at once.")
    together = Barrier(2)
    outcomes = []

    def press():
        try:
            together.wait(10)
            outcomes.append(send(Resolution.objects.get(pk=draft.pk), olga))
        except AlreadySent:
            outcomes.append("already")
        finally:
            connections.close_all()

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes, key=str) == [7, "already"]
    assert Task.objects.count() == TaskEvent.objects.count() == 7


def test_the_summary_names_organisations_where_nobody_will_see_it(draft, sergey, region, today):
    left = Membership.objects.get(user=sergey)
    missing = set(without_people(plan(draft, today), today))
    assert missing == {region.school_2, region.school_3, region.lakeside}
    left.until = today
    left.save()
    assert region.school_1 in without_people(plan(draft, today), today)


class TestThePage:
    def test_shows_how_many_tasks_go_to_how_many_organisations(self, signed_in, olga, draft):
        response = signed_in(olga).get(reverse("tasks:resolution_send", args=[draft.slug]))
        assert response.context["plan"].task_count == 7
        assert len(response.context["plan"].organizations) == 4
        assert [row.tasks for row in response.context["sections"]] == [6, 1]

    def test_sends_once_however_often_the_button_is_pressed(self, signed_in, olga, draft):
        url = reverse("tasks:resolution_send", args=[draft.slug])
        client = signed_in(olga)
        shown = client.get(url).context["plan"].fingerprint
        for _ in range(2):
            response = client.post(url, {"shown": shown}, follow=True)
            assert response.redirect_chain == [(draft.get_absolute_url(), 302)]
        assert Task.objects.count() == 7
        assert olga.surname in str(next(iter(response.context["messages"])))

    def test_names_nobody_beyond_the_senders_reach(self, signed_in, draft, region):
        """Lakeside's own coordinator sends what names a school of Riverside: it is counted."""
        draft.issuer = region.lakeside
        draft.save()
        local = person("Local", (region.lakeside, Role.COORDINATOR))
        page = signed_in(local).get(reverse("tasks:resolution_send", args=[draft.slug]))
        named = set(page.context["named"])
        assert named == {region.school_1, region.school_2, region.lakeside}
        assert page.context["more"] == 1
        assert str(region.school_3) not in page.content.decode().replace("\xa0", " ")

    def test_links_what_is_missing_and_offers_no_button(self, signed_in, olga, draft):
        Recommendation.objects.last().section.organizations.clear()
        url = reverse("tasks:resolution_send", args=[draft.slug])
        page = signed_in(olga).get(url).content.decode()
        lonely = Recommendation.objects.last()
        assert reverse("resolutions:recommendation_update", args=[draft.slug, lonely.pk]) in page
        assert "btn-primary" not in page
        shown = signed_in(olga).get(url).context["plan"].fingerprint
        response = signed_in(olga).post(url, {"shown": shown}, follow=True)
        assert response.redirect_chain == [(url, 302)]
        assert not Task.objects.exists()

    def test_asks_again_when_the_draft_changed_meanwhile(self, signed_in, olga, draft):
        url = reverse("tasks:resolution_send", args=[draft.slug])
        response = signed_in(olga).post(url, {"shown": "else"}, follow=True)
        assert response.redirect_chain == [(url, 302)]
        assert not Task.objects.exists()

    def test_costs_the_same_for_three_organisations_and_for_thirty(
        self, signed_in, olga, draft, queries_of, many_schools
    ):
        url = reverse("tasks:resolution_send", args=[draft.slug])
        client = signed_in(olga)
        few = queries_of(lambda: client.get(url))
        draft.sections.first().organizations.add(*many_schools(30))
        assert queries_of(lambda: client.get(url)) == few
