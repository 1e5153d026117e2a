"""Printed numbers in all their dresses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetkit.printed.numbers import attached_unit, parse_number

AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False, allow_infinity=False)
_FULL = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")


def value(printed: str) -> str | None:
    number = parse_number(printed)
    return None if number is None else str(number.value)


@given(AMOUNTS)
def test_every_dress_is_the_same_number(amount: Decimal) -> None:
    plain = f"{amount:,.2f}"
    dresses = [
        plain, plain.replace(",", ""), plain.translate(_FULL), plain.replace(",", "\u00a0"), plain.replace(",", "'"),
        f"¥{plain}", f"￥ {plain}", f"RMB{plain}", f"{plain}元", f"{plain} 万元", f"{plain}①", f"{plain}¹", f"{plain}*",
        f"{plain}[2]", " ".join(plain), f" {plain}\n",
    ]  # fmt: skip
    assert {text: value(text) for text in dresses} == dict.fromkeys(dresses, str(amount))


@given(AMOUNTS, st.sampled_from(["-{}", "－{}", "−{}", "–{}", "—{}", "△{}", "▲{}", "负{}", "({})", "（{}）", "［{}］",
                                 "(-{})", "{}-", "- {}", "-¥{}", "－\n{}"]))  # fmt: skip
def test_every_sign_of_minus(amount: Decimal, dress: str) -> None:
    number = parse_number(dress.format(f"{amount:,.2f}"))
    assert number is not None
    assert number.value == -amount


@given(AMOUNTS, st.integers(1, 20))
def test_a_grouped_number_broken_over_two_lines_is_one(amount: Decimal, at: int) -> None:
    plain = f"{amount + 1000:,.2f}"
    at = min(at, len(plain) - 1)
    broken = f"{plain[:at]}\n{plain[at:]}"
    assert value(broken) in (str(amount + 1000), None)
    if plain[at - 1] in ",." or plain[at] in ",." or at == len(plain) - 1:
        assert value(broken) == str(amount + 1000)


@given(AMOUNTS, AMOUNTS, st.sampled_from([" ", "\n", "\t", "  "]))
def test_two_numbers_are_none(one: Decimal, other: Decimal, between: str) -> None:
    assert value(f"{one:,.2f}{between}{other:,.2f}") is None
    assert value(f"{one:.0f}{between}{other:.0f}") is None


@pytest.mark.parametrize(
    "printed",
    ["900\n700", "900 700", "1\t2\t3", "2023\n12", "①900", "²", "½", "1.234,56", "12,34.56", "125360,898", "2023,2024",
     "900.00↑", "12)", "--5", "1234567890123456", "-", "—", "", "元", "三"],
)  # fmt: skip
def test_no_number(printed: str) -> None:
    assert parse_number(printed) is None


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("12,3456.00", "123456.00"), ("1 234.50", "1234.50"), ("1234567\n8.90", "12345678.90"),
     ("143,999.0\n0", "143999.00"),
     ("98.5 %", "98.5"), ("123456789012345.67", "123456789012345.67")],
)  # fmt: skip
def test_odd_numbers(printed: str, expected: str) -> None:
    assert value(printed) == expected


@given(st.text(alphabet="0123456789.,-+()（）%元万¥①¹ \n\t△［］'’\u00a0", max_size=14))
def test_anything_ends_in_a_number_or_none(printed: str) -> None:
    number = parse_number(printed)
    unit = attached_unit(printed)
    assert unit is None or (number is not None and unit in printed.replace(" ", "").replace("\n", "").replace("\t", ""))
    if number is not None:
        digits = "".join(character for character in printed if character.isascii() and character.isdigit())
        assert (
            abs(number.value).as_tuple().digits == Decimal(digits or 0).as_tuple().digits
            or "[" in printed
            or "［" in printed
        )
