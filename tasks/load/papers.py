"""The invented resolutions: when each was sent, and by when each recommendation is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from random import Random

from django.utils import timezone

from resolutions.models import Recommendation, Resolution, Section
from tasks.load.territory import Territory

PAPERS = 20  # resolutions, where there are recommendations enough
_UNDATED = 8  # of the recommendations still running, every eighth has no deadline
_TITLE = "Резолюция августовского совещания {year} года, № {number} (нагрузочные данные)"
_ACTS = (
    "Обеспечить повышение квалификации педагогов по вопросам",
    "Разработать и утвердить план мероприятий по вопросам",
    "Провести мониторинг и представить сведения по вопросам",
    "Организовать работу сетевого сообщества по вопросам",
    "Обобщить и распространить лучший опыт по вопросам",
)
_THEMES = (
    "формирования функциональной грамотности обучающихся",
    "наставничества молодых специалистов",
    "воспитания и социализации детей и молодёжи",
    "инклюзивного образования детей с ограниченными возможностями здоровья",
    "объективности оценки качества общего образования",
    "профилактики школьной неуспешности",
    "развития дополнительного образования",
    "преемственности дошкольного и начального общего образования",
)
_WHY = (
    "с учётом результатов анализа, представленного участниками совещания, включая адресную "
    "методическую помощь организациям с низкими образовательными результатами, обсуждение на "
    "педагогических советах и размещение материалов на официальных сайтах"
)


class Age(Enum):
    """How long ago the resolution of a recommendation was sent."""

    CLOSED = "CLOSED"  # off control: nothing of it is open
    PAST = "PAST"  # on control, and most of it due
    RUNNING = "RUNNING"  # on control, and due in the months to come


@dataclass(frozen=True, slots=True)
class Sent:
    """A recommendation with the moment of its sending."""

    recommendation: Recommendation
    age: Age
    at: datetime


def write(territory: Territory, count: int, years: int, today: date, random: Random) -> list[Sent]:
    """Store so many recommendations in resolutions of the last years, the oldest first.

    Two fifths of them are off control, almost a half are due, the rest is running.
    """
    sent: list[Sent] = []
    in_one = max(1, count // PAPERS)
    for begin in range(0, count, in_one):
        some = range(begin, min(begin + in_one, count))
        share = (begin + len(some) / 2) / count
        age = Age.CLOSED if share < 0.4 else Age.PAST if share < 0.85 else Age.RUNNING
        day = today - timedelta(days=round((1 - share) * 365 * years) + 30)
        at = timezone.make_aware(datetime.combine(day, time(10)))
        section = _paper(territory, len(sent) // in_one + 1, at, age)
        rows = [
            _recommendation(section, place, age, day, today, random)
            for place in range(1, len(some) + 1)
        ]
        Recommendation.objects.bulk_create(rows)
        sent.extend(Sent(each, age, at) for each in rows)
    return sent


def _paper(territory: Territory, number: int, at: datetime, age: Age) -> Section:
    status = Resolution.Status.OFF_CONTROL if age is Age.CLOSED else Resolution.Status.ON_CONTROL
    resolution = Resolution.objects.create(
        title=_TITLE.format(year=at.year, number=number),
        event_kind="совещание",
        event_date=at.date(),
        issuer=territory.department,
        status=status,
        sent_at=at,
        sent_by=territory.coordinator,
        is_demonstration=True,
    )
    section = Section.objects.create(
        resolution=resolution,
        heading="Образовательным организациям",
        nominative="образовательные организации",
        collective=True,
        position=1,
    )
    section.organizations.set(territory.executors)
    return section


def _recommendation(
    section: Section, place: int, age: Age, sent_on: date, today: date, random: Random
) -> Recommendation:
    theme = random.choice(_THEMES)
    if age is Age.CLOSED:
        due = sent_on + timedelta(days=random.randrange(60, 300))
    elif age is Age.PAST:
        due = min(sent_on + timedelta(days=random.randrange(60, 500)), today - timedelta(days=1))
    else:
        due = today + timedelta(days=random.randrange(1, 360))
    undated = age is Age.RUNNING and place % _UNDATED == 0
    recommendation = Recommendation(
        section=section,
        position=place,
        printed_number=f"1.{place}",
        text=f"{random.choice(_ACTS)} {theme} {_WHY}.",
        theme=theme.capitalize(),
        deadline_text="" if undated else f"до {due:%d.%m.%Y}",
    )
    recommendation.date_by_words(sent_on)
    return recommendation
