"""The resolution as a document: its own words and order, and marks within the reader's reach."""

import pytest

from resolutions.models import Recommendation
from tasks.models import Task
from tasks.paper import Marks, Passage, own_lines_of, paper_of, passage_of, passages_of
from tasks.templatetags.deadlines import dates_of


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (
            "Разработать программу до 2023 года с учётом НСУР.",
            "до 2023 года",
            Passage("Разработать программу ", "до 2023 года", " с учётом НСУР."),
        ),
        (
            "Начать с\u00a01\u00a0сентября.",
            "с 1 сентября",
            Passage("Начать ", "с\u00a01\u00a0сентября", "."),
        ),
        ("До 2023 года успеть.", "до 2023 года", Passage("", "До 2023 года", " успеть.")),
        ("В 2023 году.", "в 2024 году", None),
        ("Издано в 20231 году", "в 2023", None),
        ("Без срока.", "", None),
        ("Скобка (до мая.", "(до мая", Passage("Скобка ", "(до мая", ".")),
    ],
)
def test_the_words_of_a_deadline_are_found_where_they_stand(text, words, expected):
    assert passage_of(text, words) == expected


def recommendation(**columns) -> Recommendation:
    return Recommendation(**{"text": "Провести семинар.", **columns})


def test_words_are_marked_once_in_a_sub_item_too():
    each = recommendation(
        text="Провести:", subitems=["семинар до мая", "форум до мая"], deadline_text="до мая"
    )
    _texts, subitems, marked = passages_of(each)
    assert marked
    assert [passage.words for passage in subitems] == ["до мая", ""]


def test_words_that_are_not_in_the_text_stand_in_a_line_of_their_own_as_printed():
    each = recommendation(
        deadline_text="2018 г.", source=["1. Провести семинар.", "Срок исполнения: 2018 г."]
    )
    assert own_lines_of(each, with_deadline=True) == [Passage("Срок исполнения: ", "2018 г.", "")]
    each.source = []
    (line,) = own_lines_of(each, with_deadline=True)
    assert line.words == "2018 г."


def test_the_derived_dates_say_their_kind(day, today):
    assert dates_of(recommendation()) == ""
    both = recommendation(
        starts_on=today.replace(month=1, day=1), due_on=today.replace(month=12, day=31)
    )
    assert dates_of(both) == f"01.01–31.12.{today.year}"
    assert f"{today:%d.%m.%Y}" in dates_of(recommendation(due_on=today))


def test_the_paper_keeps_its_order_numbers_and_title(sent):
    paper = paper_of(sent, Marks())
    assert (paper.kind, paper.title) == ("Резолюция", "областной конференции")
    assert [block.heading for block in paper.blocks] == [
        "Общеобразовательным организациям:",
        "Управлению образования Озёрного района:",
    ]
    assert [[item.number for item in block.items] for block in paper.blocks] == [
        ["1.", "2."],
        ["1."],
    ]
    sent.sections.update(source=["1) Школам"], printed_number="1")
    assert paper_of(sent, Marks()).blocks[0].number == "1)"


def test_a_long_preamble_is_folded_but_for_the_paragraph_that_leads_over(sent):
    sent.preamble = "\n\n".join(["Длинный абзац. " * 60, "Ещё один.", "Рекомендуют:"])
    paper = paper_of(sent, Marks())
    assert len(paper.folded) == 2
    assert paper.preamble == ["Рекомендуют:"]


def test_printing_unfolds_what_is_folded(sent, signed_in, olga):
    sent.preamble = "\n\n".join(["Длинный абзац. " * 60, "Рекомендуют:"])
    sent.save()
    client = signed_in(olga)
    assert '<details class="fold" open>' not in client.get(sent.get_absolute_url()).content.decode()
    printed = client.get(sent.get_absolute_url(), {"print": ""}).content.decode()
    assert '<details class="fold" open>' in printed


def test_marks_count_the_readers_own_reach(sent, signed_in, olga, sergey, maria):
    def tallies(user):
        paper = signed_in(user).get(sent.get_absolute_url()).context["paper"]
        return [item.tally.total for block in paper.blocks for item in block.items]

    assert tallies(olga) == [3, 3, 1]
    assert tallies(maria) == [2, 2, 1]
    assert tallies(sergey) == [1, 1, 0]


@pytest.mark.parametrize("many", [5000, 0])
@pytest.mark.parametrize("name", ["olga", "maria", "sergey", "pavel", "nina"])
def test_each_section_says_how_many_organisations_of_ones_reach_have_its_tasks(
    sent, request, signed_in, region, name, many, monkeypatch
):
    """Also where some recommendations have executors that others have not, or not any more.

    In few tasks they are told apart, of many each organisation is asked for.
    """
    monkeypatch.setattr("tasks.paper.MANY", many)
    last = sent.sections.first().recommendations.last()
    last.tasks.filter(executor=region.school_1).update(executor=region.boarding_school)
    Task.objects.filter(executor=region.school_3).update(status=Task.Status.CANCELLED)
    reader = request.getfixturevalue(name)
    shown = signed_in(reader).get(sent.get_absolute_url()).context["paper"]
    seen = Task.objects.visible_to(reader).exclude(status=Task.Status.CANCELLED)
    by_hand = [
        len({task.executor_id for task in seen.filter(recommendation__section=section)})
        for section in sent.sections.all()
    ]
    assert [block.executors for block in shown.blocks] == by_hand
    assert any(by_hand)


def test_an_executor_reads_the_whole_text_and_sees_no_other_organisation(
    sent, signed_in, sergey, region
):
    page = signed_in(sergey).get(sent.get_absolute_url()).content.decode()
    for each in Recommendation.objects.all():
        assert each.text.split()[0] in page
    assert "Школа № 2" not in page.replace("\u00a0", " ")


def test_a_draft_shows_the_paper_without_marks_and_with_its_two_acts(draft, signed_in, olga):
    page = signed_in(olga).get(draft.get_absolute_url()).content.decode()
    assert f"{draft.get_absolute_url()}send/" in page
    assert f"{draft.get_absolute_url()}edit/" in page
    assert 'class="tally"' not in page
    assert "Разработать" in page


@pytest.mark.parametrize("demonstration", [True, False])
def test_invented_execution_says_so(sent, signed_in, olga, sergey, demonstration):
    type(sent).objects.filter(pk=sent.pk).update(is_demonstration=demonstration)
    task = Task.objects.visible_to(sergey).first()
    for user, url in (
        (olga, sent.get_absolute_url()),
        (olga, "/tasks/"),
        (olga, task.get_absolute_url()),
        (sergey, "/my/"),
        (sergey, f"{task.get_absolute_url()}report/"),
    ):
        page = signed_in(user).get(url).content.decode()
        assert ('id="demonstration"' in page) is demonstration, url
