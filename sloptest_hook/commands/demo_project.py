"""The small package that ``sloptest demo`` commits: what is there before, and what is new."""

BEFORE = {
    "shop/__init__.py": '"""A small shop."""\n',
    "shop/cart.py": '''\
"""What a customer is about to buy."""

from dataclasses import dataclass, field


@dataclass
class Cart:
    prices: list[int] = field(default_factory=list)

    def add(self, price: int) -> None:
        if price < 0:
            raise ValueError("a price cannot be negative")
        self.prices.append(price)

    def total(self) -> int:
        return sum(self.prices)
''',
    "tests/test_cart.py": """\
import pytest

from shop.cart import Cart


def test_total_is_the_sum_of_the_prices():
    cart = Cart()

    cart.add(250)
    cart.add(100)

    assert cart.total() == 350


def test_add_rejects_a_negative_price():
    with pytest.raises(ValueError, match="cannot be negative"):
        Cart().add(-1)
""",
}

NEW = {
    "shop/pricing.py": '''\
"""What things cost, and for whom."""


def discount(total: int, code: str = "") -> int:
    """Return the total after a discount code, in cents.

    >>> discount(1000, "SPRING")
    900
    """
    if total < 0:
        raise ValueError("total must not be negative")
    if code == "SPRING":
        return total * 90 // 100
    if code.startswith("VIP-") and total >= 5000:
        return total - 1500
    return total


def format_price(cents: int, currency: str = "EUR") -> str:
    """Write an amount as people read it."""
    sign = "-" if cents < 0 else ""
    euros, rest = divmod(abs(cents), 100)
    return f"{sign}{euros}.{rest:02d} {currency}"


class Tiers:
    """Shipping costs by weight: the first tier that is heavy enough."""

    def __init__(self, tiers: list[tuple[int, int]]) -> None:
        self.tiers = sorted(tiers)

    def cost(self, grams: int) -> int:
        for limit, price in self.tiers:
            if grams <= limit:
                return price
        raise LookupError(f"nothing ships {grams} g")
''',
}
