"""What people write to sign in, and to set up how."""

import json
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comity.registry.edges import HouseForm

CODE = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"})


class SignInForm(HouseForm):
    """E-mail address and password."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username webauthn"})
    )
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class CodeForm(HouseForm):
    """A code of the generator, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits from your code generator, or one of your recovery codes."),
        widget=CODE,
    )

    def clean_code(self) -> str:
        """As it is compared: without the spaces that people write between digits."""
        return "".join(str(self.cleaned_data["code"]).split())


class GeneratorForm(CodeForm):
    """The first code of a generator that is being set up."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("The six digits that it shows now.")


class PasswordForm(HouseForm):
    """A password of one's own."""

    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters. A sentence that only you would write is a good one."),
        min_length=12,
        max_length=512,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class PasskeyForm(HouseForm):
    """A new passkey, and what its owner calls it."""

    name = forms.CharField(
        label=_("What you call it"), max_length=60, help_text=_("For example the device on which it lies.")
    )


def credential_of(request: HttpRequest) -> dict[str, Any]:
    """What the browser made or proved with a passkey, as it was sent; nothing where it cannot be read."""
    try:
        sent = json.loads(request.POST.get("credential", ""))
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}


class AddressForm(HouseForm):
    """The address of an account."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
