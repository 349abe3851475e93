"""Olga checks how a paper was read, step by step, and makes the draft of it."""

from __future__ import annotations

from datetime import date

import pytest

from resolutions.documents import KnownAddressee, SourceDocument
from resolutions.models import Recommendation, Resolution
from resolutions.recognition.deadlines import Rule
from resolutions.recognition.structure import Problem, Role
from resolutions.reviewing import MOST_STEPS
from resolutions.tests.marked_papers import ITEM, ROWS, document_of, marked, post, roles, told
from resolutions.wording import RULE_LABELS

SCHOOLS = "Общеобразовательные организации"


def test_the_page_shows_the_paper_and_what_becomes_of_it(document, desk):
    page = desk.get(document.get_absolute_url())
    text = page.content.decode().replace("\u00a0", " ")
    for row, _role in ROWS:
        assert row.split()[0] in text
    review = page.context["review"]
    assert [len(each.items) for each in review.sections] == [2, 1]
    assert review.sections[0].items[0].item.due == date(2026, 10, 1)
    assert review.unplaced == 0
    assert [each.kind for each in review.doubts] == ["addressee", "addressee"]


def test_a_paragraph_gets_another_role_and_the_act_is_undone_and_done_again(document, desk):
    post(desk, document, act="role:SUBITEM", piece=4)
    assert roles(document)[4] is Role.SUBITEM
    answer = post(desk, document, act="undo")
    assert roles(document)[4] is Role.ITEM
    assert answer.context["row"].place == "4-0"
    post(desk, document, act="redo")
    assert roles(document)[4] is Role.SUBITEM
    assert post(desk, document, act="redo").status_code == 200  # nothing to do again
    assert roles(document)[4] is Role.SUBITEM


def test_undoing_leads_to_where_something_changed_also_where_only_words_did(document, desk):
    post(desk, document, act="undated", piece=3)
    assert post(desk, document, act="undo").context["row"].place == "3-0"
    assert post(desk, document, act="redo").context["row"].place == "3-0"


def test_a_new_act_forgets_what_was_undone(document, desk):
    post(desk, document, act="demote", piece=4)
    post(desk, document, act="undo")
    post(desk, document, act="merge", piece=4)
    document.refresh_from_db()
    assert (len(document.done), document.undone) == (1, [])
    assert roles(document)[4] is Role.CONTINUATION


def test_the_history_does_not_grow_without_end(document, desk):
    SourceDocument.objects.update(done=[[0, [], []]] * MOST_STEPS)
    post(desk, document, act="role:SUBITEM", piece=4)
    document.refresh_from_db()
    assert len(document.done) == MOST_STEPS
    assert roles(document)[4] is Role.SUBITEM


def test_a_paragraph_is_split_before_a_word_and_merged_again(document, desk):
    at = ITEM.index("в каждой")
    answer = post(desk, document, act="split", piece=3, at=at)
    assert [len(each.items) for each in answer.context["review"].sections] == [3, 1]
    assert answer.context["row"].place == "3-0"
    post(desk, document, act="merge", piece=4)
    assert roles(document) == [role for _text, role in ROWS]


def test_words_of_a_deadline_are_corrected(document, desk):
    answer = post(desk, document, act="undated", piece=3)
    first = answer.context["review"].outline.addressees[0].items[0]
    assert (first.deadline_text, first.due) == (None, None)
    answer = post(desk, document, act="words:DEADLINE", piece=3, words="1  октября 2026 г.")
    first = answer.context["review"].outline.addressees[0].items[0]
    assert first.due == date(2026, 10, 1)


def test_words_marked_in_the_sentence_win_over_a_line_of_its_own(document, desk):
    answer = post(desk, document, act="words:DEADLINE", piece=6, words="методические материалы")
    item = answer.context["review"].outline.addressees[1].items[0]
    assert item.deadline_text == "методические материалы"


def test_words_marked_in_a_line_of_its_own_are_the_deadline_and_not_the_line(region, olga, desk):
    row = ("Срок: 2027 год, далее по согласованию с учредителем", Role.DEADLINE)
    document = document_of(marked(*ROWS[:7], row), region.department, olga)
    answer = post(desk, document, act="words:DEADLINE", piece=7, words="2027 год")
    item = answer.context["review"].outline.addressees[1].items[0]
    assert (item.deadline_text, item.due) == ("2027 год", date(2027, 12, 31))


