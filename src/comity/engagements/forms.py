"""What people write about an engagement."""

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.engagements.models import Capacity, Channel, EngagementKind, HouseRule
from comity.people.models import Seat
from comity.plain.languages import LANGUAGES
from comity.plain.levels import Attribution, Level
from comity.registry.edges import HouseForm
from comity.registry.forms import OrganisationNamed
from comity.registry.models import Organisation
from comity.registry.topics.forms import TopicsForm
from comity.visibility.access import LEVELS_OF
from comity.visibility.forms import VisibilityForm

SPOKEN = [(language.code, language.name) for language in LANGUAGES]
MINUTE = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ConveneForm(TopicsForm, VisibilityForm):
    """The terms of an engagement; capacity and house rule have no default."""

    levels = LEVELS_OF["engagement"]

    network = forms.ModelChoiceField(
        label=_("Network"), queryset=Organisation.objects.none(), to_field_name="public_id", empty_label=None
    )
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
    protect_until = forms.DateField(
        label=_("Protect that it exists, until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_(
            "Leave it empty, and the public learns that a meeting takes place, when, under which rule and with about "
            "how many people, even where it may not read it. A second person approves a protection within 72 hours."
        ),
    )
    protect_reason = forms.CharField(label=_("Why its existence is protected"), max_length=600, required=False)


class RegisterForm(HouseForm):
    """A delegation."""

    size = forms.IntegerField(label=_("How many come"), min_value=1, max_value=10_000)


class ReportForm(HouseForm):
    """A report."""

    words = forms.CharField(label=_("What came of it"), widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000)
    language = forms.ChoiceField(label=_("Its language"), choices=SPOKEN)


class ContactForm(HouseForm):
    """An informal contact: the circle and whose words it is first, then a line on what was said."""

    level = forms.ChoiceField(
        label=_("Who may read it"),
        choices=[
            (Level.ROOM.value, _("only those who took part")),
            (Level.ORGANISATION.value, _("only your party, all its seats")),
        ],
        widget=forms.RadioSelect(),
    )
    attribution = forms.ChoiceField(
        label=_("To whom may what was said be ascribed"),
        choices=[
            (Attribution.NONE.value, _("to nobody")),
            (Attribution.ORGANISATION.value, _("to the organisation")),
            (Attribution.ROLE.value, _("to the office, unnamed")),
        ],
        widget=forms.RadioSelect(),
    )
    counterpart = OrganisationNamed(
        label=_("With whom"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"list": "near", "autocomplete": "off", "dir": "auto"}),
    )
    words = forms.CharField(
        label=_("What was said"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )
    channel = forms.ChoiceField(
        label=_("How"), choices=Channel.choices, initial=Channel.MEETING, widget=forms.RadioSelect()
    )
    spoken_on = forms.DateField(label=_("When"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    with_seats = forms.ModelMultipleChoiceField(
        label=_("Who of your party was there too"),
        queryset=Seat.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )
    shared = forms.BooleanField(
        label=_("Share it with the organisation named above: its seats then read these words too"), required=False
    )
    language = forms.ChoiceField(label=_("Its language"), choices=SPOKEN)

    @property
    def first(self) -> list[forms.BoundField]:
        """What is asked on the first screen."""
        return [self[name] for name in ("level", "attribution", "counterpart", "words")]

    @property
    def rest(self) -> list[forms.BoundField]:
        """What is filled in already and seldom changed."""
        return [self[name] for name in ("channel", "spoken_on", "with_seats", "shared", "language")]

    @property
    def rest_asks(self) -> bool:
        """Whether something among the rest was refused, so that it stands open."""
        return any(field.errors for field in self.rest)


class NothingAskedForm(HouseForm):
    """An act that asks for nothing but its button."""
