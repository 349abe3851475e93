"""Why a file cannot be read, in words that say what to do instead."""

from __future__ import annotations

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 48 * 1024 * 1024  # all parts of an archive that are read, together
MAX_PAGES = 200  # the longest resolution of the corpus has 9
MAX_CHARACTERS = 3_000 * MAX_PAGES
MAX_PARAGRAPHS = 50 * MAX_PAGES

_SAVE_AS = "Откройте его в Word или LibreOffice и сохраните заново как .docx или PDF"
_SHORTEN = "Оставьте в файле только резолюцию или вставьте её текст."

# kind → sentence; the kinds are stable names that a page or a test may look at.
SENTENCES = {
    "empty": "В файле нет текста. Проверьте, тот ли файл выбран, или вставьте текст резолюции.",
    "damaged": f"Файл повреждён или записан не полностью. {_SAVE_AS} либо вставьте текст.",
    "password": "Файл защищён паролем. Снимите пароль и загрузите файл ещё раз.",
    "scan": (
        "В файле только изображение страниц, без текста. Распознайте его (например, в FineReader)"
        " и загрузите результат, либо попросите исходный документ или вставьте текст."
    ),
    "no-letters": (
        "Буквы в этом PDF записаны без таблицы символов, прочитать их нельзя."
        " Попросите исходный документ или вставьте текст."
    ),
    "bomb": (
        "Файл распаковывается в слишком большой объём данных, поэтому он не прочитан."
        f" {_SAVE_AS} либо вставьте текст."
    ),
    "macros": (
        "В документе есть макросы, такие файлы не принимаются."
        " Сохраните его как .docx (без макросов) или PDF."
    ),
    "unknown": (
        "Файл такого вида прочитать нельзя."
        " Подойдут .docx, .pdf, .odt, .rtf, .doc и .txt, либо вставьте текст резолюции."
    ),
    "web-page": f"Это веб-страница или XML, а не документ. {_SAVE_AS}.",
    "spreadsheet": (
        "Это таблица или презентация. Скопируйте из неё текст резолюции и вставьте его"
        " или сохраните как .docx."
    ),
    "too-large": f"Файл больше {MAX_BYTES // 1024 // 1024} МБ. {_SHORTEN}",
    "too-long": f"В документе больше {MAX_PAGES} страниц. {_SHORTEN}",
    "too-slow": f"Документ устроен так сложно, что прочитать его не удалось. {_SAVE_AS}.",
    "no-office": "Файлы .doc на этом сервере не читаются. Сохраните документ как .docx или PDF.",
}


class Unreadable(Exception):  # noqa: N818  # it is said of the file, which is in order
    """A file that gives no paragraphs.

    ``kind`` is a key of ``SENTENCES``, ``message`` its Russian sentence: what is wrong and what to
    do about it. Nothing else leaves the readers as an exception.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(SENTENCES[kind])
        self.kind = kind

    @property
    def message(self) -> str:
        """The sentence for the person who brought the file."""
        return SENTENCES[self.kind]
