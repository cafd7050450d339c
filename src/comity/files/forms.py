"""What people write in their party's own room, and what they say of a file they bring."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from comity.files.models import PaperKind
from comity.files.words import too_large
from comity.plain.languages import LANGUAGES
from comity.plain.levels import Level
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


SPOKEN = [(language.code, language.name) for language in LANGUAGES]
CIRCLES = {
    Level.PUBLIC: _("everyone"),
    Level.NETWORK: _("the network: its members and its own seats"),
    Level.BODY: _("those who take part in what it lies beside"),
    Level.ORGANISATION: _("only your organisation"),
}


class UploadForm(HouseForm):
    """A file, who reads it, and whether its drafting may show. The circle is asked first and starts narrow."""

    level = forms.TypedChoiceField(
        label=_("Who reads it"), coerce=lambda value: Level(int(value)), widget=forms.RadioSelect()
    )
    title = forms.CharField(label=_("Title"), max_length=300)
    language = forms.ChoiceField(label=_("Language of the file"), choices=SPOKEN)
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # it is refused as what it is
        help_text=_(
            "PDF, Word, Excel, PowerPoint, OpenDocument, JPEG, PNG, WebP or plain text. Names of authors, places and "
            "hidden data are taken out before it is kept."
        ),
    )
    drafting_may_stay = forms.BooleanField(
        label=_("Tracked changes, comments, hidden parts and notes may stay"),
        required=False,
        help_text=_("Readers would find them, without the names of who made them."),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """What is larger than is taken in was not kept."""
        brought: UploadedFile[Any] = self.cleaned_data["file"]
        if (brought.size or 0) > settings.UPLOAD_MOST:
            raise forms.ValidationError(too_large())
        return brought

    def __init__(self, *args: object, widest: Level, own_room: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        circles = [Level.ORGANISATION] if own_room else [level for level in CIRCLES if level >= widest]
        field = self.fields["level"]
        assert isinstance(field, forms.TypedChoiceField)
        self.order_fields(["level", "file", "title", "language", "drafting_may_stay"])
        field.choices = [(int(level), CIRCLES.get(level, CIRCLES[Level.ORGANISATION])) for level in circles]
