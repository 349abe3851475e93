"""The recognised terms of a deadline in the words of the interface."""

from django.utils.translation import gettext_lazy as _

from resolutions.recognition.deadlines import Precision, Repeats, Rule

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
