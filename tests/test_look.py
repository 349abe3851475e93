"""How pages look and answer to keys: fields, errors, widths, focus, themes, languages, axe."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.test.html import parse_html
from django.urls import NoReverseMatch, include, path, reverse, set_script_prefix
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from config.style_guide import style_guide
from organizations.addresses import address, addresses, narrowed
from organizations.fields import PlainInputs, PlainSelect
from organizations.templatetags.look import cut, filled, grouped, icon, typo
from resolutions.models import Recommendation
from tasks.breakdown import Breakdown
from tasks.models import Task
from tasks.progress import Tally

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

    def test_what_is_kept_of_a_safe_text_makes_no_other_text_safe(self):
        """The same signs may come from a template and from a person."""
        words = "а <b>важно</b>"
        for text in (SafeString(words), words):
            assert not isinstance(typo(text), SafeString)
        assert "<b>" not in Template("{% load look %}{{ words|typo }}").render(
            Context({"words": words})
        )

    def test_a_pattern_is_filled_as_by_django(self):
        values = ("<i>'\"&", SafeString("<i>"), 5, None, gettext_lazy("Save"))
        pattern = "<b>{}{}{}{}{}</b>"
        assert filled(pattern, *values) == format_html(pattern, *values)
        assert isinstance(filled("{}", "<"), SafeString)

    def test_a_long_text_is_cut(self):
        assert cut("Утвердить план", 14) == "Утвердить план"
        assert cut("Утвердить план", 13) == "Утвердить пл…"

    def test_a_day_is_that_of_the_zone_of_the_installation(self):
        template = Template("{% load look %}{{ moment|day }}")
        moment = datetime(2026, 8, 31, 22, 0, tzinfo=UTC)  # the first of September in Moscow
        assert template.render(Context({"moment": moment})) == "01.09.2026"
        assert template.render(Context({"moment": None})) == ""

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


PLACES = [("", "Все"), ("1", "Отдел «Юг» & Ко"), ("2", "<b>Север</b>")]


class Place(forms.Form):
    plain = forms.ChoiceField(choices=PLACES, required=False, widget=PlainSelect)
    usual = forms.ChoiceField(choices=PLACES, required=False)


class TestPlainSelect:
    @pytest.mark.parametrize("chosen", ["", "2", "3", None])
    def test_it_is_the_select_of_django(self, chosen):
        form = Place({} if chosen is None else {"plain": chosen, "usual": chosen})
        assert parse_html(str(form["plain"])) == parse_html(
            str(form["usual"]).replace("usual", "plain")
        )


class Typed(forms.Form):
    word = forms.CharField(required=False, max_length=5)
    days = forms.IntegerField(required=False, min_value=0)
    day = forms.DateField(required=False)
    tick = forms.BooleanField(required=False)
    key = forms.CharField(required=False, widget=forms.HiddenInput)


class TestPlainInputs:
    @pytest.mark.parametrize(
        "typed",
        [
            {},
            {"word": "«А» & <b>", "days": "0", "day": "01.09.2026", "tick": "on", "key": '"1"'},
            {"word": "too long", "days": "-1", "day": "tomorrow"},
        ],
    )
    def test_they_are_the_inputs_of_django(self, typed):
        plain, usual = Typed(typed, renderer=PlainInputs()), Typed(typed)
        for ours, theirs in zip(plain, usual, strict=True):
            assert parse_html(str(ours)) == parse_html(str(theirs))


class TestPieces:
    """What is drawn without a template: words of the reader's language, nothing typed as HTML."""

    TASK = Task(
        pk=1,
        status="COMPLETED",
        due_on=date(2026, 9, 1),
        reported_on=date(2026, 9, 4),
        recommendation=Recommendation(printed_number="<i>2</i>"),
    )
    PIECES = "{% load breakdowns deadlines tallies %}{% deadline task %}{% task_status task %}"

    def test_each_reader_reads_their_own_language(self):
        template = Template(self.PIECES + "{% tally_mark tally %}{% part_cells parts %}")
        context = {"task": self.TASK, "tally": Tally(completed=1, overdue=2)}
        context["parts"] = Breakdown(in_time=1, overdue=2)
        words = {
            "ru": ("на 3 дня", "Исполнено", "1 из 3", "просрочено 2", "Исполнено в срок"),
            "en": ("3 days late", "Completed", "1 of 3", "overdue 2", "Completed in time"),
        }
        for language in ("ru", "en", "ru"):
            with translation.override(language):
                html = template.render(Context(context)).replace(NBSP, " ")
            for each in words[language]:
                assert each in html, (language, each)
            for foreign in words["en" if language == "ru" else "ru"]:
                assert foreign not in html, (language, foreign)

    def test_what_people_typed_stays_text(self):
        html = Template("{% load tallies %}{% report_button task 'btn' %}").render(
            Context({"task": self.TASK})
        )
        assert "<i>" not in html
        html = Template("{% load tallies %}{% tally_cell number 1 tally %}").render(
            Context({"number": "<i>2</i>", "tally": Tally()})
        )
        assert "<i>" not in html


class TestAddresses:
    def test_an_address_is_that_of_the_resolver(self):
        for name, key in (("tasks:task_report", 17), ("tasks:resolution_detail", "2026-a")):
            assert address(name, key) == addresses(name)(key) == reverse(name, args=[key])
        assert address("tasks:task_list") == reverse("tasks:task_list")
        with pytest.raises(NoReverseMatch):
            address("tasks:no_such_page", 1)

    def test_it_stands_under_the_path_of_the_installation(self):
        set_script_prefix("/region/")
        try:
            assert address("tasks:task_report", 17) == "/region/tasks/17/report/"
        finally:
            set_script_prefix("/")
        assert address("tasks:task_report", 17) == "/tasks/17/report/"

    def test_the_query_of_a_page_is_ready_for_one_more_condition(self):
        tag = Template('{% load lists %}{% query_without "page" "by" %}year=1')
        for query, ready in (("page=2", "?year=1"), ("q=%26&by=x&page=2", "?q=%26&amp;year=1")):
            request = RequestFactory().get(f"/?{query}")
            assert tag.render(Context({"request": request})) == ready

    def test_conditions_are_added(self):
        assert narrowed("/tasks/", "state=owed") == "/tasks/?state=owed"
        assert narrowed("/tasks/?q=1", "state=owed") == "/tasks/?q=1&state=owed"
        assert narrowed("/tasks/", "") == "/tasks/"


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


def address_of(name: str) -> str:
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
                opened.goto(address_of(name))
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
