"""Two people of one school write one report: neither takes out unseen what the other put in.

And what is uploaded for no report is not stored.
"""

from pathlib import Path

import pytest

from tasks.models import Report
from tasks.reporting import draft_of
from tasks.tests import papers
from tasks.tests.papers import upload
from tasks.tests.report_pages import attached

ORDER, PROGRAMME = "https://school.example/order", "https://school.example/programme"


@pytest.fixture
def write(signed_in, report_url):
    """Press a button of the report's page: ``write(sergey, seen, text="…", draft="1")``."""

    def press(user, seen="", **fields):
        given = {"outcome": "DONE", "text": "Слова.", "links": "", "seen": seen, **fields}
        return signed_in(user).post(report_url, given)

    return press


def seen_by(client, report_url) -> str:
    return client.get(report_url).context["seen"]


@pytest.mark.parametrize("text", ["Слова.", "Другие слова."])
@pytest.mark.parametrize("button", [{}, {"draft": "1"}])
def test_a_link_added_meanwhile_is_not_dropped_unseen(
    write, sergey, galina, signed_in, report_url, task, text, button
):
    """Galina adds a link and changes no word; Sergey's page is from before."""
    write(galina, draft="1", links=ORDER)
    seen = seen_by(signed_in(sergey), report_url)
    write(galina, draft="1", links=f"{ORDER}\n{PROGRAMME}")
    told = write(sergey, seen, text=text, links=ORDER, **button)
    assert told.status_code == 409
    assert galina.get_short_name() in told.context["news"]
    assert PROGRAMME in told.context["other_text"]
    assert PROGRAMME in told.content.decode()
    assert attached(draft_of(task)) == [ORDER, PROGRAMME]
    # Told of it, Sergey decides.
    write(sergey, told.context["seen"], text=text, links=ORDER)
    assert attached(Report.objects.exclude(sent_at=None).get()) == [ORDER]


def test_whoever_is_stopped_takes_no_link_out_and_loses_no_file(
    write, sergey, galina, signed_in, report_url, task
):
    seen = seen_by(signed_in(sergey), report_url)
    write(galina, draft="1", text="Слова Галины.", links=ORDER)
    files = [upload("Приказ.pdf", papers.PDF)]
    told = write(sergey, seen, text="Слова Сергея.", links=PROGRAMME, files=files)
    assert told.status_code == 409
    draft = draft_of(task)
    assert (draft.text, draft.author) == ("Слова Галины.", galina)
    assert attached(draft) == [ORDER, "Приказ.pdf"]
    # Sergey's words and links stand in the fields, as he typed them.
    assert told.context["form"]["text"].value() == "Слова Сергея."
    assert told.context["form"]["links"].value() == PROGRAMME
    assert ORDER in told.context["other_text"]
    # Galina, whose draft it still is, sends it with all that she saw.
    write(galina, text="Слова Галины.", links=ORDER)
    assert attached(Report.objects.get()) == [ORDER, "Приказ.pdf"]


def test_a_link_taken_out_meanwhile_is_told_too(write, sergey, galina, signed_in, report_url, task):
    write(galina, draft="1", links=f"{ORDER}\n{PROGRAMME}")
    seen = seen_by(signed_in(sergey), report_url)
    write(galina, draft="1", links=ORDER)
    told = write(sergey, seen, links=f"{ORDER}\n{PROGRAMME}")
    assert (told.status_code, told.context["other_text"]) == (409, f"Слова.\n{ORDER}")
    assert attached(draft_of(task)) == [ORDER]


def test_the_same_links_in_another_order_are_no_news(
    write, sergey, galina, signed_in, report_url, task
):
    seen = seen_by(signed_in(sergey), report_url)
    write(galina, draft="1", links=f"{ORDER}\n{PROGRAMME}")
    assert write(sergey, seen, links=f"{PROGRAMME}\n{ORDER}").status_code == 302
    assert sorted(attached(Report.objects.get())) == [ORDER, PROGRAMME]


def test_a_link_that_was_on_the_page_is_taken_out(
    write, sergey, galina, signed_in, report_url, task
):
    write(galina, draft="1", links=f"{ORDER}\n{PROGRAMME}")
    seen = seen_by(signed_in(sergey), report_url)
    assert write(sergey, seen, links=ORDER).status_code == 302
    assert attached(Report.objects.get()) == [ORDER]


def test_no_more_files_are_stored_than_a_report_takes(write, sergey, task, settings):
    """A hundred files in one form would fill the disk, and no page would ever show them."""
    files = [upload(f"{number}.pdf", papers.PDF + b"%d" % number) for number in range(30)]
    told = write(sergey, files=[upload("договор.pdf", papers.EXE), *files])
    refused = told.context["form"].errors["files"]
    names = ["договор.pdf", *[f"{number}.pdf" for number in range(10, 30)]]
    assert [name in words for name, words in zip(names, refused, strict=True)] == [True] * 21
    assert attached(draft_of(task)) == [f"{number}.pdf" for number in range(10)]
    stored = [each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()]
    assert len(stored) == 10
