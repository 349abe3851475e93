"""The pages of amendments: a form, what will change and for whom, and then the act, once."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from resolutions.models import Recommendation, Resolution
from tasks import workflow
from tasks.amendment.control import OffControl
from tasks.models import Report, Task, TaskEvent

S = Task.Status
A = TaskEvent.Action


@pytest.fixture
def recommendation(sent) -> Recommendation:
    return Recommendation.objects.get(text__startswith="Разработать")


@pytest.fixture
def later(today) -> date:
    return max(today, date(2026, 10, 1)) + timedelta(days=90)


def fingerprint(response) -> str:
    """What the button of the preview carries."""
    return re.search(r'name="confirm" value="(\w+)"', response.content.decode())[1]


def walk(client, url: str, typed: dict) -> tuple:
    """Type, look at the preview, confirm it; return the preview and the page after."""
    shown = client.post(url, typed)
    assert shown.status_code == 200
    return shown, client.post(url, {**typed, "confirm": fingerprint(shown)}, follow=True)


def typed_for(name: str, later: date, region) -> dict:
    """What a person types on that page."""
    ends = {
        "recommendation_extend": {"due_on": f"{later:%d.%m.%Y}"},
        "recommendation_correct": {
            "deadline_text": "до 1 ноября 2026 г.",
            "deadline_set_by": "WORDS",
        },
        "recommendation_reword": {"text": "Разработать программы наставничества."},
        "recommendation_cancel": {},
        "audience_add": {"where": "all", "organizations": [region.boarding_school.pk]},
        "audience_withdraw": {"where": "all", "organizations": [region.school_1.pk]},
        "resolution_off_control": {"reported": "ACCEPT"},
    }
    return {**ends[name], "reason": "Так решила коллегия."}


def url_of(name: str, recommendation: Recommendation) -> str:
    if name.startswith("recommendation_") and name != "recommendation_add":
        return reverse(f"tasks:{name}", args=[recommendation.pk])
    return reverse(f"tasks:{name}", args=[recommendation.section.resolution.slug])


ACTS = {
    "recommendation_extend": ("EXTEND", 3),
    "recommendation_correct": ("CORRECT", 3),
    "recommendation_reword": ("REWORD", 3),
    "recommendation_cancel": ("CANCEL", 3),
    "audience_add": ("ASSIGN", 3),
    "audience_withdraw": ("CANCEL", 2),
    "resolution_off_control": ("CANCEL", 7),
}


@pytest.mark.parametrize("name", ACTS)
def test_nothing_happens_before_the_preview_is_confirmed_and_then_once(
    signed_in, olga, recommendation, region, later, name
):
    action, count = ACTS[name]
    client, url = signed_in(olga), url_of(name, recommendation)
    typed = typed_for(name, later, region)
    events = TaskEvent.objects.filter(reason="Так решила коллегия.")
    shown = client.post(url, typed)
    assert shown.context["preview"].count == count
    assert not events.exists()
    confirmed = {**typed, "confirm": fingerprint(shown)}
    for _press in range(2):
        after = client.post(url, confirmed, follow=True)
        assert after.status_code == 200
        assert len(list(after.context["messages"])) == 1
        assert set(events.values_list("action", flat=True)) == {action}
        assert events.count() == count


@pytest.mark.parametrize("name", ACTS)
def test_a_form_without_a_reason_changes_nothing_and_keeps_what_was_typed(
    signed_in, olga, recommendation, region, later, name
):
    typed = {**typed_for(name, later, region), "reason": "", "confirm": "0"}
    before = TaskEvent.objects.count()
    response = signed_in(olga).post(url_of(name, recommendation), typed)
    assert response.status_code == 200
    assert "reason" in response.context["form"].errors
    for field, value in typed.items():
        if field in response.context["form"].fields and field != "reason":
            assert response.context["form"][field].value() == (
                [str(each) for each in value] if isinstance(value, list) else value
            )
    assert TaskEvent.objects.count() == before


def test_what_has_changed_since_the_preview_is_shown_anew_with_what_was_typed(
    signed_in, olga, sergey, recommendation, region, later
):
    client, url = signed_in(olga), url_of("recommendation_extend", recommendation)
    typed = typed_for("recommendation_extend", later, region)
    shown = client.post(url, typed)
    task = Task.objects.get(recommendation=recommendation, executor=region.school_1)
    workflow.report(task, sergey, Report.Outcome.DONE, "Готово.")
    again = client.post(url, {**typed, "confirm": fingerprint(shown)})
    assert again.status_code == 409
    assert again.context["preview"].count == 2
    assert not TaskEvent.objects.filter(action=A.EXTEND).exists()
    assert dict(again.context["typed"])["reason"] == typed["reason"]
    client.post(url, {**dict(again.context["typed"]), "confirm": fingerprint(again)})
    assert TaskEvent.objects.filter(action=A.EXTEND).count() == 2


def test_the_preview_leads_back_to_the_form_as_it_was_typed(
    signed_in, olga, recommendation, region, later
):
    client, url = signed_in(olga), url_of("audience_add", recommendation)
    shown = client.post(url, typed_for("audience_add", later, region))
    back = client.post(url, {**dict(shown.context["typed"]), "edit": "1"})
    form = back.context["form"]
    assert not form.errors
    assert form["where"].value() == "all"
    assert form["organizations"].value() == [str(region.boarding_school.pk)]


def test_a_date_that_is_past_or_no_extension_is_refused_in_words(
    signed_in, olga, recommendation, today
):
    client, url = signed_in(olga), url_of("recommendation_extend", recommendation)
    response = client.post(url, {"due_on": f"{today:%d.%m.%Y}", "reason": "Так."})
    assert "due_on" in response.context["form"].errors
    tomorrow = today + timedelta(days=1)
    if tomorrow <= recommendation.due_on:
        response = client.post(url, {"due_on": f"{tomorrow:%d.%m.%Y}", "reason": "Так."})
        assert response.context["preview"].refusal
        assert 'name="confirm"' not in response.content.decode()


def test_dates_set_by_a_person_are_checked(signed_in, olga, recommendation):
    url = url_of("recommendation_correct", recommendation)
    typed = {"deadline_set_by": "PERSON", "starts_on": "02.12.2026", "due_on": "01.12.2026"}
    response = signed_in(olga).post(url, {**typed, "reason": "Так."})
    assert "due_on" in response.context["form"].errors


def test_a_recommendation_is_added_and_sent(signed_in, olga, sent):
    section = sent.sections.first()
    url = reverse("tasks:recommendation_add", args=[sent.slug])
    client = signed_in(olga)
    asked = client.get(f"{url}?section={section.pk}")
    assert asked.context["form"]["printed_number"].value() == "3"
    typed = {
        "section": section.pk,
        "printed_number": "3",
        "text": "Провести День наставника.",
        "deadline_text": "до 1 марта 2027 г.",
        "deadline_set_by": "WORDS",
        "repeats": "NONE",
        "reason": "Пропущена при вводе.",
    }
    shown, _after = walk(client, url, typed)
    assert shown.context["preview"].count == 3
    assert not Recommendation.objects.filter(text=typed["text"]).exclude(section=section).exists()
    added = Recommendation.objects.get(text=typed["text"])
    assert (added.due_on, added.tasks.count()) == (date(2027, 3, 1), 3)
    client.post(url, {**typed, "confirm": fingerprint(shown)})
    assert Recommendation.objects.filter(text=typed["text"]).count() == 1


def test_a_preview_of_a_new_recommendation_saves_nothing(signed_in, olga, sent):
    section = sent.sections.first()
    typed = {"section": section.pk, "text": "Новая.", "deadline_set_by": "WORDS"}
    typed |= {"repeats": "NONE", "reason": "Пропущена."}
    before = Recommendation.objects.count()
    signed_in(olga).post(reverse("tasks:recommendation_add", args=[sent.slug]), typed)
    assert Recommendation.objects.count() == before


def test_cancelled_and_restored_on_their_pages(signed_in, olga, recommendation):
    client = signed_in(olga)
    why = {"reason": "Утратила силу."}
    walk(client, url_of("recommendation_cancel", recommendation), why)
    page = client.get(reverse("tasks:recommendation_detail", args=[recommendation.pk]))
    restore = url_of("recommendation_restore", recommendation)
    assert restore in page.content.decode()
    walk(client, restore, why)
    assert not recommendation.tasks.filter(status=S.CANCELLED).exists()


def test_off_control_and_back(signed_in, olga, sent):
    client = signed_in(olga)
    off = reverse("tasks:resolution_off_control", args=[sent.slug])
    back = reverse("tasks:resolution_on_control", args=[sent.slug])
    walk(client, off, {"reason": "Снята с контроля."})
    assert Resolution.objects.get(pk=sent.pk).status == "OFF_CONTROL"
    assert client.get(off, follow=True).redirect_chain == [(sent.get_absolute_url(), 302)]
    page = client.get(sent.get_absolute_url()).content.decode()
    assert back in page
    assert off not in page
    walk(client, back, {"reason": "Сняли не ту."})
    assert Task.objects.owed().count() == 7


def test_what_is_still_open_leads_to_lists_of_that_length(
    signed_in, olga, sent, sergey, region, numbers_of
):
    Recommendation.objects.update(acceptance_required=True)
    task = Task.objects.filter(executor=region.school_1).first()
    workflow.report(task, sergey, Report.Outcome.DONE, "Готово.")
    client = signed_in(olga)
    found = numbers_of(client.get(reverse("tasks:resolution_off_control", args=[sent.slug])))
    assert len(found) >= 3
    for address, promised in found:
        assert client.get(address).context["page"].paginator.count == promised


def test_nobody_is_named_whom_the_coordinator_does_not_see(signed_in, olga, sent, region):
    """Tasks of a foreign organisation are decided too; its name is counted, not shown."""
    recommendation = Recommendation.objects.first()
    Task.objects.create(recommendation=recommendation, executor=region.other_school)
    url = reverse("tasks:resolution_off_control", args=[sent.slug])
    client = signed_in(olga)
    asked = client.get(url)
    assert asked.context["sheet"].standing.beyond == 1
    shown = client.post(url, {"reason": "Снята.", "reported": "ACCEPT"})
    assert shown.context["preview"].count == 8
    assert [each.more for each in shown.context["parts"]] == [1]
    for page in (asked, shown):
        assert region.other_school.name not in page.content.decode()


def test_a_report_recalled_while_the_page_of_going_off_control_is_made_breaks_nothing(
    signed_in, olga, sergey, sent, region, monkeypatch
):
    """The tasks are read first, then what their reports say; nothing holds them for a preview."""
    task = Task.objects.filter(executor=region.school_1).first()
    workflow.report(task, sergey, Report.Outcome.NOT_APPLICABLE, "Нет таких классов.")
    weigh = OffControl.weigh

    def weigh_after_the_recall(act, rows):
        found = Task.objects.get(pk=task.pk)
        if found.status == S.REPORTED:
            workflow.recall(found, sergey)
        return weigh(act, rows)

    monkeypatch.setattr(OffControl, "weigh", weigh_after_the_recall)
    url = reverse("tasks:resolution_off_control", args=[sent.slug])
    typed = {"reported": "ACCEPT", "reason": "Снята с контроля."}
    shown = signed_in(olga).post(url, typed)
    assert shown.status_code == 200
    # It was out of date; what would be done now is shown again before anything is.
    again = signed_in(olga).post(url, {**typed, "confirm": fingerprint(shown)})
    sent.refresh_from_db()
    assert (again.status_code, sent.status) == (409, Resolution.Status.ON_CONTROL)


def test_the_document_offers_amendments_to_those_who_may(signed_in, olga, nina, sent):
    links = [
        reverse(f"tasks:{name}", args=[sent.slug])
        for name in (
            "recommendation_add",
            "audience_add",
            "audience_withdraw",
            "resolution_off_control",
        )
    ]
    for person, offered in ((olga, True), (nina, False)):
        page = signed_in(person).get(sent.get_absolute_url()).content.decode()
        assert [link in page for link in links] == [offered] * 4


def test_links_from_elsewhere_fill_the_form_and_nonsense_does_no_harm(
    signed_in, olga, recommendation, region
):
    client = signed_in(olga)
    withdraw = url_of("audience_withdraw", recommendation)
    query = f"?where=r{recommendation.pk}&executor={region.school_1.pk}"
    form = client.get(withdraw + query).context["form"]
    assert form["where"].value() == f"r{recommendation.pk}"
    assert form["organizations"].value() == [region.school_1.pk]
    for nonsense in ("?where=r0&executor=x", f"?executor={'9' * 30}", "?executor=²"):
        assert client.get(withdraw + nonsense).status_code == 200
    add = reverse("tasks:recommendation_add", args=[recommendation.section.resolution.slug])
    assert client.get(add + "?section=²").status_code == 200


@pytest.mark.parametrize("name", ACTS)
def test_a_preview_costs_the_same_for_three_organisations_and_for_thirty(
    signed_in, olga, recommendation, region, later, queries_of, many_schools, name
):
    client, url = signed_in(olga), url_of(name, recommendation)
    typed = typed_for(name, later, region)
    client.post(url, typed)
    few = queries_of(lambda: client.post(url, typed))
    due = {"due_on": recommendation.due_on, "original_due_on": recommendation.due_on}
    Task.objects.bulk_create(
        Task(recommendation=recommendation, executor=school, **due) for school in many_schools(30)
    )
    assert queries_of(lambda: client.post(url, typed)) == few
