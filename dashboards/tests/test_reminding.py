"""Reminding from the page «Просрочено»: chosen, all, one; looked at first, done once."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from conftest import person
from organizations.models import Organization
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory, UserFactory
from tasks.models import Task, TaskEvent
from tasks.outbox import Letter

URL = "/overdue/"
REMIND = "/overdue/remind/"


def reminded() -> set[str]:
    found = Letter.objects.filter(kind=Letter.Kind.REMINDER)
    return set(found.values_list("organization__name", flat=True))


def told(response) -> list[str]:
    """The messages, each a plain sentence."""
    return [str(each).replace("\xa0", " ") for each in response.context["messages"]]


@pytest.fixture
def late(sent, region, olga):
    """Six schools of Lakeside are late, each with one who answers; school 3 is in Riverside."""
    recommendation = Task.objects.filter(executor=region.school_1).first().recommendation
    Task.objects.all().update(due_on=timezone.localdate() + timedelta(days=30))
    late_on = timezone.localdate() - timedelta(days=12)
    schools = [region.school_1, region.school_2]
    schools += OrganizationFactory.create_batch(4, parent=region.lakeside)
    for number, school in enumerate(schools):
        person(f"Answering{number}", (school, Role.EXECUTOR))
        Task.objects.update_or_create(
            recommendation=recommendation, executor=school, defaults={"due_on": late_on}
        )
    Task.objects.filter(executor=region.school_3).update(due_on=late_on)
    return schools


def test_maria_reminds_all_six_and_a_second_press_sends_nothing(late, maria, signed_in):
    client = signed_in(maria)
    page = client.get(URL)
    assert page.context["late"].remindable == 6
    asked = client.get(REMIND)
    assert len(asked.context["round"].reached) == 6
    assert not reminded()
    answer = client.post(REMIND, {"words": "Ждём отчёта до среды."}, follow=True)
    assert answer.redirect_chain == [(URL, 302)]
    assert told(answer) == ["Напоминания получат 6 организаций; просроченных задач в письмах: 6."]
    assert reminded() == {each.name for each in late}
    again = client.post(REMIND, {"words": "Ждём отчёта до среды."}, follow=True)
    assert len(told(again)) == 1
    assert "Сегодня уже напоминали" in told(again)[0]
    assert Letter.objects.filter(kind="REMINDER").count() == 6
    assert TaskEvent.objects.filter(action="REMIND").count() == 6


def test_the_page_says_who_was_reminded_when_and_by_whom(late, maria, olga, signed_in):
    signed_in(maria).post(REMIND, {"words": ""})
    page = signed_in(olga).get(URL)
    text = page.content.decode().replace("\xa0", " ")
    assert text.count(f"напомнили {timezone.localdate():%d.%m.%Y}, {maria.get_short_name()}") == 6
    assert page.context["late"].remindable == 1
    rows = [each for group in page.context["groups"] for each in group.organizations]
    assert [each.executor.remindable for each in rows] == [False] * 6 + [True]


def test_when_all_are_reminded_the_page_offers_no_more_and_on_another_day_says_who_did(
    late, maria, signed_in
):
    client = signed_in(maria)
    client.post(REMIND, {"words": ""})
    page = client.get(URL)
    assert page.context["late"].remindable == 0
    assert 'name="executor"' not in page.content.decode()
    Letter.objects.update(day=timezone.localdate() - timedelta(days=1))
    page = client.get(URL)
    assert page.context["late"].remindable == 6
    said = f"{maria.get_short_name()}"
    assert (
        page.content.decode()
        .replace("\xa0", " ")
        .count(f"напомнили {timezone.localdate():%d.%m.%Y}, {said}")
        == 6
    )


def test_only_the_ticked_ones_are_reminded(late, maria, signed_in):
    two = late[:2]
    address = f"{REMIND}?ticked=1&executor={two[0].pk}&executor={two[1].pk}"
    client = signed_in(maria)
    assert len(client.get(address).context["round"].reached) == 2
    client.post(address, {"words": ""})
    assert reminded() == {each.name for each in two}


def test_nothing_ticked_is_not_all(late, maria, signed_in):
    client = signed_in(maria)
    for method in (client.get, client.post):
        answer = method(f"{REMIND}?ticked=1", follow=True)
        assert len(told(answer)) == 1
        assert answer.redirect_chain == [(URL, 302)]
    assert not reminded()


def test_the_conditions_of_the_page_choose(late, maria, signed_in, region):
    Task.objects.filter(executor=late[0]).update(opened_at=timezone.now())
    for query, count in (
        ("unopened=on", 5),
        ("delay=11", 6),
        ("delay=12", 0),
        ("organization=Школа № 2", 1),
        (f"municipality={region.lakeside.pk}", 6),
        ("resolution=no-such", 0),
    ):
        found = signed_in(maria).get(f"{REMIND}?{query}").context["round"]
        assert len(found.reached) == count, query


def test_the_way_back_keeps_the_conditions(late, maria, signed_in):
    answer = signed_in(maria).post(f"{REMIND}?delay=3&unopened=on", {"words": ""})
    assert answer.url == f"{URL}?delay=3&unopened=on"


def test_the_links_of_the_page_lead_to_the_organisations_they_count(late, olga, signed_in, region):
    """One of all, one of each municipality, one of each organisation."""
    client = signed_in(olga)
    context = client.get(URL).context
    for group in context["groups"]:
        key = group.territory.key
        found = client.get(f"{REMIND}?municipality={key}").context["round"]
        assert len(found.reached) + len(found.unreachable) == group.late.organizations
    found = client.get(REMIND).context["round"]
    assert len(found.reached) + len(found.unreachable) == context["late"].remindable == 7


def test_a_school_without_an_address_is_named(late, olga, signed_in, region):
    client = signed_in(olga)
    asked = client.get(REMIND)
    assert [each.organization for each in asked.context["round"].unreachable] == [region.school_3]
    card = f'href="{region.school_3.get_absolute_url()}"'
    assert card in asked.content.decode()
    answer = client.post(REMIND, {"words": ""}, follow=True)
    assert "Школа № 3" in told(answer)[1]


def test_those_reminded_today_are_named_beforehand(late, maria, olga, signed_in):
    signed_in(maria).post(f"{REMIND}?executor={late[0].pk}", {"words": ""})
    asked = signed_in(olga).get(REMIND)
    (already,) = asked.context["round"].reminded
    assert already.organization == late[0]
    assert maria.get_short_name() in asked.content.decode().replace("\xa0", " ")


@pytest.mark.parametrize("name", ["nina", "sergey", "anna"])
def test_who_may_not_remind_is_told_why_and_is_not_offered_it(late, signed_in, request, name):
    """Nina sees all of it, Sergey his school, Anna nothing."""
    client = signed_in(request.getfixturevalue(name))
    page = client.get(URL)
    assert bool(page.context["groups"]) is (name != "anna")
    assert REMIND not in page.content.decode()
    for method in (client.get, client.post):
        answer = method(REMIND)
        assert answer.status_code == 403
        assert answer.context["reason"]
    assert not reminded()


def test_victor_reminds_nobody_here(late, victor, signed_in):
    client = signed_in(victor)
    assert client.get(f"{REMIND}?executor={late[0].pk}").status_code == 404
    assert client.post(f"{REMIND}?executor={late[0].pk}", {"words": ""}).status_code == 404
    assert client.get(REMIND).context["round"].is_empty
    client.post(REMIND, {"words": ""})
    assert not reminded()


def test_one_foreign_organisation_among_ones_own_is_refused_whole(late, maria, signed_in, region):
    address = f"{REMIND}?executor={late[0].pk}&executor={region.school_3.pk}"
    assert signed_in(maria).post(address, {"words": ""}).status_code == 404
    assert not reminded()


@pytest.mark.parametrize("key", ["x", "-1", "9" * 40, "1²", ""])
def test_a_key_that_is_none_is_no_address(late, maria, signed_in, key):
    assert signed_in(maria).get(f"{REMIND}?executor={key}").status_code == 404


def test_who_only_looks_at_an_organisation_is_told_so(late, signed_in, region):
    both = person("Both", (region.department, Role.OBSERVER), (region.riverside, Role.METHODIST))
    client = signed_in(both)
    answer = client.post(f"{REMIND}?executor={late[0].pk}", {"words": ""})
    assert answer.status_code == 403
    assert client.get(REMIND).context["round"].watched == 6


def test_too_many_words_come_back_with_the_page(late, maria, signed_in):
    answer = signed_in(maria).post(REMIND, {"words": "Очень " * 200})
    assert answer.status_code == 200
    assert "words" in answer.context["form"].errors
    assert not reminded()


def test_the_number_of_a_letter_is_the_length_of_the_list_it_opens(late, maria, signed_in):
    """A letter tells of all that is overdue, whatever the page was narrowed to."""
    second = late[0].tasks.exclude(due_on__lt=timezone.localdate()).first()
    Task.objects.filter(pk=second.pk).update(due_on=timezone.localdate() - timedelta(days=2))
    client = signed_in(maria)
    page = client.get(f"{REMIND}?delay=10")
    numbers = {each.organization: (each.tasks, url) for each, url in page.context["letters"]}
    count, url = numbers[late[0]]
    assert count == client.get(url).context["page"].paginator.count == 2


def test_the_button_of_a_municipality_counts_all_of_it_and_not_a_page(
    late, maria, signed_in, monkeypatch
):
    """Two of six stand on a page of two rows; they are reminded, and four remain."""
    monkeypatch.setattr("dashboards.views.overdue.PAGE_SIZE", 2)
    client = signed_in(maria)
    page = client.get(URL)
    assert "Напомнить всем 6<" in page.content.decode().replace("\xa0", " ")
    shown = [own.executor.organization.pk for own in page.context["groups"][0].organizations]
    query = "&".join(f"executor={key}" for key in shown)
    client.post(f"{REMIND}?ticked=1&{query}", {"words": ""})
    page = client.get(URL)
    assert (page.context["late"].in_charge, page.context["late"].remindable) == (6, 4)
    assert "Напомнить остальным" in page.content.decode()


def test_who_only_observes_is_not_told_that_all_are_reminded(late, signed_in, region):
    both = person("Both", (region.department, Role.OBSERVER), (region.kindergarten, Role.METHODIST))
    page = signed_in(both).get(URL)
    assert page.context["late"].organizations == 7
    assert page.context["late"].in_charge == 0
    assert "уже напомнили" not in page.content.decode().replace("\xa0", " ")


def test_three_hundred_cost_as_much_as_three_to_look_at_and_to_remind(
    late, maria, olga, signed_in, region, queries_of
):
    def enlarge(count):
        schools = OrganizationFactory.create_batch(count, parent=region.riverside)
        people = UserFactory.create_batch(count)
        for school, user in zip(schools, people, strict=True):
            user.memberships.create(organization=school, role=Role.EXECUTOR)
        recommendation = Task.objects.first().recommendation
        late_on = timezone.localdate() - timedelta(days=3)
        Task.objects.bulk_create(
            Task(recommendation=recommendation, executor=school, due_on=late_on)
            for school in schools
        )

    def look():
        for address in (URL, REMIND, "/overdue/print/"):
            assert client.get(address).status_code == 200

    client = signed_in(olga)
    few = queries_of(look)
    few_reminded = queries_of(lambda: client.post(REMIND, {"words": ""}))
    enlarge(300)
    # Of how many organisations something is late is asked, where the page does not know them all.
    assert queries_of(look) == few + 1
    assert queries_of(lambda: client.post(REMIND, {"words": ""})) == few_reminded
    assert len(reminded()) == 306


def test_the_address_of_a_reminder_is_a_page_and_not_a_letter(late, maria, signed_in):
    """A mail scanner or a prefetching browser that follows it reminds nobody."""
    page = signed_in(maria).get(URL).content.decode()
    assert urlsplit(REMIND).path in page
    signed_in(maria).get(REMIND)
    assert not reminded()
    assert not TaskEvent.objects.filter(action="REMIND").exists()


def test_a_closed_mailbox_is_no_address(late, maria, signed_in, region):
    """Those who answered have left: the organisation's own mailbox gets it, if there is one."""
    school = late[0]
    school.memberships.update(until=timezone.localdate())
    client = signed_in(maria)
    assert len(client.get(REMIND).context["round"].unreachable) == 1
    Organization.objects.filter(pk=school.pk).update(email="office@school.test")
    found = client.get(REMIND).context["round"]
    assert [each.personal for each in found.reached].count(False) == 1
