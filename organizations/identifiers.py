"""Validators of the identifiers of Russian organisations; an empty value is always allowed.

Lengths and check digits: ИНН by the order of the Federal Tax Service of 29.06.2012 № ММВ-7-6/435@,
ОГРН by the order of the Ministry of Finance of 30.10.2017 № 165н, КПП by the former, ОКТМО by the
classifier ОК 033-2013.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def validate_inn(value: str) -> None:
    """Refuse an ИНН of an organisation that has not 10 digits or whose last one does not check."""
    if not re.fullmatch(r"[0-9]{10}", value):
        raise ValidationError(_("An organisation's INN has 10 digits."), code="inn_length")
    digits = [int(sign) for sign in value]
    total = sum(weight * digit for weight, digit in zip(_INN_WEIGHTS, digits, strict=False))
    if total % 11 % 10 != digits[9]:
        raise ValidationError(
            _("There is a mistake in this INN: its last digit does not match the others."),
            code="inn_check_digit",
        )


def validate_ogrn(value: str) -> None:
    """Refuse an ОГРН that has not 13 digits or whose last one does not check."""
    if not re.fullmatch(r"[0-9]{13}", value):
        raise ValidationError(_("OGRN has 13 digits."), code="ogrn_length")
    if int(value[:12]) % 11 % 10 != int(value[12]):
        raise ValidationError(
            _("There is a mistake in this OGRN: its last digit does not match the others."),
            code="ogrn_check_digit",
        )


def validate_kpp(value: str) -> None:
    """Refuse a КПП that is not four digits, two digits or Latin capitals, three digits."""
    if not re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", value):
        raise ValidationError(
            _("KPP has 9 signs: digits, the fifth and sixth may be Latin capitals."), code="kpp"
        )


def validate_oktmo(value: str) -> None:
    """Refuse an ОКТМО that has neither 8 digits (a municipality) nor 11 (a settlement)."""
    if not re.fullmatch(r"[0-9]{8}(?:[0-9]{3})?", value):
        raise ValidationError(_("OKTMO has 8 or 11 digits."), code="oktmo")
