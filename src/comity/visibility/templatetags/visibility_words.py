"""Who reads a thing or will read it, for templates."""

from django import template

from comity.registry.models import Governed
from comity.visibility import words
from comity.visibility.forms import VisibilityForm

register = template.Library()


@register.filter
def told(about: Governed | VisibilityForm) -> list[str]:
    """The sentences of a thing that stands, or of a form as it is filled in now."""
    return about.told() if isinstance(about, VisibilityForm) else words.told_of(about)
