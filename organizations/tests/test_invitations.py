"""Links with which people set their passwords: given, printed, sent, followed, and misused."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext

from conftest import PASSWORD
from organizations.invitations import LinkTokens, issue_links, never_signed_in
from organizations.models import Membership, User
from organizations.permissions import may_issue_link, people_to_invite
from organizations.roles import Role
from organizations.tests.factories import OrganizationFactory, UserFactory
from organizations.views.profile import ProfileForm

NEW = {"new_password1": "Тихая-Гавань-17", "new_password2": "Тихая-Гавань-17"}


def url(name, *args):
    return reverse(f"organizations:{name}", args=args)


def membership(user) -> Membership:
    return Membership.objects.get(user=user)


def link_for(giver, person) -> str:
    (link,) = issue_links(giver, [person], RequestFactory().get("/"))
    return re.sub(r"^http://[^/]+", "", link.address)


def follow(address) -> tuple[Client, str]:
    """Open a link as a stranger; return the browser and where it stands then."""
    browser = Client()
    response = browser.get(address, follow=True)
    place = response.redirect_chain[-1][0] if response.redirect_chain else address
    return browser, place if response.context["validlink"] else ""


@pytest.fixture
def invited(region) -> User:
    """A teacher of school 1 who was entered and has never signed in."""
    person = UserFactory(surname="Приглашённая", email="invited@example.test")
    person.set_unusable_password()
    person.save()
    Membership.objects.create(user=person, organization=region.school_1, role=Role.EXECUTOR)
    return person


def test_a_link_sets_the_password_and_signs_in(olga, invited):
    browser, place = follow(link_for(olga, invited))
    response = browser.post(place, NEW)
    assert response.url == reverse("dashboards:start")
    assert browser.session["_auth_user_id"] == str(invited.pk)
    invited.refresh_from_db()
    assert invited.check_password(NEW["new_password1"])


def test_a_link_works_once(olga, invited):
    address = link_for(olga, invited)
    browser, place = follow(address)
    second, second_place = follow(address)
    browser.post(place, NEW)
    assert follow(address)[1] == ""
    other = {"new_password1": "Чужая-Гавань-17", "new_password2": "Чужая-Гавань-17"}
    assert not second.post(second_place, other).context["validlink"]
    invited.refresh_from_db()
    assert invited.check_password(NEW["new_password1"])


def test_a_link_dies_with_the_first_sign_in(signed_in, olga, sergey):
    address = link_for(olga, sergey)
    signed_in(sergey)
    assert follow(address)[1] == ""


def test_a_link_dies_of_age(olga, invited, settings, monkeypatch):
    address = link_for(olga, invited)
    later = datetime.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 60)  # noqa: DTZ005
    monkeypatch.setattr(LinkTokens, "_now", lambda _tokens: later)
    assert follow(address)[1] == ""


def test_a_dead_link_says_what_to_do(olga, invited, region):
    dead = url("link_follow", olga.pk, urlsafe_base64_encode(b"x"), "abc-def")
    page = Client().get(dead)
    assert page.status_code == 200
    assert reverse("organizations:sign_in") in page.content.decode()
    assert olga.surname not in page.content.decode()


def test_a_weak_password_is_refused_and_the_link_lives(olga, invited):
    browser, place = follow(link_for(olga, invited))
    weak = {"new_password1": "12345", "new_password2": "12345"}
    assert browser.post(place, weak).context["form"].errors
    assert browser.post(place, NEW).status_code == 302


def test_a_link_opens_nothing_that_its_giver_may_not_give_any_more(olga, invited, region):
    """A role given elsewhere afterwards does not come along with an old link."""
    address = link_for(olga, invited)
    Membership.objects.create(user=invited, organization=region.other_school, role=Role.EXECUTOR)
    assert follow(address)[1] == ""


def test_a_link_does_not_outlive_its_givers_role(olga, invited):
    address = link_for(olga, invited)
    Membership.objects.filter(user=olga).update(until=timezone.localdate())
    assert follow(address)[1] == ""


def test_the_giver_in_the_address_cannot_be_swapped(olga, victor, invited, region):
    address = link_for(olga, invited)
    other = UserFactory()
    Membership.objects.create(user=other, organization=region.department, role=Role.COORDINATOR)
    assert follow(address.replace(f"/link/{olga.pk}/", f"/link/{other.pk}/"))[1] == ""
    uid = urlsafe_base64_encode(force_bytes(invited.pk))
    assert (
        follow(url("link_follow", olga.pk, uid, default_token_generator.make_token(invited)))[1]
        == ""
    )


def test_a_link_never_opens_an_administrator(signed_in, olga, anna, region):
    role = Membership.objects.create(user=anna, organization=region.school_1, role=Role.EXECUTOR)
    assert signed_in(olga).post(url("link_issue", role.pk)).status_code == 403
    assert follow(link_for(olga, anna))[1] == ""


@pytest.mark.parametrize("days", [0, 30])
def test_no_link_for_a_person_with_roles_beyond_reach(signed_in, olga, invited, region, days):
    role = membership(invited)
    Membership.objects.create(
        user=invited,
        organization=region.other_school,
        role=Role.EXECUTOR,
        since=timezone.localdate() + timedelta(days=days),
    )
    client = signed_in(olga)
    assert client.post(url("link_issue", role.pk)).status_code == 403
    assert (
        url("link_issue", role.pk)
        not in client.get(url("organization_detail", region.school_1.pk)).content.decode()
    )
    assert not never_signed_in(olga, region.department).filter(pk=invited.pk).exists()


def test_no_link_for_the_deactivated_or_those_without_a_role(signed_in, olga, invited):
    role = membership(invited)
    User.objects.filter(pk=invited.pk).update(is_active=False)
    assert signed_in(olga).post(url("link_issue", role.pk)).status_code == 403
    User.objects.filter(pk=invited.pk).update(is_active=True)
    Membership.objects.filter(pk=role.pk).update(until=timezone.localdate())
    assert signed_in(olga).post(url("link_issue", role.pk)).status_code == 403


def test_who_may_issue(signed_in, maria, nina, sergey, victor, invited):
    address = url("link_issue", membership(invited).pk)
    for person, status in ((maria, 403), (nina, 403), (sergey, 403), (victor, 404)):
        assert signed_in(person).post(address).status_code == status
    assert not LogEntry.objects.exists()


def test_issuing_is_an_act_and_is_recorded(signed_in, olga, invited):
    client, address = signed_in(olga), url("link_issue", membership(invited).pk)
    assert client.get(address).status_code == 405
    assert not LogEntry.objects.exists()
    page = client.post(address)
    assert "no-store" in page["Cache-Control"]
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (olga, str(invited.pk))
    assert entry.get_change_message()
    shown = re.search(r"http://testserver(/link/[^\"<\s]+)", page.content.decode())
    assert follow(shown[1])[1]


def test_a_link_is_sent_by_mail(signed_in, olga, invited):
    signed_in(olga).post(url("link_issue", membership(invited).pk), {"send": "1"})
    (letter,) = mail.outbox
    assert letter.to == [invited.email]
    address = re.search(r"http://testserver(/link/\S+)", letter.body)
    assert follow(address[1])[1]
    assert "&" not in letter.body


def test_a_letter_that_fails_is_told_of(signed_in, olga, invited, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    address = url("link_issue", membership(invited).pk)
    response = signed_in(olga).post(address, {"send": "1"}, follow=True)
    assert [each.level_tag for each in response.context["messages"]] == ["error"]


def test_many_at_once_are_judged_as_one_by_one(olga, maria, pavel, sergey, victor, anna, invited):
    Membership.objects.create(
        user=sergey, organization=membership(victor).organization, role=Role.OBSERVER
    )
    left = UserFactory(is_active=False)
    for person in (anna, left):
        Membership.objects.create(
            user=person, organization=membership(invited).organization, role=Role.EXECUTOR
        )
    everybody = User.objects.all()
    for giver in (olga, maria, victor):
        one_by_one = {each for each in everybody if may_issue_link(giver, each)}
        assert set(people_to_invite(giver)) == one_by_one


# A password set elsewhere, before the role

DIRECTOR = {"email": "director@example.test", "surname": "Директорова", "name": "Вера"}


@pytest.fixture
def taken(signed_in, victor, region) -> Client:
    """Victor invited a stranger's e-mail, followed the link himself and ended the role again.

    His browser, signed in as the director to be.
    """
    client = signed_in(victor)
    data = DIRECTOR | {"roles": [Role.EXECUTOR]}
    client.post(url("membership_create", region.other_school.pk), data)
    role = Membership.objects.get(user__email=DIRECTOR["email"])
    browser, place = follow(link_for(victor, role.user))
    assert browser.post(place, NEW).status_code == 302
    client.post(url("membership_end", role.pk))
    return browser


def let_in(email) -> bool:
    """Whether the password that Victor knows opens the door."""
    data = {"username": email, "password": NEW["new_password1"]}
    return Client().post(reverse("organizations:sign_in"), data).status_code == 302


def invite_director(client, organization):
    data = DIRECTOR | {"roles": [Role.EXECUTOR]}
    return client.post(url("membership_create", organization.pk), data, follow=True)


def test_a_password_set_elsewhere_does_not_open_a_role_given_later(signed_in, olga, taken, region):
    assert taken.get(reverse("organizations:profile")).status_code == 200
    assert let_in(DIRECTOR["email"])
    stories = Membership.history.count()
    page = invite_director(signed_in(olga), region.school_1)
    assert not let_in(DIRECTOR["email"])
    assert taken.get(reverse("organizations:profile")).status_code == 302
    assert Membership.history.count() == stories + 1
    (message,) = page.context["messages"]
    link_first = gettext("%(person)s is entered. Now issue a link: with it the password is set.")
    assert str(message) == link_first % {"person": DIRECTOR["email"]}


def test_who_lost_the_password_is_offered_a_link_and_comes_in_by_it(signed_in, olga, taken, region):
    client = signed_in(olga)
    card = invite_director(client, region.school_1).content.decode()
    role = Membership.objects.get(user__email=DIRECTOR["email"], organization=region.school_1)
    assert url("link_issue", role.pk) in card
    sheet = client.post(url("invitation_sheet", region.lakeside.pk))
    (slip,) = [each for each in sheet.context["links"] if each.person == role.user]
    browser, place = follow(slip.address.removeprefix("http://testserver"))
    mine = {"new_password1": "Своя-Гавань-17", "new_password2": "Своя-Гавань-17"}
    assert browser.post(place, mine).status_code == 302
    assert role.user not in never_signed_in(olga, region.lakeside)
    # A second role does not turn out whoever came in by the link of the first.
    invite_director(client, region.school_2)
    assert browser.get(reverse("organizations:profile")).status_code == 200


def test_an_administrator_keeps_the_password(signed_in, olga, anna, region):
    for flags in ({"is_staff": True}, {"is_staff": False}):
        User.objects.filter(pk=anna.pk).update(**flags)
        Membership.objects.filter(user=anna).update(until=timezone.localdate())
        data = DIRECTOR | {"email": anna.email, "roles": [Role.EXECUTOR]}
        signed_in(olga).post(url("membership_create", region.school_1.pk), data)
        assert Membership.objects.not_ended(timezone.localdate()).filter(user=anna).exists()
        assert User.objects.get(pk=anna.pk).check_password(PASSWORD)


def test_another_role_instead_of_the_only_one_keeps_the_password(signed_in, olga, sergey):
    data = {"role": Role.OBSERVER}
    signed_in(olga).post(url("membership_update", membership(sergey).pk), data)
    assert User.objects.get(pk=sergey.pk).check_password(PASSWORD)


def test_a_profile_saved_at_that_moment_does_not_bring_the_password_back(
    signed_in, sergey, monkeypatch
):
    def taken_away_meanwhile(form):
        User.objects.filter(pk=form.instance.pk).update(password="!taken away")
        return form.cleaned_data

    monkeypatch.setattr(ProfileForm, "clean", taken_away_meanwhile)
    data = {"surname": "Сергеев", "name": "Сергей"}
    signed_in(sergey).post(reverse("organizations:profile"), data)
    sergey.refresh_from_db()
    assert (sergey.surname, sergey.password) == ("Сергеев", "!taken away")


# The sheet


def test_the_sheet_has_a_slip_for_each_who_never_signed_in(
    signed_in, olga, sergey, invited, region
):
    User.objects.filter(pk=sergey.pk).update(last_login=timezone.now())
    client, address = signed_in(olga), url("invitation_sheet", region.lakeside.pk)
    assert list(client.get(address).context["page"]) == [invited]
    assert not LogEntry.objects.exists()
    page = client.post(address)
    assert [link.person for link in page.context["links"]] == [invited]
    assert "no-store" in page["Cache-Control"]
    assert LogEntry.objects.filter(user=olga, object_id=str(invited.pk)).count() == 1
    shown = re.search(r"http://testserver(/link/[^\"<\s]+)", page.content.decode())
    assert follow(shown[1])[1]


def test_the_sheet_of_another_district_leaves_them_out(signed_in, olga, invited, region):
    page = signed_in(olga).get(url("invitation_sheet", region.riverside.pk))
    assert list(page.context["page"]) == []


def test_only_coordinators_make_sheets(signed_in, maria, nina, sergey, victor, invited, region):
    address = url("invitation_sheet", region.school_1.pk)
    for person, status in ((maria, 403), (nina, 403), (sergey, 403), (victor, 404)):
        client = signed_in(person)
        assert client.get(address).status_code == client.post(address).status_code == status


def test_without_a_place_the_sheet_is_that_of_the_own_organisation(signed_in, olga, maria, region):
    address = reverse("organizations:invitation_sheet")
    assert signed_in(olga).get(address).url == url("invitation_sheet", region.department.pk)
    assert signed_in(maria).get(address).status_code == 403


def test_the_sheet_costs_the_same_for_3_and_for_30(signed_in, olga, region, queries_of):
    client, address = signed_in(olga), url("invitation_sheet", region.department.pk)

    def enter(number):
        for _ in range(number):
            Membership.objects.create(
                user=UserFactory(),
                organization=OrganizationFactory(parent=region.lakeside),
                role=Role.EXECUTOR,
            )

    enter(3)
    client.post(address)
    few = [queries_of(lambda: client.get(address)), queries_of(lambda: client.post(address))]
    enter(30)
    many = [queries_of(lambda: client.get(address)), queries_of(lambda: client.post(address))]
    assert many == few
    assert len(client.post(address).context["links"]) == 33


# One's own password


def test_a_person_changes_the_own_password(signed_in, sergey):
    client, address = signed_in(sergey), reverse("organizations:password_change")
    data = NEW | {"old_password": "wrong"}
    assert client.post(address, data).context["form"].errors
    response = client.post(address, data | {"old_password": "Correct-Horse-9"})
    assert response.url == reverse("organizations:profile")
    assert address in client.get(response.url).content.decode()
