"""What people write about who reads a thing."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.plain.levels import Attribution, Level
from comity.plain.refusals import Refusal
from comity.registry.edges import HouseForm, show
from comity.registry.models import Governed
from comity.visibility import words
from comity.visibility.access import LEVELS_OF
from comity.visibility.core import Terms, embargo_of
from comity.visibility.queries import levels_for

MINUTE = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
FIELDS = ("level", "attribution", "embargo", "embargo_zone", "embargo_fold", "review_on", "retain_until")
AT_FIELD = {
    "unknown-zone": "embargo_zone",
    "local-time-does-not-exist": "embargo",
    "local-time-is-ambiguous": "embargo_fold",
}


def _day(label: Any, help_text: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=False, widget=widget)


def level_field(kind: str) -> forms.TypedChoiceField:
    """The level of a new thing of a kind: each choice is the sentence of who then reads it.

    Of a thing that is part of another, ``narrow`` leaves out what would be wider than that.
    """
    return forms.TypedChoiceField(
        label=_("Who will read this"),
        coerce=int,
        choices=words.level_choices(LEVELS_OF[kind]),
        widget=forms.RadioSelect(),
        help_text=_("Embargo, review and retention are set on the page that says who reads it."),
    )


def narrow(form: forms.Form, kind: str, whole: Governed) -> None:
    """Offer no level wider than that of the thing of which the new one is part."""
    field = form.fields["level"]
    assert isinstance(field, forms.TypedChoiceField)
    field.choices = words.level_choices(levels_for(kind, whole))


class VisibilityForm(HouseForm):
    """The terms of a governed thing: every writing form of one inherits these fields and begins with the policy's."""

    levels: tuple[Level, ...] = words.OFFERED

    level = forms.TypedChoiceField(label=_("Who can read this"), coerce=int, widget=forms.RadioSelect())
    attribution = forms.ChoiceField(
        label=_("To whom words are attributed"), choices=list(words.ATTRIBUTIONS.items()), widget=forms.RadioSelect()
    )
    embargo = forms.DateTimeField(
        label=_("Under embargo until"),
        required=False,
        widget=MINUTE,
        help_text=_("To the minute, at the clock of the zone below. Before it only its originator reads this."),
    )
    embargo_zone = forms.CharField(
        label=_("Time zone of the embargo"),
        max_length=60,
        required=False,
        help_text=_("As in the IANA list, such as Europe/Paris."),
    )
    embargo_fold = forms.ChoiceField(
        label=_("Where the clock shows that time twice"),
        required=False,
        choices=[("", _("it shows it once")), ("0", _("the first time")), ("1", _("the second time"))],
    )
    review_on = _day(_("Reviewed on"), _("The day on which you are asked whether this still holds."))
    retain_until = _day(_("Kept until"), _("After this day you are asked to close it, or to keep it longer."))

    def __init__(self, *args: Any, proposed: Terms, **kwargs: Any) -> None:
        given = {**_initial(proposed), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=given, **kwargs)
        offered = self.fields["level"]
        assert isinstance(offered, forms.TypedChoiceField)
        offered.choices = words.level_choices(self.levels)
        self.proposed = proposed
        self.order_fields([name for name in self.fields if name not in FIELDS] + list(FIELDS))

    def clean(self) -> dict[str, Any]:
        """Say at its field which time of an embargo the clock of its zone does not show, or shows twice."""
        read: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.terms()
            except Refusal as refusal:
                show(refusal, self, AT_FIELD)
        return read

    def terms(self) -> Terms:
        """The terms that a form states; raises what ``embargo_of`` raises."""
        told = self.cleaned_data
        zone = told["embargo_zone"] or "UTC"
        return Terms(
            Level(told["level"]),
            Attribution(told["attribution"]),
            embargo_of(told["embargo"], zone, told["embargo_fold"]),
            zone,
            told["review_on"],
            told["retain_until"],
        )

    def told(self) -> list[str]:
        """Who will read what this form writes as it stands filled in; before that, what the policy proposes."""
        if self.is_bound and not self.errors:
            return words.told_of_terms(self.terms())
        return words.told_of_terms(self.proposed)


def _initial(terms: Terms) -> dict[str, Any]:
    until, zone = terms.embargo_until, terms.embargo_zone
    return {
        "level": int(terms.level),
        "attribution": terms.attribution.value,
        "embargo": until.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if until else None,
        "embargo_zone": zone,
        "review_on": terms.review_on,
        "retain_until": terms.retain_until,
    }


class ChangeForm(VisibilityForm):
    """New terms for a thing that stands, with the reason."""

    reason = forms.CharField(label=_("Reason"), max_length=600, help_text=_("Only your own organisation reads it."))

    def __init__(self, *args: Any, levels: tuple[Level, ...], **kwargs: Any) -> None:
        self.levels = levels
        super().__init__(*args, **kwargs)


class ReasonForm(HouseForm):
    """A reason."""

    reason = forms.CharField(
        label=_("Reason"), max_length=600, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("It never stands in public."),
    )  # fmt: skip


class ProtectForm(ReasonForm):
    """Why something's existence is protected, and until when."""

    until = forms.DateField(
        label=_("Protected until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day, within twelve months. It can be asked again before then."),
    )


class DecideForm(ReasonForm):
    """A decision with its reason."""

    verdict = forms.ChoiceField(label=_("Your decision"), widget=forms.RadioSelect())

    def __init__(self, *args: Any, verdicts: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["verdict"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = verdicts
        self.order_fields(["verdict", "reason"])


class DefaultForm(HouseForm):
    """What a network's forms propose from a day on."""

    kind = forms.ChoiceField(label=_("Kind of record"))
    level = forms.TypedChoiceField(
        label=_("Who can read it"), coerce=int, choices=words.level_choices(tuple(Level)), widget=forms.RadioSelect()
    )
    attribution = forms.ChoiceField(
        label=_("To whom words are attributed"), choices=list(words.ATTRIBUTIONS.items()), widget=forms.RadioSelect()
    )
    why = forms.CharField(label=_("Why"), max_length=300)
    from_day = _day(_("From this day on"), _("Today or a later day. What was written before keeps its terms."))

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = kinds
        self.fields["from_day"].required = True
