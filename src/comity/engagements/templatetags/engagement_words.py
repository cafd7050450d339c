"""The words of meetings for their templates."""

from django import template

from comity.engagements import words

register = template.Library()


@register.filter
def band_word(band: tuple[int, int | None]) -> str:
    """About how many people are registered."""
    return words.participants_in_band(band)
