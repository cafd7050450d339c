"""What a secretariat writes when it puts a question, and what a delegation gives."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.decisions.core import Entitled
from comity.plain.kinds import kind_named
from comity.plain.languages import LANGUAGES
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.registry.edges import HouseForm
from comity.registry.models import Organisation
from comity.registry.topics.forms import TopicsForm
from comity.rules.words import decision_type
from comity.visibility.forms import level_field

PUT_FROM_THEIR_PAGE = frozenset({"text", "amendment"})


class OpenForm(TopicsForm, HouseForm):
    """A question to one organ, with the votes that credentials confirmed."""

    decision_type = forms.ChoiceField(label=gettext_lazy("Kind of decision"))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    question = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("As it is read out before the vote."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of title and question"), choices=[(one.code, one.name) for one in LANGUAGES]
    )
    subject = forms.CharField(
        label=gettext_lazy("What is put to the vote"),
        help_text=gettext_lazy("The address of its page in this house, e.g. of an organisation or an engagement."),
    )
    level = level_field("decision")

    def __init__(
        self,
        *args: object,
        place: Place,
        types: Sequence[str],
        electorate: Sequence[tuple[Organisation, Entitled]],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.place, self.electorate = place, electorate
        kinds = self.fields["decision_type"]
        assert isinstance(kinds, forms.ChoiceField)
        kinds.choices = [(name, decision_type(name)) for name in types]
        for organisation, held in electorate:
            told = {"organisation": organisation.name, "votes": held.allocated}
            self.fields[f"registered-{organisation.public_id}"] = forms.IntegerField(
                label=_("Votes registered by %(organisation)s, of %(votes)s") % told,
                min_value=0,
                max_value=held.allocated,
                initial=held.allocated,
            )

    def clean_subject(self) -> Ref:
        """A page of this house as a reference."""
        parts = [part for part in self.cleaned_data["subject"].split("?")[0].split("/") if part]
        for name, public_id in pairwise(parts):
            kind = kind_named(name)
            if kind is None:
                continue
            if kind.name in PUT_FROM_THEIR_PAGE:
                raise forms.ValidationError(
                    _("A text and an amendment are put to the vote from their own page, which pins their version.")
                )
            rows = kind.visible(self.place.actor, self.place.at, self.place.realm)
            if rows.filter(public_id=public_id).exists():
                return Ref(kind.record_kind or kind.name, public_id)
        raise forms.ValidationError(
            _("No page of this realm stands there. Copy the address of the page from your browser.")
        )

    def registered(self) -> dict[Organisation, int]:
        """Votes by credentials; a delegation with none is not registered."""
        read = self.cleaned_data
        votes = {one: read[f"registered-{one.public_id}"] for one, _held in self.electorate}
        return {organisation: number for organisation, number in votes.items() if number}


class CastForm(forms.Form):
    """Votes by way; filled by the screen before."""

    in_favour = forms.IntegerField(label=gettext_lazy("Votes for"), min_value=0, initial=0)
    against = forms.IntegerField(label=gettext_lazy("Votes against"), min_value=0, initial=0)
    abstained = forms.IntegerField(label=gettext_lazy("Abstentions, in votes"), min_value=0, initial=0)
    ad_referendum = forms.BooleanField(
        label=gettext_lazy("The votes for are given ad referendum, subject to our own board"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
