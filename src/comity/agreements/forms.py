"""What parties write about agreements and coalitions."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.plain.languages import LANGUAGES
from comity.registry.edges import HouseForm
from comity.registry.forms import OrganisationNamed
from comity.registry.topics.forms import TopicsForm
from comity.visibility.access import LEVELS_OF
from comity.visibility.forms import VisibilityForm

SPOKEN = [(language.code, language.name) for language in LANGUAGES]


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def _authority() -> forms.CharField:
    return forms.CharField(
        label=_("On which authority"),
        max_length=300,
        help_text=_("The mandate on which it rests, such as the decision of a board with its day. Others read it."),
    )


def _subject_to_board(label: Any) -> forms.BooleanField:
    return forms.BooleanField(
        label=label,
        required=False,
        help_text=_("Ad referendum: until your board has agreed, your party is shown as not bound."),
    )


class ProposeForm(TopicsForm, VisibilityForm):
    """An agreement with another party."""

    levels = LEVELS_OF["agreement"]

    counterpart = OrganisationNamed(
        label=_("With which party"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    title = forms.CharField(label=_("Title"), max_length=300)
    language = forms.ChoiceField(label=_("Language of the text"), choices=SPOKEN)
    scope = forms.CharField(
        label=_("What it covers"), max_length=600, help_text=_("One sentence, such as: exchange of local councillors.")
    )
    words = forms.CharField(
        label=_("The text to be signed"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
        help_text=_("Both parties sign these very words: their fingerprint stands in the record."),
    )
    starts = _day(_("In force from"))
    expires = _day(
        _("Last day"),
        _("Its parties are reminded 90 and 30 days before. Empty: until one of them ends it."),
        required=False,
    )
    authority = _authority()
    ad_referendum = _subject_to_board(_("We sign subject to our own board"))


class SignForm(HouseForm):
    """A signature, or the joining of a coalition."""

    authority = _authority()
    ad_referendum = _subject_to_board(_("Subject to our own board"))


class TranslateForm(HouseForm):
    """The words of an agreement in another language."""

    language = forms.ChoiceField(label=_("Language of the translation"), choices=SPOKEN)
    words = forms.CharField(
        label=_("The translation"), max_length=100_000, widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"})
    )


class BoardForm(HouseForm):
    """What the board said."""

    agrees = forms.TypedChoiceField(
        label=_("Your board"),
        choices=[("yes", _("agreed")), ("no", _("did not agree"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect(),
    )


class EndForm(HouseForm):
    """The end of an agreement, or the leaving of a coalition."""

    on = _day(_("From which day"), _("It may lie ahead."))
    reason = forms.CharField(
        label=_("Reason"), max_length=600, help_text=_("It stands beside the day, for whoever may read the thing.")
    )


class FoundForm(TopicsForm, VisibilityForm):
    """A coalition on an issue."""

    levels = LEVELS_OF["coalition"]

    title = forms.CharField(label=_("Title"), max_length=300)
    language = forms.ChoiceField(label=_("Its language"), choices=SPOKEN)
    purpose = forms.CharField(
        label=_("What it is for"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"})
    )
    starts = _day(_("From"))
    until = _day(_("Until"), _("Empty: as long as parties belong to it."), required=False)
    authority = _authority()


class OfferForm(HouseForm):
    """The convening of a coalition, offered to a party that belongs to it."""

    taker = forms.ChoiceField(label=_("To which party"), widget=forms.RadioSelect())
    answer_by = _day(_("It answers by"), _("After this day the offer is over, and your party goes on convening."))
    reason = forms.CharField(
        label=_("Reason"), max_length=600, help_text=_("Once accepted, it stands beside the day, for whoever may read.")
    )

    def __init__(self, *args: Any, members: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taker = self.fields["taker"]
        assert isinstance(taker, forms.ChoiceField)
        taker.choices = list(members.items())


class TakeForm(HouseForm):
    """The answer of the party to which the convening of a coalition was offered."""

    accepts = forms.TypedChoiceField(
        label=_("Your party"),
        choices=[("yes", _("convenes it from now on")), ("no", _("declines"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect(),
    )
