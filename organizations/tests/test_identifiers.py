"""Identifiers: what is refused, and what check digits can promise.

One digit changed is refused whenever the check digit is not 0. Where it is 0 the remainders 0 and
10 look alike, so that about one wrong digit in fifty passes: that is how the rule was made.
"""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from organizations.fields import IdentifierField
from organizations.identifiers import validate_inn, validate_kpp, validate_ogrn, validate_oktmo

INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)
DIGITS = "0123456789"


def inn(stem: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(INN_WEIGHTS, stem, strict=True))
    return stem + str(total % 11 % 10)


def ogrn(stem: str) -> str:
    return stem + str(int(stem) % 11 % 10)


inns = st.text(DIGITS, min_size=9, max_size=9).map(inn)
ogrns = st.text(DIGITS, min_size=12, max_size=12).map(ogrn)


def refused(validate, value: str) -> bool:
    try:
        validate(value)
    except ValidationError:
        return True
    return False


def spoiled(value: str, place: int, digit: str) -> str:
    return value[:place] + digit + value[place + 1 :]


@given(inns)
def test_a_right_inn_passes(value):
    validate_inn(value)


@given(ogrns)
def test_a_right_ogrn_passes(value):
    validate_ogrn(value)


@given(inns, st.integers(0, 9), st.sampled_from(DIGITS))
def test_one_wrong_digit_in_an_inn_is_refused(value, place, digit):
    assume(value[place] != digit)
    assume(value[-1] != "0" or place == 9)
    assert refused(validate_inn, spoiled(value, place, digit))


@given(ogrns, st.integers(0, 12), st.sampled_from(DIGITS))
def test_one_wrong_digit_in_an_ogrn_is_refused(value, place, digit):
    assume(value[place] != digit)
    assume(value[-1] != "0" or place == 12)
    assert refused(validate_ogrn, spoiled(value, place, digit))


def test_where_the_check_digit_is_0_a_wrong_digit_may_pass():
    right, wrong = inn("352500002"), "8525000020"
    assert right == "3525000020"
    assert not refused(validate_inn, wrong)


@given(st.text(max_size=14))
def test_no_text_breaks_the_validators(value):
    for validate in (validate_inn, validate_ogrn, validate_kpp, validate_oktmo):
        refused(validate, value)


@pytest.mark.parametrize(
    ("validate", "value"),
    [
        (validate_inn, "7707083893"),
        (validate_ogrn, "1027700132195"),
        (validate_kpp, "352501001"),
        (validate_kpp, "3525AZ001"),
        (validate_oktmo, "19701000"),
        (validate_oktmo, "19701000001"),
    ],
)
def test_real_ones_pass(validate, value):
    validate(value)


@pytest.mark.parametrize(
    ("validate", "value"),
    [
        (validate_inn, "770708389"),
        (validate_inn, "500100732259"),  # that of a person: 12 digits
        (validate_inn, "77070838٣3"),
        (validate_ogrn, "304500116000157"),  # that of an entrepreneur: 15 digits
        (validate_kpp, "35250100"),
        (validate_kpp, "3525аз001"),
        (validate_kpp, "352501001\n"),
        (validate_oktmo, "197010000"),
        (validate_oktmo, "1970100"),
    ],
)
def test_wrong_ones_are_refused(validate, value):
    assert refused(validate, value)


@given(inns, st.lists(st.integers(0, 10), max_size=4))
def test_an_identifier_may_be_pasted_with_spaces(value, places):
    typed = value
    for place in places:
        typed = f"{typed[:place]} {typed[place:]}"
    assert IdentifierField(validators=[validate_inn]).clean(typed) == value
