"""What people write about an engagement."""

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.engagements.models import Capacity, EngagementKind, HouseRule
from comity.plain.languages import LANGUAGES
from comity.registry.edges import HouseForm
from comity.registry.models import Organisation

SPOKEN = [(language.code, language.name) for language in LANGUAGES]
MINUTE = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ConveneForm(HouseForm):
    """The terms of an engagement; capacity and house rule have no default."""

    network = forms.ModelChoiceField(label=_("Network"), queryset=Organisation.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=EngagementKind.choices)
    title = forms.CharField(label=_("Title"), max_length=300)
    language = forms.ChoiceField(label=_("Language of the title"), choices=SPOKEN)
    capacity = forms.ChoiceField(
        label=_("Those who take part speak"),
        choices=Capacity.choices,
        widget=forms.RadioSelect(),
        help_text=_("Nothing is published without it; the public disclaimer follows from it."),
    )
    on_behalf_of = forms.CharField(
        label=_("Which parliament"), max_length=200, required=False, help_text=_("Only when they speak for one.")
    )
    house_rule = forms.ChoiceField(
        label=_("House rule"),
        choices=HouseRule.choices,
        widget=forms.RadioSelect(),
        help_text=_("It is fixed now: nobody can change it afterwards. Who registers accepts it."),
    )
    place = forms.CharField(label=_("Place"), max_length=200)
    country = forms.CharField(label=_("Country"), max_length=60, required=False)
    zone = forms.CharField(
        label=_("Time zone"), max_length=60, help_text=_("As in the IANA list, such as Europe/Paris.")
    )
    starts = forms.DateTimeField(label=_("Begins, at the clock of the place"), widget=MINUTE)
    ends = forms.DateTimeField(label=_("Ends, at the clock of the place"), widget=MINUTE)


class RegisterForm(HouseForm):
    """A delegation."""

    size = forms.IntegerField(label=_("How many come"), min_value=1, max_value=10_000)


class ReportForm(HouseForm):
    """A report."""

    words = forms.CharField(label=_("What came of it"), widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000)
    language = forms.ChoiceField(label=_("Its language"), choices=SPOKEN)
