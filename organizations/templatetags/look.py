"""Template tags of the look: icons from the installed package, typography at display.

A row of a list asks each of them several times: what depends on its argument alone, not on the
language, is kept (a page of fifty tasks asks ``typo`` 250 times, for 80 different texts).
"""

import re
from datetime import date
from functools import cache, lru_cache
from html import escape

from django import template
from django.conf import settings
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

NBSP = "\u00a0"


def filled(pattern: str, *values: object) -> SafeString:
    """Fill a pattern as Django's ``format_html`` does, at a third of its cost.

    What is not known to be safe is escaped. A page of rows asks it three hundred times.
    """
    parts = [each if isinstance(each, SafeString) else escape(str(each)) for each in values]
    return mark_safe(pattern.format(*parts))  # noqa: S308  # each value is escaped


@cache
def _icon_body(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise ValueError(f"{name!r} is no icon's name")
    source = (settings.BOOTSTRAP_ICONS_DIR / f"{name}.svg").read_text("utf-8")
    body = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if body is None:
        raise ValueError(f"{name}.svg holds no picture")
    return re.sub(r"\s*\n\s*", "", body[1])


@register.simple_tag
@cache
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon of the installed package inline, hidden from screen readers.

    Inline at every use, not a sprite: parts of a page that htmx swaps stay whole, and gzip folds
    the repetitions. The words beside an icon always say what it means.
    """
    classes = f"i {css}".strip()
    return mark_safe(  # noqa: S308  # the file of a package pinned by hash
        f'<svg class="{conditional_escape(classes)}" viewBox="0 0 16 16" aria-hidden="true">'
        f"{_icon_body(name)}</svg>"
    )


@register.simple_tag
def symbol(name: str) -> SafeString:
    """Define an icon once for a page that draws it thousands of times, as ``#i-name``."""
    return mark_safe(  # noqa: S308  # the file of a package pinned by hash
        f'<symbol id="i-{name}" viewBox="0 0 16 16">{_icon_body(name)}</symbol>'
    )


# A short word or «№» holds on to what follows, a dash and a unit to what stands before; initials
# to one another.
_AFTER_SHORT = re.compile(
    r"(?<![\w-])(\w{1,2}|№|§|не|для|под|над|при|или|без) (?=\S)", re.IGNORECASE
)
_BEFORE_DASH = re.compile(r" (?=[–—] )")
_BETWEEN_INITIALS = re.compile(r"(?<=\b[A-ZА-ЯЁ]\.) (?=[A-ZА-ЯЁ]\.)")
_BEFORE_UNIT = re.compile(
    r"(?<=\d) (?=(?:г|гг|руб|тыс|млн|чел|%|год|года|году|лет|дн|день|дня|дней)\b|%)"
)


@register.filter
def grouped(number: int) -> str:
    """Return «1 384»: thousands apart by non-breaking spaces.

    A filter and not Django's setting: that would group keys in addresses and years as well.
    """
    return f"{number:,}".replace(",", NBSP)


@register.filter
def typo(text: object) -> str:
    """Put non-breaking spaces where Russian typography wants them; at display only.

    The stored text stays verbatim. Source of the rules: Мильчин, Чельцова, «Справочник издателя и
    автора», on what must not be parted at the end of a line.
    """
    return _spaced(str(text))


@lru_cache(maxsize=4096)
def _spaced(text: str) -> str:
    spaced = _AFTER_SHORT.sub(rf"\1{NBSP}", text)
    spaced = _BEFORE_DASH.sub(NBSP, spaced)
    spaced = _BETWEEN_INITIALS.sub(NBSP, spaced)
    return _BEFORE_UNIT.sub(NBSP, spaced)


@register.filter
def cut(text: str, length: int) -> str:
    """Return the text, or its beginning with «…», at most so many signs.

    Django's ``truncatechars`` looks at each sign: 0.2 ms for the text of a recommendation.
    """
    return text if len(text) <= length else f"{text[: length - 1]}…"


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """Return «01.09.2026», "" for None: ``date:"d.m.Y"`` at a tenth of its cost."""
    return f"{value.day:02}.{value.month:02}.{value.year}" if value else ""
