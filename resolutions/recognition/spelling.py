"""How a deadline is spelled: one symbol for all spellings of a word; labels and repetition.

«сент.» and «СЕНТЯБРЯ» are ``m9``, «II» and «второй» are ``2``, «01.09.21» is ``1 m9 2021``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
# Latin letters typed in Russian words («c 01.09.2021»), and Cyrillic ones in Roman numerals («ІV»).
_LOOK_ALIKES = str.maketrans("aceopxykmthbёі", "асеорхукмтнвеi")
_INVISIBLE = "\u00ad\u0300-\u036f\u200b-\u200d\u2060\ufeff"  # also the breve of a decomposed «й»
_ABBREVIATION = "гг?|с|т|кв|уч|учебн|полуг|теч|янв|февр?|мар|апр|июн|июл|авг|сент?|окт|нояб?|дек"
_TOKEN = re.compile(
    rf"""(?P<date>
        [0-9]{{1,2}}(?:\s?\.\s?|/)[0-9]{{1,2}}(?:\s?\.\s?|/)(?:[0-9]{{4}}|[0-9]{{2}})(?!\.?[0-9])
        | [0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?![0-9])
        | [0-9]{{1,2}}\.[0-9]{{2}}(?!\.?[0-9])\.?)  # «01.09»
    | (?P<number>[0-9]+)(?:-?(?:[ео]?го|о?му|[ыоиуаье]?[йемяхю])(?![^\W\d_]))?  # «1-го», «2022-м»
    | (?P<word>(?:{_ABBREVIATION})\.|[^\W\d_](?:[^\W\d_]|[{_INVISIBLE}])*)
    | [{_INVISIBLE}\s]+
    | (?P<mark>.)""",
    re.VERBOSE | re.IGNORECASE,
)
_MONTHS = (
    "янв(?:ар)? фев(?:р|рал)? март? апр(?:ел)? ма(?=[^р]) июн июл авг(?:уст)? сен(?:т|тябр)?"
    " окт(?:ябр)? ноя(?:б|бр)? дек(?:абр)?"
)
_LEXICON = {
    **{f"m{i}": f"{m}(?:[ьйаяуюе]|[ое]м)?" for i, m in enumerate(_MONTHS.split(), start=1)},
    "n_1": "i|l|перв(?:ый|о[ейм]|ого|ому|ая|ую)|од(?:ин|ного|ной|на|ну|ном)",
    "n_2": "ii|ll|п|втор(?:о[ейм]|ого|ому|ая|ую)|дв(?:а|е|ух)",
    "n_3": "iii|lll|ш|трет(?:ий|ь[еюя]|ь?е[ймю]|ьего|ьему)|тр(?:и|ех)",
    "n_4": "iv|iу|четверт(?:ый|о[ейм]|ого|ому|ая|ую)|четыр(?:е|ех)",
    **{f"n_{i}": f"{n}[ьи]" for i, n in ((5, "пят"), (6, "шест"), (7, "сем"), (10, "десят"))},
    "day": "день|дн(?:я|е|ей|и)|сут(?:ки|ок)",
    "week": "недел(?:[яиеюь]|ей)",
    "month": "месяц(?:[ауеы]|ев)?",
    "quarter": "кв|квартал(?:[ауеы]|ом|ов|ах|ам)?",
    "term": "четверт(?:ь|и|ью|ей|ям|ях)",
    "half": "полуг|полугоди(?:[еяюий]|ем|ях|ям)|половин(?:[аыеу]|ой)",
    "year": "г|год(?:[ауе]|ом)?",
    "years": "гг|год(?:ы|ов|ах|ам)",
    "school": "уч|учебн(?:ый|о[йме]|ого|ому|ым|ы[ех]|ая|ую)?",
    "this": "сего|(?:текущ|нынешн|настоящ)(?:ий|его|ему|ем)|эт(?:от|ого|ому|ом)",
    "next": "(?:следующ|будущ)(?:ий|его|ему|ем)",
}
_LEXEME = re.compile("|".join(f"(?P<{symbol}>{forms})" for symbol, forms in _LEXICON.items()))


def symbols_of(text: str) -> Iterator[tuple[str, int]]:
    """Yield each symbol with the offset behind its token; an unknown word is its own symbol."""
    for token in _TOKEN.finditer(text.translate(_DASHES)):
        written, end = token[0], token.end()
        if token["date"]:
            parts = re.findall("[0-9]+", written)
            day, month, *year = parts[::-1] if len(parts[0]) == 4 else parts
            yield day, end
            yield f"m{int(month)}", end
            yield from ((number if len(number) == 4 else f"20{number}", end) for number in year)
        elif token["word"]:
            composed = unicodedata.normalize("NFKC", written).lower().removesuffix(".")
            word = re.sub(rf"[{_INVISIBLE}\s]", "", composed).translate(_LOOK_ALIKES)
            lexeme = _LEXEME.fullmatch(word)
            yield (lexeme.lastgroup or "").removeprefix("n_") if lexeme else word or "?", end
        elif symbol := token["number"] or token["mark"]:
            yield symbol, end


_LABEL = re.compile(
    r"(?:(?:\W|(?:в )?срок[иа]?(?: (?:ис|вы)полнения| реализации| проведения| представления)?"
    r"|на(?= \d{4} )|и|далее|затем|потом)(?: |$))+"
)
_TRAILING_JOINTS = {"и", "далее", "затем", "потом", "дальнейшем", "в"}
_EACH = r"(?:(?:в )?кажд\w+|(?:(?<!\d )(?<!несколько )раз|(?<!- )1 раза?) в)(?: school)?"
_RHYTHMS = {  # named as in Repeats: adverbs, and what stands behind «каждый», «раз в»
    "WEEKLY": ("еженедельно", "week"),
    "MONTHLY": ("ежемесячно", "month"),
    "QUARTERLY": ("ежеквартально|поквартально", "quarter|3 month"),
    "SCHOOL_QUARTER": ("по term", "term"),
    "HALF_YEARLY": ("по half|(?<!- )2 раза в year|дважды в year", "half|полгода|6 month"),
    "YEARLY": ("ежегодно", "year"),
    "CONSTANT": ("постоянн(?:о|ый)|на постоянной основе|систематически|ежедневно", "day"),
}
_REPETITION = re.compile(
    r"(?<!\S)(?:не (?:реже|менее)(?: ,)?(?: чем)? )?(?:"
    + "|".join(
        f"(?P<{name}>{adverbs}|{_EACH} (?:{unit}))" for name, (adverbs, unit) in _RHYTHMS.items()
    )
    + r")(?!\S)"
)


def split_at_repetition(line: str) -> tuple[str, str, str]:
    """Cut a line of symbols at its first repetition, and trim both pieces."""
    found = _REPETITION.search(line)
    if found is None:
        return _trimmed(line), "NONE", ""
    repeats = found.lastgroup or "NONE"
    return _trimmed(line[: found.start()]), repeats, _trimmed(line[found.end() :].lstrip())


def _trimmed(line: str) -> str:
    """Take off labels, brackets, punctuation, and words that only join."""
    label = _LABEL.match(line)
    symbols = line[label.end() if label else 0 :].split()
    while symbols and (symbols[-1] in _TRAILING_JOINTS or not symbols[-1][0].isalnum()):
        symbols.pop()
    return " ".join(symbols)
