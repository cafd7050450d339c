"""Arabic counts: eleven to ninety-nine of a thing take the accusative, a hundred do not."""

import pytest
from django.utils.translation import ngettext, override


@pytest.mark.parametrize(
    ("n", "said"), [(5, "5 تعهدات"), (11, "11 تعهدًا"), (40, "40 تعهدًا"), (100, "100 تعهد"), (111, "111 تعهدًا")]
)
def test_an_arabic_number_takes_its_own_form(n: int, said: str) -> None:
    with override("ar"):
        assert ngettext("%(n)s promise", "%(n)s promises", n) % {"n": n} == said
