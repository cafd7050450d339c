"""What parties, monitors and the network's office write about a promise."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from comity.plain.languages import LANGUAGES
from comity.registry.edges import HouseForm
from comity.registry.models import Organ

TONGUES = [(language.code, language.name) for language in LANGUAGES]
DAY = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


def _area(label: Any, most: int, help_text: Any = "", rows: int = 5, *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=widget, required=required)


class EvidenceForm(HouseForm):
    """What shows that a promise was kept."""

    title = forms.CharField(
        label=lazy("What shows it"),
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=lazy("One line, e.g. “Bill on a closed season, second reading”."),
    )
    url = forms.URLField(
        label=lazy("Where anyone can read it"),
        max_length=600,
        required=False,
        assume_scheme="https",
        help_text=lazy("A whole web address. Without one a monitor can hardly verify it."),
    )
    kept_on = forms.DateField(label=lazy("Kept on"), **DAY)  # type: ignore[arg-type]  # one set of options for all days


class ReplyForm(HouseForm):
    """A party's own words about a promise it did not keep in time."""

    words = _area(lazy("Your words"), 3000, lazy("They stand beside the promise from now on."))
    language = forms.ChoiceField(label=lazy("Language of your words"), choices=TONGUES)


class AskForm(HouseForm):
    """A later day, asked for."""

    due = forms.DateField(label=lazy("The day you ask for"), **DAY)  # type: ignore[arg-type]  # one set of options for all days
    reason = _area(lazy("Reason"), 600, rows=3)


class AgreeForm(HouseForm):
    """Which organ agreed to a later day."""

    organ = forms.ChoiceField(label=lazy("Organ that agreed"))

    def __init__(self, *args: object, organs: Iterable[Organ], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.organs = {organ.public_id: organ for organ in organs}
        choice = self.fields["organ"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key, organ.name) for key, organ in self.organs.items()]


class VerifyForm(HouseForm):
    """What a monitor found in the evidence she was shown."""

    evidence = forms.CharField(max_length=16, widget=forms.HiddenInput())

    words = _area(lazy("What you found"), 600, rows=3, required=False)
