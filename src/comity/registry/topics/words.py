"""Topics and goals in the reader's language. Labels and scopes stand in the table, which the catalogues read."""

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from comity.plain.languages import CODES
from comity.registry.core.topics import Topic

GOALS: dict[int, Promise] = {
    1: _("No poverty"),
    2: _("Zero hunger"),
    3: _("Good health and well-being"),
    4: _("Quality education"),
    5: _("Gender equality"),
    6: _("Clean water and sanitation"),
    7: _("Affordable and clean energy"),
    8: _("Decent work and economic growth"),
    9: _("Industry, innovation and infrastructure"),
    10: _("Reduced inequalities"),
    11: _("Sustainable cities and communities"),
    12: _("Responsible consumption and production"),
    13: _("Climate action"),
    14: _("Life below water"),
    15: _("Life on land"),
    16: _("Peace, justice and strong institutions"),
    17: _("Partnerships for the goals"),
}
"""The United Nations' short titles of the Sustainable Development Goals."""


def label(topic: Topic) -> str:
    """What a topic is called in the reader's language."""
    return gettext(topic.label)


def scope(topic: Topic) -> str:
    """What typically stands under it."""
    return gettext(topic.scope)


def labels(topic: Topic) -> dict[str, str]:
    """What a topic is called in each language of the interface."""
    found = {}
    for code in CODES:
        with override(code):
            found[code] = label(topic)
    return found
