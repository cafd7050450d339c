"""What people write in their party's own room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.files.models import PaperKind
from comity.plain.languages import LANGUAGES
from comity.registry.edges import HouseForm

SPOKEN = [(language.code, language.name) for language in LANGUAGES]
WORDS = forms.Textarea(attrs={"rows": 14, "dir": "auto"})


class PaperForm(HouseForm):
    """A new paper."""

    kind = forms.ChoiceField(label=_("What it is"), choices=PaperKind.choices, widget=forms.RadioSelect())
    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    words = forms.CharField(label=_("What it says"), max_length=100_000, widget=WORDS)
    language = forms.ChoiceField(label=_("Its language"), choices=SPOKEN)
    because = forms.CharField(
        label=_("What it is for"),
        max_length=300,
        required=False,
        help_text=_("The address of a page here, such as a text or a decision. Nobody learns of it there."),
    )


class VersionForm(HouseForm):
    """A paper written anew."""

    words = forms.CharField(label=_("What it says"), max_length=100_000, widget=WORDS)
    after = forms.IntegerField(widget=forms.HiddenInput(), min_value=1)


class NothingAskedForm(HouseForm):
    """An act that asks for nothing but its button."""
