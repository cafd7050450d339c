"""What a secretariat writes when it enters a rule."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.plain.languages import LANGUAGES
from comity.registry.edges import HouseForm
from comity.registry.models import Organ, Organisation
from comity.rules.models import RuleKind
from comity.rules.words import KINDS

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AdoptForm(HouseForm):
    """A version of a rule: prose for people, parameters for the count, the organ that adopted both."""

    kind = forms.ChoiceField(label=gettext_lazy("What it orders"), choices=[(k, KINDS[k]) for k in RuleKind])
    organ = forms.ModelChoiceField(
        label=gettext_lazy("For one organ only"),
        queryset=Organ.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=gettext_lazy("the whole network"),
        help_text=gettext_lazy("A rule of an organ goes before the network's own."),
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    adopted_by = forms.CharField(
        label=gettext_lazy("Adopted by"),
        max_length=200,
        help_text=gettext_lazy("The organ or assembly, as the network names it, e.g. 8th Congress."),
    )
    adopted_on = forms.DateField(label=gettext_lazy("Adopted on"), widget=DAY)
    in_force_from = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=DAY,
        help_text=gettext_lazy("The version before ends on the day before."),
    )
    review_by = forms.DateField(label=gettext_lazy("To be reviewed by"), widget=DAY, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the articles"), choices=[(one.code, one.name) for one in LANGUAGES]
    )
    prose = forms.CharField(
        label=gettext_lazy("Articles"),
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        help_text=gettext_lazy("One article a paragraph, its number first, then a colon: 14(2): A declaration is …"),
    )
    parameters = forms.CharField(
        label=gettext_lazy("Parameters"),
        widget=forms.Textarea(attrs={"rows": 18, "dir": "ltr", "spellcheck": "false", "class": "mono"}),
        help_text=gettext_lazy(
            "JSON: decisions with majority, quorum and ad_referendum; rights by class; or allocations by organisation. "
            "Shares are written as [3, 4]."
        ),
    )

    def __init__(self, *args: object, network: Organisation, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        organ = self.fields["organ"]
        assert isinstance(organ, forms.ModelChoiceField)
        organ.queryset = network.organs.order_by("name")

    def clean_prose(self) -> list[dict[str, str]]:
        """Paragraphs as articles."""
        articles = []
        for place, paragraph in enumerate(_paragraphs(self.cleaned_data["prose"]), start=1):
            number, colon, text = paragraph.partition(":")
            if not colon or not text.strip():
                told = {"place": place, "begin": paragraph[:40]}
                raise forms.ValidationError(
                    _("Paragraph %(place)s (“%(begin)s”) has no number with a colon before its text.") % told
                )
            articles.append({"article": number.strip(), "text": text.strip()})
        return articles

    def clean_parameters(self) -> dict[str, Any]:
        """One JSON object."""
        try:
            read = json.loads(self.cleaned_data["parameters"])
        except (json.JSONDecodeError, RecursionError) as error:
            told = {"what": str(error)}
            raise forms.ValidationError(_("This is not JSON: %(what)s. Put it right at that place.") % told) from error
        if not isinstance(read, dict):
            raise forms.ValidationError(_("The parameters are one object: write them between { and }."))
        return read

    def articles(self) -> list[dict[str, str]]:
        """The articles with their language."""
        language = self.cleaned_data["language"]
        return [{**article, "language": language} for article in self.cleaned_data["prose"]]


def _paragraphs(text: str) -> list[str]:
    parts = [" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n")]
    return [part for part in parts if part]


def written(prose: list[dict[str, str]]) -> str:
    """Articles as the form takes them."""
    return "\n\n".join(f"{article['article']}: {article['text']}" for article in prose)
