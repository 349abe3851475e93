"""People's own filters: kept under a name, asked before replacing, nobody else's business."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from organizations.models import SavedFilter
from organizations.saved_filters import MOST

SAVE = reverse("organizations:filter_save")
LIST = "organizations:organization_list"


def keep(client, name="Школы", query="kind=SCHOOL", page=LIST, **more):
    return client.post(SAVE, {"page": page, "name": name, "query": query, **more})


def told(response) -> str:
    return " ".join(str(each) for each in get_messages(response.wsgi_request))


@pytest.fixture
def client(signed_in, olga):
    return signed_in(olga)


def test_olga_keeps_a_filter_and_comes_back_to_it(client, olga):
    answer = keep(client, name="  Мои   школы ")
    assert answer["Location"] == f"{reverse(LIST)}?kind=SCHOOL"
    kept = SavedFilter.objects.get()
    assert (kept.user, kept.name, kept.query) == (olga, "Мои школы", "kind=SCHOOL")
    page = client.get(reverse(LIST)).content.decode()
    assert f'<a href="{reverse(LIST)}?kind=SCHOOL">Мои школы</a>' in page
    page = client.get(kept.get_absolute_url()).content.decode()
    assert f'<a href="{reverse(LIST)}?kind=SCHOOL" aria-current="true">Мои школы</a>' in page


def test_only_conditions_of_the_list_are_kept(client):
    keep(client, query="kind=SCHOOL&page=7&evil=1&q=&sort=-name&next=//elsewhere.test")
    assert SavedFilter.objects.get().query == "kind=SCHOOL&sort=-name"


@pytest.mark.parametrize("query", ["", "kind=NONSENSE", "evil=1", "sort=nonsense"])
def test_conditions_that_make_no_sense_are_not_kept(client, query):
    answer = keep(client, query=query)
    assert not SavedFilter.objects.exists()
    assert "not kept" in told(answer) or "не сохранён" in told(answer)


@pytest.mark.parametrize("name", ["", "   ", "\0", "д" * 101])
def test_a_name_is_needed_and_short(client, name):
    assert keep(client, name=name).status_code == 302
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("page", ["", "tasks:task_detail", "//elsewhere.test", "no:such"])
def test_filters_are_kept_only_for_lists_that_know_them(client, page):
    assert keep(client, page=page).status_code == 404


def test_a_name_that_is_taken_is_asked_about_first(client):
    keep(client)
    asked = keep(client, query="kind=PRESCHOOL")
    assert asked.status_code == 200
    assert SavedFilter.objects.get().query == "kind=SCHOOL"
    assert [chip.words for chip in asked.context["former"]] != [
        chip.words for chip in asked.context["chips"]
    ]
    answer = keep(client, query="kind=PRESCHOOL", replace="on")
    assert answer.status_code == 302
    assert SavedFilter.objects.get().query == "kind=PRESCHOOL"


def test_pressing_twice_keeps_it_once(client):
    keep(client)
    assert keep(client).status_code == 302
    assert SavedFilter.objects.count() == 1


def test_the_same_name_serves_several_lists_and_people(client, signed_in, maria):
    keep(client)
    keep(client, page="tasks:task_list", query="state=overdue")
    keep(signed_in(maria))
    assert SavedFilter.objects.count() == 3
    page = client.get(reverse("tasks:task_list")).content.decode()
    assert page.count("state=overdue") and "?kind=SCHOOL" not in page


def test_more_than_anybody_can_tell_apart_are_refused_with_the_reason(client, olga):
    SavedFilter.objects.bulk_create(
        [SavedFilter(user=olga, page=LIST, name=f"{n}", query="kind=OTHER") for n in range(MOST)]
    )
    assert str(MOST) in told(keep(client))
    assert SavedFilter.objects.count() == MOST
    assert keep(client, name="7", replace="on").status_code == 302  # one in place of another
    assert SavedFilter.objects.get(name="7").query == "kind=SCHOOL"


def test_a_filter_is_deleted_by_its_owner_alone(client, signed_in, maria, anna):
    keep(client)
    address = reverse("organizations:filter_delete", args=[SavedFilter.objects.get().pk])
    for stranger in (maria, anna):
        assert signed_in(stranger).post(address).status_code == 404
    assert client.post(address)["Location"] == reverse(LIST)
    assert not SavedFilter.objects.exists()


def test_nobody_sees_the_filters_of_others(client, signed_in, maria):
    keep(client, name="Тайный отбор")
    assert "Тайный отбор" not in signed_in(maria).get(reverse(LIST)).content.decode()


def test_a_filter_of_what_is_out_of_reach_by_now_shows_nothing(client, signed_in, tamara, region):
    """Reach may shrink after a filter was kept: then its condition is told to make no sense."""
    query = f"executor={region.school_1.pk}"
    SavedFilter.objects.create(user=tamara, page="tasks:task_list", name="Чужая", query=query)
    page = signed_in(tamara).get(f"{reverse('tasks:task_list')}?{query}")
    assert page.context["page"].paginator.count == 0
    assert "Школа № 1" not in page.content.decode()


def test_a_list_costs_the_same_with_one_filter_and_with_twenty(client, olga, queries_of):
    keep(client)
    few = queries_of(lambda: client.get(reverse(LIST)))
    for number in range(20):
        keep(client, name=f"Отбор {number}")
    assert queries_of(lambda: client.get(reverse(LIST))) == few
