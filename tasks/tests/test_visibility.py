"""Who sees which resolutions and tasks: the rule of the design, persona by persona."""

import pytest
from django.urls import reverse

from organizations.models import Membership
from resolutions.models import Resolution
from tasks.models import Task
from tasks.permissions import may_report, may_send, may_take
from tasks.visibility import visible_resolutions, visible_sent_resolutions

EVERYBODY = ["olga", "maria", "sergey", "tamara", "pavel", "nina", "victor", "anna"]


@pytest.fixture(params=EVERYBODY)
def somebody(request):
    """Each persona in turn, by name."""
    return request.param, request.getfixturevalue(request.param)


def test_a_draft_is_seen_by_coordinators_of_its_issuer_alone(draft, somebody):
    name, user = somebody
    assert (draft in visible_resolutions(user)) is (name == "olga")


def test_a_draft_is_not_seen_through_a_task_either(draft, sergey, region):
    recommendation = draft.sections.first().recommendations.first()
    Task.objects.create(recommendation=recommendation, executor=region.school_1)
    assert draft not in visible_resolutions(sergey)


def test_a_sent_resolution_is_seen_by_controllers_of_the_issuer_and_by_whom_it_reaches(
    sent, somebody
):
    name, user = somebody
    assert (sent in visible_resolutions(user)) is (name not in ("victor", "anna"))


def test_those_sent_are_those_visible_without_drafts(draft, sent, somebody):
    seen = visible_resolutions(somebody[1]).exclude(status=Resolution.Status.DRAFT)
    assert set(visible_sent_resolutions(somebody[1])) == set(seen)


def test_a_resolution_that_asks_nothing_of_ones_own_is_not_seen(sent, kindergarten_head):
    assert sent not in visible_resolutions(kindergarten_head)


@pytest.fixture
def kindergarten_head(region, tamara):
    """Tamara, moved to the kindergarten, which no section addresses."""
    Membership.objects.filter(user=tamara).update(organization=region.kindergarten)
    return tamara


def test_tasks_are_seen_within_reach(sent, somebody, region):
    name, user = somebody
    seen = {
        "olga": 7,
        "nina": 7,
        "maria": 5,  # two schools twice, and the authority
        "pavel": 5,
        "sergey": 2,
        "tamara": 2,
        "victor": 0,
        "anna": 0,
    }
    assert Task.objects.visible_to(user).count() == seen[name]


def test_a_role_that_ended_shows_nothing(sent, sergey, today):
    Membership.objects.filter(user=sergey).update(until=today)
    assert not visible_resolutions(sergey).exists()
    assert not Task.objects.visible_to(sergey).exists()


def test_only_a_coordinator_of_the_issuer_sends(draft, somebody):
    name, user = somebody
    permission = may_send(user, draft)
    assert bool(permission) is (name == "olga")
    assert permission is True or str(permission.reason)


def test_only_the_executors_own_people_take_and_report(sent, somebody, region):
    name, user = somebody
    task = Task.objects.filter(executor=region.school_1).first()
    for permission in (may_report(user, task), may_take(user, task)):
        assert bool(permission) is (name == "sergey")
        assert permission is True or str(permission.reason)


def test_pages_answer_404_to_whom_they_are_invisible_and_403_to_whom_they_are_not_allowed(
    sent, somebody, signed_in, region
):
    name, user = somebody
    client = signed_in(user)
    task = Task.objects.filter(executor=region.school_1).first()
    sees = name in ("olga", "nina", "maria", "pavel", "sergey")
    expected = {
        reverse("tasks:task_detail", args=[task.pk]): 200 if sees else 404,
        reverse("tasks:task_report", args=[task.pk]): (
            200 if name == "sergey" else 403 if sees else 404
        ),
        sent.get_absolute_url(): 404 if name in ("victor", "anna") else 200,
        reverse("tasks:resolution_send", args=[sent.slug]): (
            302 if name == "olga" else 404 if name in ("victor", "anna") else 403
        ),
    }
    assert {url: client.get(url).status_code for url in expected} == expected


def test_a_refusal_says_why(sent, signed_in, maria, region):
    task = Task.objects.filter(executor=region.school_1).first()
    for method in ("get", "post"):
        response = getattr(signed_in(maria), method)(reverse("tasks:task_report", args=[task.pk]))
        assert response.status_code == 403
        page = response.content.decode().replace("\u00a0", " ")
        assert str(may_report(maria, task).reason) in page


@pytest.mark.parametrize("stage", ["nothing", "draft", "sent"])
def test_every_page_of_everybody_is_whole_before_and_after_sending(
    stage, request, somebody, signed_in
):
    if stage != "nothing":
        request.getfixturevalue(stage)
    client = signed_in(somebody[1])
    for name in ("tasks:resolution_list", "tasks:task_list", "tasks:my_organization"):
        assert client.get(reverse(name)).status_code == 200
    for resolution in visible_resolutions(somebody[1]):
        assert client.get(resolution.get_absolute_url()).status_code == 200


def test_the_list_offers_a_new_resolution_to_coordinators_alone(draft, somebody, signed_in):
    name, user = somebody
    page = signed_in(user).get(reverse("tasks:resolution_list")).content.decode()
    assert (reverse("resolutions:resolution_create") in page) is (name in ("olga", "victor"))
    assert (draft.get_absolute_url() in page) is (name == "olga")
    assert Resolution.objects.count() == 1
