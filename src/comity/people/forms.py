"""What people write about accounts and seats."""

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.people.models import Role, Seat
from comity.registry.edges import HouseForm
from comity.registry.models import Organisation

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class GrantSeatForm(HouseForm):
    """A dated mandate for a person."""

    name = forms.CharField(label=_("Name of the person"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail address of the person"),
        help_text=_(
            "Where no account bears it yet, its invitation is sent there; only who reads that mailbox can open it."
        ),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    title = forms.CharField(label=_("Office, as the organisation calls it"), max_length=200, required=False)
    network = forms.ModelChoiceField(
        label=_("Only in this network"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("every network of the organisation"),
        help_text=_("A role in one network has no effect in another."),
    )
    for_seat = forms.ModelChoiceField(
        label=_("Beside which seat"),
        queryset=Seat.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("none: a seat of its own"),
        help_text=_("For a deputy, who acts in that office between the dates, and for whoever prepares its papers."),
    )
    start = forms.DateField(label=_("First day"), widget=DAY)
    end = forms.DateField(
        label=_("Last day"),
        widget=DAY,
        required=False,
        help_text=_("Without one the seat stands until it is revoked. A deputy needs one."),
    )
