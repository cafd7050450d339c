"""What people write about what a thing is about."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.registry.core.topics import MOST
from comity.registry.edges import HouseForm
from comity.registry.topics.edges import offered


class TopicChoices(forms.CheckboxSelectMultiple):
    """Every topic with a box, the narrower ones behind their broader one."""

    template_name = "registry/topics/choices.html"


def topics_field() -> forms.MultipleChoiceField:
    """The topics of a thing; whether they can stand, the act says, with its rule."""
    return forms.MultipleChoiceField(
        label=_("What it is about"),
        help_text=_("One to five topics. Whoever looks for one of them finds this, as far as they may read it."),
        widget=TopicChoices(),
        error_messages={
            "required": _("Choose at least one topic, so that this is found by what it is about."),
            "invalid_choice": _("There is no such topic; choose from the list."),
        },
    )


class TopicsForm(forms.Form):
    """The topics of a new thing: every writing form of one inherits this field and begins with what is proposed."""

    topics = topics_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self)
        others = [name for name in self.fields if name != "topics"]
        before = others.index("level") if "level" in others else 0
        self.order_fields([*others[:before], "topics", *others[before:]])

    def clean_topics(self) -> list[str]:
        """At most five."""
        return at_most(self.cleaned_data["topics"])


def offer(form: forms.Form) -> None:
    """Let a form offer the topics in the reader's language."""
    field = form.fields["topics"]
    assert isinstance(field, forms.MultipleChoiceField)
    field.choices = offered()


def at_most(chosen: list[str]) -> list[str]:
    """The topics chosen; refuse more than are filed."""
    if len(set(chosen)) > MOST:
        raise forms.ValidationError(
            _("Choose five topics at most, those that it is mainly about; you chose %(n)d."),
            params={"n": len(set(chosen))},
        )
    return chosen


class RefileForm(TopicsForm, HouseForm):
    """Other topics for a thing that stands, with the reason."""

    before = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)
    reason = forms.CharField(
        label=_("Reason"), max_length=600, help_text=_("It stands beside the change, for whoever reads this.")
    )
