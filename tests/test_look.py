"""How pages look and answer to keys: fields, errors, widths, focus, themes, languages, axe."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.template import Context, Template
from django.urls import include, path, reverse

from config.look import grouped, icon, typo
from config.style_guide import style_guide

# The style guide has its address in debug mode only.
urlpatterns = [path("style-guide/", style_guide), path("", include("config.urls"))]

NBSP = "\u00a0"


class TestTypography:
    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("школа № 5", f"школа №{NBSP}5"),
            ("в школе и дома", f"в{NBSP}школе и{NBSP}дома"),
            ("срок – 12 дней", f"срок{NBSP}– 12{NBSP}дней"),
            ("75 %", f"75{NBSP}%"),
            ("до 2023 года", f"до{NBSP}2023{NBSP}года"),
            ("Лугова И. О., завуч", f"Лугова И.{NBSP}О., завуч"),
        ],
    )
    def test_what_belongs_together_is_not_parted(self, typed, shown):
        assert typo(typed) == shown

    def test_only_spaces_change(self):
        text = "На основании п. 4 – и в целях № 7, не позднее 1 г."
        assert typo(text).replace(NBSP, " ") == text

    def test_thousands_stand_apart(self):
        shown = {0: "0", 999: "999", 1384: "1 384", 1_000_000: "1 000 000"}
        for number, words in shown.items():
            assert grouped(number) == words.replace(" ", NBSP)


class TestIcons:
    def test_an_icon_is_drawn_for_eyes_only(self):
        drawn = icon("check-lg", "c-done")
        assert drawn.startswith('<svg class="i c-done"')
        assert 'aria-hidden="true"' in drawn

    @pytest.mark.parametrize("name", ["../secret", "no-such-icon"])
    def test_a_name_that_is_no_icon_is_refused(self, name):
        with pytest.raises((ValueError, FileNotFoundError)):
            icon(name)


class Letter(forms.Form):
    reason = forms.CharField(label="Причина", help_text="Школа увидит это.")
    note = forms.CharField(label="Примечание", required=False)
    outcome = forms.ChoiceField(
        label="Итог", choices=[("a", "Принять"), ("b", "Вернуть")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="Согласен")


def drawn(form: forms.Form) -> str:
    return Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": form}))


class TestFields:
    def test_help_stands_between_label_and_field(self):
        html = drawn(Letter())
        places = [
            html.index('for="id_reason"'),
            html.index('id="id_reason_helptext"'),
            html.index('id="id_reason"'),
        ]
        assert places == sorted(places)

    def test_a_field_in_error_is_described_by_help_and_error(self):
        html = drawn(Letter({}))
        field = re.search(r'<input[^>]*id="id_reason"[^>]*>', html)[0]
        assert 'aria-invalid="true"' in field
        assert 'aria-describedby="id_reason_helptext id_reason_error"' in field
        assert "is-invalid" in field
        assert html.index('id="id_reason"') < html.index('id="id_reason_error"')

    def test_a_group_of_choices_is_described_as_a_whole(self):
        html = drawn(Letter({}))
        assert re.search(r'<fieldset aria-describedby="id_outcome_error">', html)
        assert "<legend" in html
        assert len(re.findall(r'type="radio"', html)) == 2

    def test_what_is_required_is_said_in_a_word(self):
        html = drawn(Letter())
        marked = re.findall(r"<(?:label|legend)[^>]*>([^<]+?)\s*<span", html)
        assert [each.strip() for each in marked] == ["Причина", "Итог", "Согласен"]
        assert "*" not in re.sub(r"<[^>]*>", "", html)

    def test_the_summary_leads_to_each_field(self):
        html = drawn(Letter({}))
        summary = html[: html.index('id="div_id_reason"')]
        assert 'role="alert"' in summary
        targets = re.findall(r'href="#([^"]+)"', summary)
        assert targets == ["id_reason", "id_outcome", "id_agreed"]
        for target in targets:
            assert f'id="{target}"' in html

    def test_a_form_without_errors_has_no_summary(self):
        assert "alert" not in drawn(Letter())

    def test_an_error_of_the_whole_form_is_said_without_a_list(self):
        form = Letter({"reason": "а", "outcome": "a", "agreed": "on"})
        form.add_error(None, "Кто-то был быстрее.")
        html = drawn(form)
        assert "Кто-то был быстрее." in html
        assert "<li>" not in html


def test_the_style_guide_draws_every_part(settings, sergey, signed_in):
    settings.ROOT_URLCONF = __name__
    assert signed_in(sergey).get("/style-guide/").status_code == 200


# --- In a browser ---------------------------------------------------------------------------------

SIGNED_OUT = ["organizations:sign_in", "admin:login"]
PAGES = ["organizations:profile", "/no-such-page/", "/style-guide/"]
WIDTHS = (320, 360, 720, 768, 1440)  # 720 is 1440 at 200 %


def address(name: str) -> str:
    return name if name.startswith("/") else reverse(name)


@pytest.fixture
def look(settings):
    """Addresses with the style guide among them."""
    settings.ROOT_URLCONF = __name__


@pytest.mark.journey
class TestInABrowser:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_nothing_for_axe_to_find_and_no_sideways_scroll(self, look, page, pavel, scheme):
        strangers, members = page(color_scheme=scheme), page(pavel, color_scheme=scheme)
        places = [(strangers, each) for each in SIGNED_OUT] + [(members, each) for each in PAGES]
        for opened, name in places:
            for width in WIDTHS:
                opened.set_viewport_size({"width": width, "height": 900})
                opened.goto(address(name))
                beyond = (
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                assert opened.evaluate(beyond) <= 0, (name, width)
                if width in (360, 1440):
                    found = Axe().run(opened).response["violations"]
                    assert [(each["id"], each["nodes"]) for each in found] == [], (name, width)

    def test_the_first_key_leads_past_the_menu(self, page, pavel):
        opened = page(pavel)
        opened.goto(reverse("organizations:profile"))
        opened.keyboard.press("Tab")
        skip = opened.locator(":focus")
        assert skip.get_attribute("href") == "#main"
        assert skip.bounding_box()["x"] >= 0
        opened.keyboard.press("Enter")
        assert opened.evaluate("document.activeElement.id") == "main"

    def test_focus_is_seen_on_every_stop(self, page, pavel):
        opened = page(pavel)
        opened.goto(reverse("organizations:profile"))
        stops = 0
        for _each in range(40):
            opened.keyboard.press("Tab")
            if opened.evaluate("document.activeElement === document.body"):
                break
            outline = opened.evaluate("getComputedStyle(document.activeElement).outline")
            assert outline.endswith("solid 3px"), opened.evaluate(
                "document.activeElement.outerHTML"
            )
            stops += 1
        assert stops > 8

    @pytest.mark.parametrize("javascript", [True, False])
    def test_the_theme_and_the_language_are_switched_before_signing_in_too(
        self, page, db, javascript
    ):
        opened = page(java_script_enabled=javascript, color_scheme="light")
        opened.goto(reverse("organizations:sign_in"))
        paper = "getComputedStyle(document.body).backgroundColor"
        before = opened.evaluate(paper) if javascript else None
        opened.locator("button[name=theme]").click()
        opened.wait_for_selector("html[data-bs-theme=dark]")
        if javascript:
            assert opened.evaluate(paper) != before
        opened.locator("button[name=language]").click()
        opened.wait_for_selector("html[lang=en]")
        assert opened.locator("html").get_attribute("data-bs-theme") == "dark"
        assert opened.url.endswith(reverse("organizations:sign_in"))

    def test_the_administration_works_under_the_policy(self, page, anna, region):
        """A list, a page, a search within it, a row added; ``page`` hears what is refused."""
        opened = page(anna)
        opened.goto(reverse("admin:organizations_organization_changelist"))
        opened.locator("#searchbar").fill("озёрного")
        opened.keyboard.press("Enter")
        opened.locator("#result_list tbody tr").first.wait_for()
        opened.goto(reverse("admin:organizations_organization_change", args=[region.school_1.pk]))
        opened.locator("#select2-id_parent-container").click()
        opened.locator(".select2-search__field").fill("заречного")
        opened.locator(".select2-results__option", has_text="Заречного").click()
        opened.locator(".add-row a").click()
        opened.locator("#id_memberships-0-role").wait_for()
        opened.locator("#memberships-0 .inline-deletelink").click()
        opened.locator("[name=_save]").click()
        opened.locator(".messagelist .success").wait_for()
        region.school_1.refresh_from_db()
        assert region.school_1.parent == region.riverside
