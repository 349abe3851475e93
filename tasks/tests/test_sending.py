"""A long sending tells how far it is, on a page that grows; it is sent whole or not at all."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from resolutions.models import Recommendation, Resolution
from tasks.models import Task
from tasks.views import sending


@pytest.fixture
def long(signed_in, olga, draft, monkeypatch):
    """``long()`` presses the button of a sending that counts as a long one."""
    monkeypatch.setattr(sending, "MANY", 3)
    url = reverse("tasks:resolution_send", args=[draft.slug])
    client = signed_in(olga)
    page = client.get(url)
    assert 'name="tasks" value="7"' in page.content.decode()
    typed = {"shown": page.context["plan"].fingerprint, "tasks": "7"}
    return lambda: client.post(url, typed, headers={"accept-encoding": "gzip"})


def test_a_line_for_each_recommendation_and_at_the_end_what_came_of_it(long, draft):
    response = long()
    assert response.streaming
    parts = [part.decode() for part in response.streaming_content]
    assert len(parts) == 1 + 3 + 1 + 1
    for part, created in zip(parts[1:4], (3, 6, 7), strict=True):
        assert f"{created} " in part
        assert " 7<" in part
    assert draft.get_absolute_url() in parts[4]
    assert parts[5].rstrip().endswith("</html>")
    assert Task.objects.count() == 7


def test_whoever_leaves_the_page_stops_nothing(long, draft):
    response = long()
    lines = iter(response.streaming_content)
    next(lines), next(lines)
    response._iterator.close()  # as a server does; response.close() would end the test's connection
    assert Task.objects.count() == 7
    assert Resolution.objects.get(pk=draft.pk).status == "ON_CONTROL"


def test_pressed_twice_it_is_sent_once_and_says_so(long):
    list(long())
    again = long()
    assert again.status_code == 302
    assert Task.objects.count() == 7


def test_what_changed_since_the_summary_is_not_sent(long, draft):
    Recommendation.objects.first().section.organizations.remove(
        *Recommendation.objects.first().section.organizations.all()[:1]
    )
    page = b"".join(long().streaming_content).decode()
    assert reverse("tasks:resolution_send", args=[draft.slug]) in page
    assert "note-warn" in page
    assert not Task.objects.exists()
    assert Resolution.objects.get(pk=draft.pk).is_draft


def test_what_fails_in_the_middle_leaves_the_draft(long, draft, monkeypatch):
    response = long()
    lines = iter(response.streaming_content)
    next(lines), next(lines)
    monkeypatch.setattr("tasks.assignment.assign", lambda *_args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        list(lines)
    assert not Task.objects.exists()
    assert Resolution.objects.get(pk=draft.pk).is_draft


@pytest.mark.parametrize("count", ["", "3", "²", "-1", "9" * 40, "many"])
def test_few_tasks_or_nonsense_are_sent_without_it(signed_in, olga, draft, count):
    url = reverse("tasks:resolution_send", args=[draft.slug])
    client = signed_in(olga)
    shown = client.get(url).context["plan"].fingerprint
    response = client.post(url, {"shown": shown, "tasks": count})
    assert response.status_code == 302
    assert Task.objects.count() == 7


def test_nothing_is_left_to_be_looked_up_after_the_last_line(sent):
    """Else a person would wait as long again with all tasks said to be there."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no checks that a statement could bring forward.")
    task = sent.sections.first().recommendations.first().tasks.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(executor_id=10**9)