def test_words_are_marked_as_the_responsible_in_a_sentence_and_in_a_sub_item(region, olga, desk):
    rows = (*ROWS[:5], ("а) с отцами, отв. Петрова И. С., до 2027 года", Role.SUBITEM))
    document = document_of(marked(*rows), region.department, olga)
    post(desk, document, act="words:RESPONSIBLE", piece=3, words="в каждой школе")
    post(desk, document, act="words:RESPONSIBLE", piece=5, words="Петрова И. С.")
    answer = post(desk, document, act="words:DEADLINE", piece=5, words="до 2027 года")
    first, second = answer.context["review"].outline.addressees[0].items
    assert first.responsible == "в каждой школе"
    assert (second.responsible, second.due) == ("Петрова И. С.", date(2026, 12, 31))


def test_words_that_do_not_stand_there_are_refused_and_stay_in_the_field(document, desk):
    answer = post(
        desk, document, act="words:DEADLINE", piece=3, place="3-0", words="до 5 мая 2027 г."
    )
    assert told(answer) == ["warning"]
    assert answer.context["words"] == "до 5 мая 2027 г."
    document.refresh_from_db()
    assert document.version == 1


def test_words_that_count_from_the_paper_are_explained_by_its_own_day(region, olga, desk):
    """The due date beside them was counted so; «give its date above» would contradict it."""
    document = document_of(
        marked(
            ("Резолюция семинара 5 мая 2026 года", Role.TITLE),
            ("Школам:", Role.ADDRESSEE),
            ("1. Провести смотр.", Role.ITEM),
            ("Срок: до 1 октября с. г.", Role.DEADLINE),
        ),
        region.department,
        olga,
    )
    panel = desk.get(document.get_absolute_url(), {"at": "2-0"}).context["inspector"]
    assert panel.item.due == date(2026, 10, 1)
    assert panel.explained == RULE_LABELS[Rule.THIS_YEAR]


def test_a_deadline_is_said_to_be_that_of_the_whole_block(region, olga, desk):
    rows = (*ROWS[:5], ("Срок: 2027 год", Role.DEADLINE))
    document = document_of(marked(*rows), region.department, olga)

    def dues(answer) -> list[date | None]:
        return [each.due for each in answer.context["review"].outline.addressees[0].items]

    assert dues(desk.get(document.get_absolute_url())) == [date(2026, 10, 1), date(2027, 12, 31)]
    post(desk, document, act="undated", piece=3)
    whole = [date(2027, 12, 31)] * 2
    assert dues(post(desk, document, act="block:1", piece=5)) == whole
    assert dues(post(desk, document, act="block:0", piece=5)) == [None, date(2027, 12, 31)]


def test_an_addressee_inside_a_sentence_is_marked_and_unmarked(document, desk):
    answer = post(desk, document, act="words:ADDRESSEE", piece=4, words="родителями")
    assert len(answer.context["review"].outline.addressees) == 3
    answer = post(desk, document, act="unmark", piece=4)
    assert len(answer.context["review"].outline.addressees) == 2


@pytest.mark.parametrize(
    "data",
    [
        {"act": "role:ITEM", "piece": "99"},
        {"act": "role:KING", "piece": "3"},
        {"act": "role:ITEM", "piece": "-1"},
        {"act": "split", "piece": "3", "at": "5000000"},
        {"act": "promote", "piece": "0"},
        {"act": "merge", "piece": "0"},
        {"act": "block:1", "piece": "3"},
        {"act": "settle:7", "piece": "3"},
        {"act": "words:TITLE", "piece": "3", "words": "семинар"},
        {"act": "", "piece": ""},
    ],
)
def test_an_act_that_cannot_be_done_is_said_and_changes_nothing(document, desk, data):
    before = document.marking
    assert told(post(desk, document, **data)) == ["warning"]
    document.refresh_from_db()
    assert (document.marking, document.version, document.done) == (before, 1, [])


