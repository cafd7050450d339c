"""What people write in a conversation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.deliberation.models import LONGEST_STATEMENT, Conversation
from comity.plain.languages import LANGUAGES
from comity.registry.edges import HouseForm
from comity.registry.models import Organisation
from comity.registry.topics.forms import TopicsForm
from comity.visibility.forms import level_field, narrow

SPOKEN = [(language.code, language.name) for language in LANGUAGES]
MINUTE = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class OpenForm(TopicsForm, HouseForm):
    """A question put to several parties."""

    network = forms.ModelChoiceField(
        label=_("Network"), queryset=Organisation.objects.none(), to_field_name="public_id", empty_label=None
    )
    title = forms.CharField(label=_("Title"), max_length=300)
    question = forms.CharField(
        label=_("Question"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What people answer with statements, on which everybody votes."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of the question"), choices=SPOKEN)
    engagement = forms.CharField(label=_("The meeting it arises from"), required=False, widget=forms.Select())
    opens = forms.DateTimeField(label=_("Opens (Universal Time)"), widget=MINUTE)
    closes = forms.DateTimeField(
        label=_("Closes (Universal Time)"), widget=MINUTE, help_text=_("The closing minute still counts.")
    )
    level = level_field("conversation")


class StatementForm(HouseForm):
    """One sentence."""

    words = forms.CharField(
        label=_("Your statement"),
        max_length=LONGEST_STATEMENT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One view in one sentence, so that others can agree or disagree with the whole of it."),
    )
    language = forms.ChoiceField(label=_("Its language"), choices=SPOKEN)


class AdmitForm(HouseForm):
    """So many people of one organisation."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), to_field_name="public_id"
    )
    count = forms.IntegerField(label=_("How many people"), min_value=1, max_value=10_000)


class SilenceForm(HouseForm):
    """Moderation with its reason."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stands beside the statement and is read by everybody.")
    )


class KeyForm(HouseForm):
    """The key that a delegation handed on."""

    key = forms.CharField(
        label=_("Your key"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Your delegation gave it to you. It carries no name."),
    )


class PrincipleForm(HouseForm):
    """A principle, and for each statement whether it fed it or was overruled."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=10_000)
    words = forms.CharField(
        label=_("The principle"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One sentence that every group can find its own view in."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Its language"), choices=SPOKEN)
    level = level_field("principle")
    fed = forms.MultipleChoiceField(label=_("Statements that fed it"), widget=forms.CheckboxSelectMultiple())
    overruled = forms.MultipleChoiceField(
        label=_("Statements that it overrules"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("Whoever holds them must be able to find them here."),
    )

    def __init__(self, conversation: Conversation, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        narrow(self, "principle", conversation)
        stated = [(one.public_id, f"{one.number}. {one.words}") for one in conversation.statements.all()]
        for name in ("fed", "overruled"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = stated


class ReportForm(HouseForm):
    """A group's own words on a principle."""

    group = forms.ChoiceField(label=_("Group"))
    words = forms.CharField(
        label=_("What the group holds"), max_length=3000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("These words stand wherever the principle stands, and nobody can take them off."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Their language"), choices=SPOKEN)
    statement = forms.ChoiceField(label=_("The group's own statement, to stand beside them"), required=False)
