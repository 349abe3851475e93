"""What the recognition knows by names, in the words of the interface: deadlines, refusals."""

from django.utils.translation import gettext_lazy as _

from resolutions.recognition.deadlines import Precision, Repeats, Rule
from resolutions.recognition.readers.refusals import MAX_BYTES, MAX_PAGES

PRECISION_LABELS = {
    Precision.NONE: _("no date"),
    Precision.DAY: _("to the day"),
    Precision.MONTH: _("to the month"),
    Precision.QUARTER: _("to the quarter"),
    Precision.HALF_YEAR: _("to the half-year"),
    Precision.YEAR: _("to the year"),
    Precision.SCHOOL_YEAR: _("to the school year"),
    Precision.RANGE: _("a range of days"),
}

REPEATS_LABELS = {
    Repeats.NONE: _("once"),
    Repeats.WEEKLY: _("every week"),
    Repeats.MONTHLY: _("every month"),
    Repeats.QUARTERLY: _("every quarter"),
    Repeats.SCHOOL_QUARTER: _("every school term"),
    Repeats.HALF_YEARLY: _("every half-year"),
    Repeats.YEARLY: _("every year"),
    Repeats.CONSTANT: _("constantly"),
}

RULE_LABELS = {
    Rule.DAY_BARE: _("that very day"),
    Rule.DAY_INCLUSIVE: _("that day included"),
    Rule.DAY_BEFORE_PERIOD: _("the day before the period begins"),
    Rule.BEFORE_SCHOOL_YEAR: _("the day before the school year begins"),
    Rule.END_OF_PERIOD: _("the last day of the period"),
    Rule.WHOLE_PERIOD: _("from the first to the last day of the period"),
    Rule.SCHOOL_YEAR: _("the school year: from 1 September to 31 August"),
    Rule.SCHOOL_HALF_YEAR: _("half of the school year"),
    Rule.FROM_DAY: _("a beginning without an end"),
    Rule.FROM_PERIOD: _("from the first day of the period, without an end"),
    Rule.RANGE: _("from the first to the last day named"),
    Rule.THIS_YEAR: _("in the year of the document"),
    Rule.NEXT_YEAR: _("in the year after the document"),
    Rule.DOCUMENT_UNDATED: _("the words count from the document's year: give its date above"),
    Rule.DAY_WITHOUT_YEAR: _("no year is named, so no date is set"),
    Rule.PERIOD_WITHOUT_YEAR: _("no year is named, so no date is set"),
    Rule.REPEATED: _("repeats, without a date"),
    Rule.RELATIVE: _("counted from an event, so no date is set"),
    Rule.WORDS_ONLY: _("no date is recognised in these words: they are kept as they are"),
    Rule.NO_WORDS: _("no deadline is named: the task cannot become overdue"),
}

# Kinds of readers.refusals: what is wrong with a file, and what to do about it.
REFUSALS = {
    "empty": _("There is no text in the file. Check that it is the right file, or paste the text."),
    "damaged": _(
        "The file is damaged or cut off. Open it in Word or LibreOffice and save it again as .docx"
        " or PDF, or paste the text."
    ),
    "password": _("The file has a password. Take the password off and upload the file again."),
    "scan": _(
        "The file holds pictures of pages and no text. Recognise the text (for example in"
        " FineReader) and upload the result, or ask for the original, or paste the text."
    ),
    "no-letters": _(
        "The letters of this PDF are stored without a table of characters and cannot be read. Ask"
        " for the original, or paste the text."
    ),
    "bomb": _(
        "The file unpacks to too much data, so it was not read. Open it in Word or LibreOffice and"
        " save it again as .docx or PDF, or paste the text."
    ),
    "macros": _(
        "The document has macros; such files are not taken. Save it as .docx (without macros) or"
        " PDF."
    ),
    "unknown": _(
        "A file of this kind cannot be read. DOCX, PDF, ODT, RTF, DOC and TXT can, or paste the"
        " text of the resolution."
    ),
    "web-page": _(
        "This is a web page or XML and no document. Open it in Word or LibreOffice and save it"
        " again as .docx or PDF."
    ),
    "spreadsheet": _(
        "This is a table or a presentation. Copy the text of the resolution out of it and paste"
        " it, or save it as .docx."
    ),
    "too-large": _(
        "The file is larger than %(megabytes)s MB. Leave only the resolution in it, or paste its"
        " text."
    ),
    "too-long": _(
        "The document has more than %(pages)s pages. Leave only the resolution in it, or paste its"
        " text."
    ),
    "too-slow": _(
        "The document is built in so complicated a way that it could not be read. Open it in Word"
        " or LibreOffice and save it again as .docx or PDF."
    ),
    "no-office": _(
        "Files of the kind .doc are not read on this server. Save the document as .docx or PDF."
    ),
}


def refusal_sentence(kind: str) -> str:
    """Return why a file could not be read; rows older than the kinds hold the sentence itself."""
    limits = {"megabytes": MAX_BYTES // 1024 // 1024, "pages": MAX_PAGES}
    return str(REFUSALS[kind]) % limits if kind in REFUSALS else kind