def test_of_two_tabs_the_stale_one_is_told_and_overwrites_nothing(document, desk):
    post(desk, document, act="role:SUBITEM", piece=4)
    answer = post(desk, document, act="role:CLOSING", piece=4, version=1)
    assert told(answer) == ["warning"]
    assert roles(document)[4] is Role.SUBITEM
    for name, data in (
        ("audience", {"offer": "class:1.SCHOOL", "nominative": SCHOOLS}),
        ("draft", {}),
        ("set_aside", {}),
    ):
        assert told(post(desk, document, name, version=1, **data)) == ["warning"]
    document.refresh_from_db()
    assert (document.audiences, document.set_aside_at) == ({}, None)
    assert not Resolution.objects.exists()
    assert not KnownAddressee.objects.exists()


class TestDoubts:
    @pytest.fixture
    def doubtful(self, region, olga):
        rows = (*ROWS[:4], ("Приложение. Список школ", Role.UNPLACED), *ROWS[4:])
        problems = (Problem(3, "odd", "Это срок или часть названия?"),)
        return document_of(marked(*rows, problems=problems), region.department, olga)

    def test_they_are_walked_one_by_one_in_the_order_of_the_paper(self, doubtful, desk):
        page = desk.get(doubtful.get_absolute_url())
        places, place = [], page.context["row"].place
        while True:
            places.append(place)
            following = page.context["inspector"].following
            if following is None:
                break
            place = following.place
            page = desk.get(f"{doubtful.get_absolute_url()}?at={place}")
        assert places == ["2-0", "3-0", "4-0", "6-0"]

    def test_one_is_right_as_it_is(self, doubtful, desk):
        answer = post(desk, doubtful, act="settle:0", piece=3)
        kinds = [each.kind for each in answer.context["review"].doubts]
        assert kinds == ["addressee", "unplaced", "addressee"]
        answer = post(desk, doubtful, act="undo")
        assert "odd" in [each.kind for each in answer.context["review"].doubts]

    def test_what_is_not_placed_stays_until_a_person_says_that_it_is_no_recommendation(
        self, doubtful, desk
    ):
        assert told(post(desk, doubtful, "draft")) == ["warning"]
        assert not Resolution.objects.exists()
        answer = post(desk, doubtful, act="role:SET_ASIDE", piece=4)
        assert answer.context["review"].unplaced == 0
        post(desk, doubtful, "draft")
        texts = Recommendation.objects.values_list("text", flat=True)
        assert len(texts) == 3
        assert not any("Приложение" in text for text in texts)
        # In the paper it is seen as before.
        page = desk.get(doubtful.get_absolute_url()).content.decode()
        assert "Приложение" in page

    def test_all_of_it_at_once(self, doubtful, desk):
        post(desk, doubtful, act="aside")
        assert Role.UNPLACED not in roles(doubtful)

    def test_a_recommendation_to_nobody_cannot_be_waved_through(self, region, olga, desk):
        orphan = document_of(
            marked(ROWS[0], ("1. Вести работу.", Role.ITEM), *ROWS[2:]), region.department, olga
        )
        page = desk.get(orphan.get_absolute_url())
        homeless = next(each for each in page.context["review"].doubts if each.place == "1-0")
        assert homeless.number is None
        assert told(post(desk, orphan, "draft")) == ["warning"]
        assert not Resolution.objects.exists()


def test_a_longer_paper_costs_no_more_queries(region, olga, desk, queries_of):
    def cost(sections: int) -> int:
        rows = [ROWS[0], *[row for _each in range(sections) for row in ROWS[2:]]]
        long = document_of(marked(*rows), region.department, olga)
        url = f"{long.get_absolute_url()}?at=1-0"
        desk.get(url)
        return queries_of(lambda: desk.get(url))

    assert cost(40) == cost(2)


def test_looking_at_another_piece_brings_the_panel_alone(document, desk):
    url = f"{document.get_absolute_url()}?at=4-0"
    whole = desk.get(url).content.decode()
    part = desk.get(url, headers={"HX-Request": "true", "HX-Target": "inspector"})
    text = part.content.decode()
    assert 'id="inspector"' in text
    assert ITEM.split()[1] in whole
    assert 'data-pane="source"' not in text
