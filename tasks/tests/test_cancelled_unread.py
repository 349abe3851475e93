"""A task that is reported on while somebody cancels it: the report is read first."""

import re

import pytest

from conftest import person
from organizations.roles import Role
from tasks import workflow
from tasks.models import Report, Task, TaskEvent
from tasks.tests.control_pages import status_of, url

S = Task.Status
A = TaskEvent.Action


class TestCancelledUnread:
    """Olga opens «Отменить»; before she presses the button the school reports."""

    @pytest.fixture
    def owed(self, sent, region) -> Task:
        sent.acceptance_required = True
        sent.save()
        return Task.objects.get(executor=region.school_2, recommendation__text__startswith="Вести")

    @pytest.fixture
    def elena(self, region):
        """Elena answers for school 2."""
        return person("Elenina", (region.school_2, Role.EXECUTOR))

    def press(self, client, task, page):
        """The form as the page gave it, with a reason."""
        hidden = re.findall(
            r'<input type="hidden" name="(seen)" value="(.*?)"', page.content.decode()
        )
        return client.post(url("cancel", task), {**dict(hidden), "reason": "Школа закрыта."})

    @pytest.mark.parametrize("before", ["", "Первый отчёт."])
    def test_a_report_sent_meanwhile_is_read_first(self, owed, elena, signed_in, olga, before):
        """Also one that takes the place of another: the status is the same, the words are not."""
        if before:
            workflow.report(owed, elena, Report.Outcome.DONE, before)
        client = signed_in(olga)
        page = client.get(url("cancel", owed))
        if before:
            workflow.recall(owed, elena)
        workflow.report(owed, elena, Report.Outcome.DONE, "Педагогический-совет-проведён.")
        told = self.press(client, owed, page)
        assert told.status_code == 409
        assert status_of(owed) == S.REPORTED
        assert not owed.events.filter(action=A.CANCEL).exists()
        assert told.context["form"].non_field_errors()
        shown = told.content.decode()
        assert "Школа закрыта." in shown
        assert "Педагогический-совет-проведён." in shown
        assert str(S.REPORTED.label) in shown
        # Read, it is cancelled all the same.
        assert self.press(client, owed, told).status_code == 302
        assert status_of(owed) == S.CANCELLED

    def test_where_it_is_completed_meanwhile_there_is_no_button(
        self, owed, elena, signed_in, olga, sent
    ):
        sent.acceptance_required = False
        sent.save()
        client = signed_in(olga)
        page = client.get(url("cancel", owed))
        workflow.report(Task.objects.get(pk=owed.pk), elena, Report.Outcome.DONE, "Готово.")
        told = self.press(client, owed, page)
        assert (told.status_code, told.context["possible"]) == (409, False)
        assert status_of(owed) == S.COMPLETED

    def test_a_task_taken_to_work_meanwhile_is_looked_at_again(self, owed, elena, signed_in, olga):
        client = signed_in(olga)
        page = client.get(url("cancel", owed))
        workflow.take(Task.objects.get(pk=owed.pk), elena)
        told = self.press(client, owed, page)
        assert (told.status_code, status_of(owed)) == (409, S.IN_PROGRESS)
        assert self.press(client, owed, told).status_code == 302

    def test_a_second_click_on_one_page_is_no_news(self, owed, signed_in, olga):
        client = signed_in(olga)
        page = client.get(url("cancel", owed))
        answers = [self.press(client, owed, page).status_code for _click in range(2)]
        assert answers == [302, 302]
        assert owed.events.filter(action=A.CANCEL).count() == 1
