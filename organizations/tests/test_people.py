"""People of an organisation: inviting, changing a role, ending it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.invitations import change_role, end_role
from organizations.models import Membership, User
from organizations.roles import Role
from organizations.tests.factories import UserFactory


def url(name, *args):
    return reverse(f"organizations:membership_{name}", args=args)


@pytest.fixture
def newcomer() -> dict[str, object]:
    return {
        "email": "New@Example.test",
        "surname": "Новикова",
        "name": "Вера",
        "patronymic": "",
        "position": "завуч",
        "roles": [Role.EXECUTOR],
    }


def role_of(user, role=None) -> Membership:
    return Membership.objects.get(user=user, **({"role": role} if role else {}))


def test_a_new_person_is_invited(signed_in, olga, region, newcomer):
    response = signed_in(olga).post(url("create", region.school_2.pk), newcomer)
    assert response.url.startswith(region.school_2.get_absolute_url())
    person = User.objects.get(email="new@example.test")
    assert (person.surname, person.has_usable_password()) == ("Новикова", False)
    assert role_of(person).organization == region.school_2


def test_several_roles_at_once(signed_in, olga, region, newcomer):
    newcomer["roles"] = [Role.EXECUTOR, Role.METHODIST]
    signed_in(olga).post(url("create", region.lakeside.pk), newcomer)
    assert Membership.objects.filter(user__email="new@example.test").count() == 2


def test_a_known_person_gets_the_role_and_keeps_the_name(signed_in, olga, tamara, region, newcomer):
    newcomer["email"] = tamara.email.upper()
    signed_in(olga).post(url("create", region.school_2.pk), newcomer)
    tamara.refresh_from_db()
    assert (tamara.surname, tamara.position) == ("Tamarina", "")
    assert tamara.check_password("Correct-Horse-9")
    assert Membership.objects.filter(user=tamara, organization=region.school_2).exists()


def test_the_same_role_twice_is_refused_clearly(signed_in, olga, sergey, region, newcomer):
    newcomer |= {"email": sergey.email, "roles": [Role.METHODIST, Role.EXECUTOR]}
    response = signed_in(olga).post(url("create", region.school_1.pk), newcomer)
    (message,) = response.context["form"].errors["roles"]
    assert str(Role.EXECUTOR.label) in message
    assert str(Role.METHODIST.label) not in message
    assert Membership.objects.filter(user=sergey).count() == 1


def test_an_ended_role_may_be_given_again(signed_in, olga, sergey, region, newcomer):
    end_role(role_of(sergey))
    newcomer["email"] = sergey.email
    assert signed_in(olga).post(url("create", region.school_1.pk), newcomer).status_code == 302
    assert Membership.objects.filter(user=sergey).active(timezone.localdate()).count() == 1


def test_a_deactivated_person_is_not_brought_back_by_an_invitation(
    signed_in, olga, tamara, region, newcomer
):
    User.objects.filter(pk=tamara.pk).update(is_active=False)
    newcomer["email"] = tamara.email
    response = signed_in(olga).post(url("create", region.school_2.pk), newcomer)
    assert "email" in response.context["form"].errors


def test_bad_input_loses_nothing_typed(signed_in, olga, region, newcomer):
    newcomer |= {"email": "не почта", "roles": []}
    response = signed_in(olga).post(url("create", region.school_2.pk), newcomer)
    assert set(response.context["form"].errors) == {"email", "roles"}
    assert "Новикова" in response.content.decode()
    assert not User.objects.filter(surname="Новикова").exists()


def test_who_may_invite(signed_in, maria, nina, sergey, victor, region, newcomer):
    address = url("create", region.school_1.pk)
    for person, status in ((maria, 403), (nina, 403), (sergey, 403), (victor, 404)):
        assert signed_in(person).post(address, newcomer).status_code == status
    assert not User.objects.filter(surname="Новикова").exists()


def test_another_role_ends_the_one_before(signed_in, olga, sergey, region):
    before = role_of(sergey)
    signed_in(olga).post(url("update", before.pk), {"role": Role.OBSERVER})
    before.refresh_from_db()
    assert before.until == timezone.localdate()
    after = Membership.objects.active(timezone.localdate()).get(user=sergey)
    assert (after.role, after.organization) == (Role.OBSERVER, region.school_1)


def test_a_role_that_the_person_has_cannot_be_the_new_one(signed_in, olga, pavel):
    before = role_of(pavel, Role.EXECUTOR)
    for role in (Role.EXECUTOR, Role.METHODIST, "KING"):
        response = signed_in(olga).post(url("update", before.pk), {"role": role})
        assert "role" in response.context["form"].errors
    before.refresh_from_db()
    assert before.until is None


def test_a_change_that_fails_half_way_leaves_the_old_role(sergey, monkeypatch):
    before = role_of(sergey)

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Membership.objects, "get_or_create", fail)
    with pytest.raises(RuntimeError):
        change_role(before, Role.OBSERVER)
    before.refresh_from_db()
    assert before.until is None


def test_ending_asks_first_and_says_what_is_lost(signed_in, olga, sergey):
    role = role_of(sergey)
    page = signed_in(olga).get(url("end", role.pk))
    assert page.context["leaves_nobody"]
    role.refresh_from_db()
    assert role.until is None
    signed_in(olga).post(url("end", role.pk))
    assert not User.objects.get(pk=sergey.pk).reach.places


def test_with_another_executor_nobody_is_left_alone(signed_in, olga, sergey, region, newcomer):
    client = signed_in(olga)
    client.post(url("create", region.school_1.pk), newcomer)
    assert not client.get(url("end", role_of(sergey).pk)).context["leaves_nobody"]


def test_pressing_twice_ends_once(signed_in, olga, sergey):
    client, role = signed_in(olga), role_of(sergey)
    assert client.post(url("end", role.pk)).status_code == 302
    assert client.post(url("end", role.pk)).status_code == 403
    assert role.history.count() == 2


def test_two_at_once_end_once(sergey):
    first, second = role_of(sergey), role_of(sergey)
    assert end_role(first)
    assert not end_role(second)
    assert not change_role(second, Role.OBSERVER)
    assert Membership.objects.filter(user=sergey).count() == 1


def test_a_role_that_would_begin_later_never_begins(sergey):
    role = role_of(sergey)
    role.since = timezone.localdate() + timedelta(days=30)
    role.save()
    assert end_role(role)
    role.refresh_from_db()
    assert role.until == role.since


def test_the_own_last_role_of_a_coordinator_is_not_ended_by_accident(signed_in, olga, region):
    client, role = signed_in(olga), role_of(olga)
    for name in ("end", "update"):
        assert client.post(url(name, role.pk), {"role": Role.OBSERVER}).status_code == 403
    Membership.objects.create(user=olga, organization=region.lakeside, role=Role.COORDINATOR)
    assert signed_in(olga).post(url("end", role.pk)).status_code == 302


def test_roles_beyond_reach_are_not_there(signed_in, olga, victor, maria, sergey):
    assert signed_in(victor).get(url("end", role_of(sergey).pk)).status_code == 404
    assert signed_in(olga).get(url("end", role_of(victor).pk)).status_code == 404
    assert signed_in(maria).post(url("end", role_of(sergey).pk)).status_code == 403


@pytest.fixture
def stranger(db, region) -> User:
    """Somebody of another region, whom Olga knows by the e-mail only."""
    person = UserFactory(surname="Тайная", position="директор школы", email="secret@example.test")
    Membership.objects.create(
        user=person, organization=region.other_school, role=Role.EXECUTOR, since=date(2020, 1, 1)
    )
    User.objects.filter(pk=person.pk).update(last_login=timezone.now() - timedelta(minutes=1))
    return person


def pages_about(client, organization, person) -> str:
    """All pages on which the person stands after the invitation, in one text."""
    role = Membership.objects.get(user=person, organization=organization)
    addresses = [
        organization.get_absolute_url(),
        reverse("organizations:organization_history", args=[organization.pk]),
        url("update", role.pk),
        url("end", role.pk),
    ]
    return "".join(client.get(address).content.decode() for address in addresses)


def test_an_invitation_does_not_tell_who_is_behind_an_e_mail(
    signed_in, olga, stranger, region, newcomer
):
    client = signed_in(olga)
    newcomer["email"] = stranger.email
    told = client.post(url("create", region.school_2.pk), newcomer, follow=True).content.decode()
    told += pages_about(client, region.school_2, stranger)
    assert stranger.email in told
    assert "Тайная" not in told
    assert "директор школы" not in told


def test_who_has_come_in_since_is_known_by_name(signed_in, olga, stranger, region, newcomer):
    client = signed_in(olga)
    newcomer["email"] = stranger.email
    client.post(url("create", region.school_2.pk), newcomer)
    signed_in(stranger)
    told = pages_about(client, region.school_2, stranger)
    assert told.count("Тайная") >= 4
    assert "директор школы" in told


def test_who_is_within_reach_already_is_known_by_name(signed_in, olga, sergey, region, newcomer):
    client = signed_in(olga)
    newcomer["email"] = sergey.email
    client.post(url("create", region.school_2.pk), newcomer)
    assert sergey.surname in client.get(region.school_2.get_absolute_url()).content.decode()
    client.post(url("create", region.school_3.pk), newcomer | {"email": "other@example.test"})
    assert "Новикова" in client.get(region.school_3.get_absolute_url()).content.decode()


def test_what_cannot_be_done_with_the_own_last_role_is_not_offered(signed_in, olga, region):
    client, role = signed_in(olga), role_of(olga)
    page = client.get(region.department.get_absolute_url())
    (row,) = page.context["active"]
    assert not row.may_change
    for name in ("end", "update"):
        assert url(name, role.pk) not in page.content.decode()
    Membership.objects.create(user=olga, organization=region.lakeside, role=Role.COORDINATOR)
    page = signed_in(olga).get(region.department.get_absolute_url())
    assert url("end", role.pk) in page.content.decode()
