"""Olga enters a small resolution by forms in a browser and sends it; the words become dates."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from resolutions.models import Recommendation, Resolution
from tasks.models import Task

pytestmark = pytest.mark.journey


def begin(opened, title="Резолюция семинара"):
    opened.goto(reverse("resolutions:resolution_create"))
    opened.locator("[name=title]").fill(title)
    opened.locator("[name=event_date]").fill("29.11.2025")
    opened.locator("#main form[data-guard] .btn-primary").click()
    opened.locator("[name=heading]").wait_for()


def test_olga_enters_a_resolution_and_sends_it(page, olga, region):
    opened = page(olga)
    begin(opened)
    opened.locator("[name=heading]").fill("Школам района")
    for school in (region.school_1, region.school_2):
        opened.locator("#id_organizations_q").fill(school.name)
        opened.locator(f"#id_organizations_found [value='{school.pk}']").check()
        opened.locator(f"#id_organizations [name=organizations][value='{school.pk}']").wait_for()
    expect(opened.locator("#audience-meaning")).to_contain_text("2")
    opened.locator("[name=add_recommendation]").click()

    opened.locator("[name=text]").fill("Разработать программу наставничества.")
    opened.locator("[name=deadline_text]").press_sequentially("до 2027 года")
    expect(opened.locator("#deadline-meaning")).to_contain_text("31.12.2026")
    opened.locator("#open-form button[name=following]").click()  # save, and one more
    expect(opened.locator("[name=printed_number]")).to_have_value("2")
    opened.locator("[name=text]").fill("Вести работу с родителями.")
    opened.locator("#open-form .btn-primary").click()
    expect(opened.locator("#open-form")).to_have_count(0)

    resolution = Resolution.objects.get()
    opened.locator(f"a[href='{reverse('tasks:resolution_send', args=[resolution.slug])}']").click()
    opened.locator("#main form button.btn-primary").click()
    opened.wait_for_url(lambda url: "send" not in url)
    assert Task.objects.count() == 4
    resolution.refresh_from_db()
    assert resolution.status == Resolution.Status.ON_CONTROL


def test_a_draft_is_edited_by_keyboard_and_without_javascript_too(page, olga, draft):
    first = Recommendation.objects.get(section__position=1, printed_number="1")
    url = reverse("resolutions:resolution_update", args=[draft.slug])
    for scripts in (True, False):
        opened = page(olga, java_script_enabled=scripts)
        opened.goto(url)
        opened.locator(f"#recommendation-{first.pk} .draft-acts a").first.focus()
        opened.keyboard.press("Enter")
        text = opened.locator("[name=text]")
        text.wait_for()
        text.fill(f"Правка, скрипты: {scripts}.")
        text.press("Tab")
        opened.locator("[name=printed_number]").press("Enter")
        opened.locator("#open-form").wait_for(state="detached")
        first.refresh_from_db()
        assert first.text == f"Правка, скрипты: {scripts}."


def test_the_cursor_says_where_a_text_is_split(page, olga, draft):
    first = Recommendation.objects.get(section__position=1, printed_number="1")
    opened = page(olga)
    opened.goto(reverse("resolutions:recommendation_update", args=[draft.slug, first.pk]))
    text = opened.locator("[name=text]")
    text.fill("Первое. Второе.")
    text.evaluate("field => field.setSelectionRange(7, 7)")
    opened.locator("[name=split]").click()
    opened.locator("#open-form").wait_for(state="detached")
    texts = Recommendation.objects.filter(section=first.section).values_list("text", flat=True)
    assert list(texts)[:2] == ["Первое.", "Второе."]


def test_what_was_typed_survives_the_end_of_the_session(page, olga, draft):
    first = Recommendation.objects.get(section__position=1, printed_number="1")
    opened = page(olga)
    opened.goto(reverse("resolutions:recommendation_update", args=[draft.slug, first.pk]))
    opened.locator("[name=text]").fill("Набрано за час.")
    opened.context.clear_cookies(name="sessionid")
    opened.locator("#open-form .btn-primary").click()
    opened.locator("#id_username").fill(olga.email)
    opened.locator("#id_password").fill("Correct-Horse-9")
    opened.locator("#id_password").press("Enter")
    opened.locator("form[action*=recommendations] button.btn-primary").click()
    opened.wait_for_url(lambda url: "edit" in url)
    first.refresh_from_db()
    assert first.text == "Набрано за час."


def test_a_refusal_of_the_server_is_said_and_the_text_stays(page, olga, draft):
    first = Recommendation.objects.get(section__position=1, printed_number="1")
    opened = page(olga)
    opened.goto(reverse("resolutions:recommendation_update", args=[draft.slug, first.pk]))
    opened.locator("[name=text]").fill("Набрано без связи.")
    opened.context.set_offline(True)
    opened.locator("#open-form .actions .btn-primary").click()
    expect(opened.locator("#not-saved")).to_be_visible()
    expect(opened.locator("[name=text]")).to_have_value("Набрано без связи.")
    opened.context.set_offline(False)
    opened.locator("#open-form .actions .btn-primary").click()
    opened.locator("#open-form").wait_for(state="detached")
    expect(opened.locator("#not-saved")).to_be_hidden()


def test_a_press_on_a_stale_page_is_answered_by_a_message(page, olga, draft):
    opened = page(olga)
    opened.goto(reverse("resolutions:resolution_update", args=[draft.slug]))
    Resolution.objects.filter(pk=draft.pk).update(version=7)
    opened.locator("[id^=down-recommendation]").first.click()
    expect(opened.locator("#messages .note-warn")).to_be_visible()
