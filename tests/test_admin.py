"""The administration: what it lets happen, what it only shows, and that its pages stay quick."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin
from django.urls import reverse

from organizations.models import Membership, Organization, OrganizationGroup, User
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory, UserFactory
from resolutions.models import Recommendation, Resolution, Section
from tasks import workflow
from tasks.assignment import send
from tasks.counting import CompletionCount, TaskCount
from tasks.models import Evidence, Report, Task, TaskEvent

# Django's own templates leave variables undefined; none of these pages is a template of ours.
pytestmark = pytest.mark.ignore_template_errors

OUR_APPS = ("organizations", "resolutions", "tasks", "dashboards")


def our_models() -> list[type]:
    return [
        model
        for app in OUR_APPS
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical")
    ]


def shown_models() -> list[type]:
    """Counts have no page: they are the database's own, and every figure shows them."""
    return [model for model in our_models() if admin.site.is_registered(model)]


def page_of(model, page, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def page_of_object(obj) -> str:
    return page_of(type(obj), "change", obj.pk)


def form_of(response) -> dict[str, object]:
    """What a browser would send if the person changed nothing."""
    form = response.context["adminform"].form
    data = {}
    sets = [each.formset for each in response.context["inline_admin_formsets"]]
    forms = [form, *(f for s in sets for f in (s.management_form, *s.forms))]
    for each in forms:
        for field in each:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return {key: value for key, value in data.items() if "__prefix__" not in key}


@pytest.fixture
def desk(anna, signed_in):
    return signed_in(anna)


@pytest.fixture
def sent(draft, olga):
    send(draft, olga)
    draft.refresh_from_db()
    return draft


def test_every_model_has_its_page_in_the_administration():
    """Counts have none: they are the database's own, and every figure shows them."""
    assert set(our_models()) - set(shown_models()) == {TaskCount, CompletionCount}


def test_a_change_page_never_lists_all_organisations(desk, draft):
    """Fields that name organisations or people are searched: a list would hold 2,500 schools."""
    OrganizationFactory.create_batch(40, parent=draft.issuer)
    group = OrganizationGroup.objects.create(name="Школы", owner=draft.issuer)
    recommendation = Recommendation.objects.first()
    for obj in (draft, draft.issuer, group, draft.sections.first(), recommendation):
        page = desk.get(page_of_object(obj))
        form = page.context["adminform"].form
        for field in form.fields.values():
            choices = getattr(field.widget, "choices", ())
            if not isinstance(getattr(field.widget, "widget", field.widget), AutocompleteMixin):
                assert len(list(choices)) < 20


class TestDraftsAndWhatWasSent:
    def test_anna_corrects_a_draft_and_open_forms_notice(self, desk, draft):
        address = page_of_object(draft)
        data = form_of(desk.get(address)) | {"title": "Итоговая резолюция"}
        assert desk.post(address, data).status_code == 302
        draft.refresh_from_db()
        assert (draft.title, draft.version) == ("Итоговая резолюция", 2)

    def test_a_sent_resolution_and_its_parts_are_only_shown(self, desk, sent):
        for obj in (sent, sent.sections.first(), Recommendation.objects.first()):
            page = desk.get(page_of_object(obj))
            assert page.status_code == 200
            assert not page.context["has_change_permission"]
            assert not page.context["has_delete_permission"]
            assert desk.post(page_of_object(obj), {"title": "x", "text": "x"}).status_code == 403

    def test_a_draft_can_be_deleted_and_a_sent_resolution_cannot(self, desk, draft, sent, region):
        other = Resolution.objects.create(title="Ещё один черновик", issuer=region.department)
        Section.objects.create(resolution=other, heading="Школам", position=1)
        desk.post(page_of(Resolution, "delete", other.pk), {"post": "yes"})
        assert not Resolution.objects.filter(pk=other.pk).exists()
        refused = desk.post(page_of(Resolution, "delete", sent.pk), {"post": "yes"})
        assert refused.status_code == 403
        assert Resolution.objects.filter(pk=sent.pk).exists()

    def test_no_selection_is_deleted_at_once(self, desk, sent):
        action = {"action": "delete_selected", "_selected_action": sent.pk, "post": "yes"}
        desk.post(page_of(Resolution, "changelist"), action)
        assert Resolution.objects.filter(pk=sent.pk).exists()

    def test_a_new_section_stands_at_the_end(self, desk, draft):
        address = page_of_object(draft)
        data = form_of(desk.get(address)) | {
            "sections-TOTAL_FORMS": 3,
            "sections-2-heading": "Детским садам",
            "sections-2-resolution": draft.pk,
        }
        assert desk.post(address, data).status_code == 302
        assert [s.heading for s in draft.sections.all()][-1] == "Детским садам"
        assert draft.sections.last().position == 3

    def test_new_words_of_a_deadline_change_its_date(self, desk, draft):
        section = draft.sections.first()
        address = page_of_object(section)
        words = {"recommendations-0-deadline_text": "до 1 ноября 2026 г."}
        assert desk.post(address, form_of(desk.get(address)) | words).status_code == 302
        assert section.recommendations.first().due_on == date(2026, 11, 1)
        draft.refresh_from_db()
        assert draft.version == 2

    def test_a_date_typed_by_a_person_holds_against_the_words(self, desk, draft):
        recommendation = Recommendation.objects.first()
        address = page_of_object(recommendation)
        data = form_of(desk.get(address)) | {"due_on": "15.10.2026"}
        assert desk.post(address, data).status_code == 302
        recommendation.refresh_from_db()
        assert recommendation.due_on == date(2026, 10, 15)
        assert recommendation.deadline_set_by == Recommendation.DeadlineSetBy.PERSON

    def test_a_draft_sent_while_the_form_was_open_is_left_as_sent(
        self, desk, draft, olga, monkeypatch
    ):
        """The check at the beginning passed, and Olga sent it before the save."""
        address = page_of_object(draft)
        data = form_of(desk.get(address)) | {"title": "Поздно"}
        monkeypatch.setattr(Resolution, "is_draft", True)
        send(draft, olga)
        answer = desk.post(address, data)
        assert answer.status_code == 302
        draft.refresh_from_db()
        assert draft.title != "Поздно"


class TestWhatIsNeverChanged:
    @pytest.fixture
    def reported(self, sent, sergey, region):
        task = Task.objects.filter(executor=region.school_1).first()
        workflow.report(task, sergey, Report.Outcome.DONE, "Сделано.")
        report = task.reports.get()
        Evidence.objects.create(report=report, link="https://school.example", added_by=sergey)
        return task

    def test_tasks_reports_and_events_are_only_shown(self, desk, reported):
        for model in (Task, Report, TaskEvent, Evidence):
            obj = model.objects.filter(pk__gt=0).first()
            assert desk.get(page_of(model, "changelist")).status_code == 200
            assert desk.get(page_of_object(obj)).status_code == 200
            assert desk.post(page_of_object(obj), {"text": "x"}).status_code == 403
            assert desk.get(page_of(model, "add")).status_code == 403
            assert desk.post(page_of(model, "delete", obj.pk), {"post": "yes"}).status_code == 403

    def test_organisations_people_and_memberships_are_never_deleted(self, desk, olga, region):
        for obj in (region.school_1, olga, Membership.objects.first()):
            address = page_of(type(obj), "delete", obj.pk)
            assert desk.post(address, {"post": "yes"}).status_code == 403
            assert type(obj).objects.filter(pk=obj.pk).exists()

    def test_history_shows_changes_and_brings_nothing_back(self, desk, region):
        school = region.school_1
        school.name = "Гимназия № 1 Озёрного района"
        school.save()
        page = desk.get(page_of(Organization, "history", school.pk))
        assert "Школа № 1 Озёрного района" in page.content.decode()
        first = school.history.earliest()
        version = f"{page_of(Organization, 'history', school.pk)}{first.pk}/"
        old = form_of(desk.get(page_of_object(school))) | {"name": first.name}
        desk.post(version, old, follow=True)
        school.refresh_from_db()
        assert school.name == "Гимназия № 1 Озёрного района"

    def test_what_a_role_was_given_for_stays(self, desk, maria, region):
        membership = Membership.objects.get(user=maria)
        address = page_of_object(membership)
        data = form_of(desk.get(address)) | {
            "organization": region.riverside.pk,
            "until": "31.12.2026",
        }
        assert desk.post(address, data).status_code == 302
        membership.refresh_from_db()
        assert membership.organization == region.lakeside
        assert membership.until == date(2026, 12, 31)


class TestPeople:
    def test_anna_enters_a_person_with_a_role(self, desk, region):
        address = page_of(User, "add")
        assert desk.get(address).status_code == 200
        person = {
            "email": "New.Person@Example.Test",
            "surname": "Новикова",
            "name": "Вера",
            "usable_password": "false",
        }
        answer = desk.post(address, person | _empty_inlines(desk.get(address)))
        made = User.objects.get(email="new.person@example.test")
        assert answer.status_code == 302
        assert not made.has_usable_password()

        address = page_of_object(made)
        role = {
            "memberships-TOTAL_FORMS": 1,
            "memberships-0-user": made.pk,
            "memberships-0-organization": region.school_1.pk,
            "memberships-0-role": Role.EXECUTOR,
            "memberships-0-since": "01.09.2026",
        }
        assert desk.post(address, form_of(desk.get(address)) | role).status_code == 302
        assert made.memberships.get().organization == region.school_1

    def test_a_second_person_with_the_same_address_in_capitals_is_refused(self, desk, olga):
        address = page_of(User, "add")
        person = {"email": olga.email.upper(), "surname": "О", "name": "О"}
        answer = desk.post(
            address,
            person | {"usable_password": "false"} | _empty_inlines(desk.get(address)),
        )
        assert answer.status_code == 200
        assert "email" in answer.context["adminform"].form.errors

    def test_a_person_is_deactivated(self, desk, olga):
        address = page_of_object(olga)
        data = form_of(desk.get(address))
        del data["is_active"]
        assert desk.post(address, data).status_code == 302
        olga.refresh_from_db()
        assert not olga.is_active

    def test_people_are_found_in_any_case(self, desk):
        person = UserFactory(surname="Ёлкина", email="elkina@example.test")
        for words in ("ёлкина", "Ёлк", "ELKINA"):
            found = desk.get(page_of(User, "changelist"), {"q": words}).context["cl"].queryset
            assert list(found) == [person]


def _empty_inlines(response) -> dict[str, object]:
    return {key: value for key, value in form_of(response).items() if "_FORMS" in key}


class TestSearchAndFilters:
    def test_every_list_can_be_searched_and_filtered(self, desk, sent, sergey, region):
        workflow.report(
            Task.objects.filter(executor=region.school_1).first(),
            sergey,
            Report.Outcome.DONE,
            "Сделано.",
        )
        for model in shown_models():
            address = page_of(model, "changelist")
            assert desk.get(address, {"q": "школа"}).status_code == 200, model
            changelist = desk.get(address).context["cl"]
            assert changelist.search_fields, model
            for spec in changelist.filter_specs:
                for choice in spec.choices(changelist):
                    answer = desk.get(address + choice["query_string"])
                    assert answer.status_code == 200, choice

    def test_an_organisation_is_found_without_regard_to_case(self, desk, region):
        address = reverse("admin:autocomplete")
        answer = desk.get(
            address,
            {
                "term": "озерного",
                "app_label": "organizations",
                "model_name": "membership",
                "field_name": "organization",
            },
        )
        found = {each["text"] for each in answer.json()["results"]}
        assert {"Школа № 1", "Школа № 2"} <= found
        assert "Школа № 3" not in found

    @pytest.mark.parametrize(("answer", "expected"), [("yes", False), ("no", True)])
    def test_closed_organisations_are_told_apart(self, desk, region, answer, expected):
        region.school_2.closed_on = date(2020, 8, 31)
        region.school_2.save()
        page = desk.get(page_of(Organization, "changelist"), {"open": answer})
        assert (region.school_2 in page.context["cl"].queryset) is expected

    def test_tasks_of_an_executor_are_found(self, desk, sent):
        page = desk.get(page_of(Task, "changelist"), {"q": "заречного наставничества"})
        assert [str(task.executor) for task in page.context["cl"].queryset] == ["Школа № 3"]


class TestNoPageIsSlowerWithMoreRows:
    """The same queries for 3 rows and for 30: lists, pages with parts, and histories."""

    @pytest.fixture
    def world(self, draft, olga, region):
        def grow(count: int) -> dict[type, object]:
            """Add ``count`` of everything; return what each change page is opened for."""
            parent = OrganizationFactory(
                kind=Organization.Kind.MUNICIPAL_AUTHORITY, parent=region.department
            )
            schools = OrganizationFactory.create_batch(count, parent=parent)
            people = UserFactory.create_batch(count)
            for user in people:
                Membership.objects.create(user=user, organization=parent, role=Role.EXECUTOR)
            for school in schools:
                Membership.objects.create(user=people[0], organization=school, role=Role.EXECUTOR)
            group = OrganizationGroup.objects.create(name=f"Группа {count}", owner=parent)
            group.members.set(schools)
            for number in range(count):
                OrganizationGroup.objects.create(
                    name=f"{count}/{number}", owner=parent, within=schools[number]
                )
                Resolution.objects.create(title=f"Резолюция {count}/{number}", issuer=parent)
            resolution = Resolution.objects.create(title="Большая", issuer=parent)
            for number in range(1, count + 1):
                section = Section.objects.create(
                    resolution=resolution, heading="Школам", position=number
                )
            section.organizations.set(schools)
            section.groups.set([group])
            for number in range(1, count + 1):
                recommendation = Recommendation.objects.create(
                    section=section, text="Сделать.", position=number
                )
            recommendation.organizations.set(schools)
            for number in range(count):
                resolution.title = f"Большая {number}"
                resolution.updated_by = people[number]
                resolution.save()
            task = Task.objects.create(recommendation=recommendation, executor=schools[0])
            for user, school in zip(people, schools, strict=True):
                Task.objects.create(recommendation=recommendation, executor=school, period="I")
                report = Report.objects.create(
                    task=task,
                    outcome=Report.Outcome.PARTLY,
                    text="Начато.",
                    author=user,
                    for_organization=school,
                    sent_at="2026-10-01T10:00Z",
                )
                evidence = Evidence.objects.create(
                    report=report, link="https://school.example/order", added_by=user
                )
                event = TaskEvent.objects.create(
                    task=task, action="REPORT", actor=user, to_status="IN_PROGRESS", report=report
                )
            shown = (parent, group, people[0], people[0].memberships.first(), resolution, section)
            return {
                type(obj): obj for obj in (*shown, recommendation, task, report, event, evidence)
            }

        return grow

    def test_lists(self, desk, world, queries_of):
        world(3)
        lists = [page_of(model, "changelist") for model in shown_models()]
        for page in lists:
            desk.get(page)  # content types are read once for a whole process
        few = {page: queries_of(lambda page=page: desk.get(page)) for page in lists}
        world(30)
        many = {page: queries_of(lambda page=page: desk.get(page)) for page in lists}
        assert many == few

    def test_pages_of_one_thing(self, desk, world, queries_of):
        small, large = world(3), world(30)
        for model, obj in small.items():
            desk.get(page_of_object(obj))  # content types are read once for a whole process
            few = queries_of(lambda obj=obj: desk.get(page_of_object(obj)))
            many = queries_of(lambda obj=large[model]: desk.get(page_of_object(obj)))
            assert many == few, model

    def test_histories(self, desk, world, queries_of):
        few = page_of(Resolution, "history", world(3)[Resolution].pk)
        many = page_of(Resolution, "history", world(30)[Resolution].pk)
        assert queries_of(lambda: desk.get(many)) == queries_of(lambda: desk.get(few))


def test_another_date_of_the_document_is_another_year_for_the_words_of_deadlines(
    signed_in, anna, draft
):
    """As on the draft's own page; what a person has set stays."""
    Resolution.objects.filter(pk=draft.pk).update(document_date=date(2025, 11, 1))
    first, second = Recommendation.objects.filter(section__resolution=draft).order_by("pk")[:2]
    first.deadline_text = "до 25 декабря с. г."
    first.date_by_words(date(2025, 11, 1))
    first.save()
    second.deadline_text = "до 1 мая текущего года"
    second.date_by_person(None, date(2030, 1, 1))
    second.save()
    client = signed_in(anna)
    url = reverse("admin:resolutions_resolution_change", args=[draft.pk])
    form = client.get(url).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {f"sections-{key}": "0" for key in ("TOTAL_FORMS", "INITIAL_FORMS")}
    assert client.post(url, data | {"document_date": "01.11.2026"}).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.due_on, second.due_on) == (date(2026, 12, 25), date(2030, 1, 1))


def test_the_second_of_two_who_save_a_draft_in_the_administration_is_told(signed_in, anna, draft):
    client = signed_in(anna)
    url = reverse("admin:resolutions_resolution_change", args=[draft.pk])
    page = client.get(url)
    form = page.context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {f"sections-{key}": "0" for key in ("TOTAL_FORMS", "INITIAL_FORMS")}
    data |= {"event_date": "", "document_date": "", "place": "г. Вологда"}
    Resolution.objects.filter(pk=draft.pk).update(title="Название Ольги", version=2)
    response = client.post(url, data)
    assert response.status_code == 200
    assert "г. Вологда" in response.content.decode()
    draft.refresh_from_db()
    assert (draft.title, draft.place) == ("Название Ольги", "")
