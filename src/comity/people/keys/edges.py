"""The pages of an organisation's keys: which there are, a new one, and the end of one."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from comity.people import access
from comity.people.accounts import proofs
from comity.people.accounts.edges import ONWARD_KEY, house, passkey_page, present
from comity.people.accounts.forms import credential_of
from comity.people.keys import actions, passkeys
from comity.people.models import Seat
from comity.plain.actors import require
from comity.plain.kinds import called
from comity.plain.levels import Realm
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotAllowed, NotVisible, Refusal
from comity.record.signing.actions import LONGEST_LABEL, LONGEST_REASON, REPLACED, SEAT_ENDED, NewKey
from comity.record.signing.queries import KeyView, key_named, keys_held, keys_of, signatures_by
from comity.registry.edges import HouseForm, act_page, form_page, here, organisation_named, show
from comity.registry.models import Organisation


class KeyForm(HouseForm):
    """What every new key is asked: what its holder calls it, and which of hers it replaces."""

    label = forms.CharField(
        label=lazy("What you call it"),
        max_length=LONGEST_LABEL,
        help_text=lazy("For example the device on which it lies."),
    )
    replaces = forms.ChoiceField(label=lazy("In the place of"), required=False)

    def __init__(self, sent: Any, held: list[KeyView]) -> None:
        super().__init__(sent, auto_id=f"{type(self).__name__.lower()}_%s")
        replaces = self.fields["replaces"]
        assert isinstance(replaces, forms.ChoiceField)
        replaces.choices = [("", _("no other key")), *((key.public_id, key.label or key.fingerprint) for key in held)]
        if not held:
            del self.fields["replaces"]


class KeyLineForm(KeyForm):
    """A key made elsewhere."""

    line = forms.CharField(
        label=lazy("Public key"),
        max_length=2000,
        help_text=lazy("The one line of the .pub file, of the type ssh-ed25519 or sk-ssh-ed25519@openssh.com."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "dir": "ltr"}),
    )


class RevokeForm(HouseForm):
    """Why a key ends."""

    reason = forms.CharField(
        label=lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=lazy("It stands in the record, for everybody to read."),
    )


class ForgetForm(HouseForm):
    """On what ground a key is erased."""

    legal_basis = forms.CharField(
        label=lazy("Legal ground"),
        max_length=LONGEST_REASON,
        help_text=lazy("It stands in the record, for everybody to read: name the law, and not the person."),
    )


@act_page
@passkey_page
def organisation_keys(request: HttpRequest, public_id: str) -> HttpResponse:
    """The keys with which an organisation signs; who may sign for it issues one to her own seat here."""
    place = place_of(request)
    organisation = organisation_named(place, public_id)
    require(access.may_see_keys(place.actor, place.at, organisation))
    may = access.may_issue_key(place.actor, place.at, organisation)
    if may and not _proved(request, place):
        return _prove(request, place)
    if request.method != "POST" and request.headers.get("Accept") == "application/json":
        require(may)
        return JsonResponse(passkeys.asked(request, called(organisation, place).words))
    return _page(request, organisation, place)


def _proved(request: HttpRequest, place: Place) -> bool:
    """Among the real, a key is issued within a quarter of an hour of a proof, as the ways to sign in change."""
    return place.realm is Realm.FICTION or proofs.fresh(request.session, present())


def _prove(request: HttpRequest, place: Place) -> HttpResponse:
    """Lead to the page on which one proves who one is, and back here from there."""
    request.session[ONWARD_KEY] = request.path
    return redirect(here(place, "account-prove"))


def _page(request: HttpRequest, organisation: Organisation, place: Place) -> HttpResponse:
    held = keys_held(organisation.public_id, str(place.actor), place.realm, place.at)
    by_line = "line" in request.POST
    line = KeyLineForm(request.POST if by_line else None, held)
    passkey = KeyForm(request.POST if request.method == "POST" and not by_line else None, held)
    form = line if by_line else passkey
    if form.is_valid():
        try:
            _issued(request, organisation, place, form, held)
        except NotAllowed:
            raise
        except Refusal as refusal:
            show(refusal, form)
        else:
            return redirect(here(place, "organisation-keys", public_id=organisation.public_id))
    told = {
        "organisation": organisation,
        "keys": _listed(organisation, place),
        "line_form": line,
        "passkey_form": passkey,
        "may_issue": bool(access.may_issue_key(place.actor, place.at, organisation)),
        "allowed_signers": f"{place.prefix}/record/allowed_signers",
    }
    return render(request, "people/keys.html", told, status=422 if form.errors else 200)


def _issued(request: HttpRequest, organisation: Organisation, place: Place, form: Any, held: list[KeyView]) -> KeyView:
    given = form.cleaned_data
    if "line" in given:
        new = NewKey.of_line(given["line"], label=given["label"])
    else:
        new = passkeys.made(request, credential_of(request), given["label"])
    told: dict[str, Any] = {"by": place.actor, "at": place.at, "house": house(request)}
    old = next((key for key in held if key.public_id == given.get("replaces")), None)
    if old is not None:
        return actions.rotate_key(organisation, old, new, **told)
    return actions.issue_key(organisation, new, **told)


def _listed(organisation: Organisation, place: Place) -> list[dict[str, Any]]:
    """Every key with its state, whose it is, and whether the reader may end it."""
    keys = keys_of(organisation.public_id, place.realm)
    ended_by_house = {
        REPLACED: _("Another key took its place."),
        SEAT_ENDED: _("The seat that held it was taken back."),
    }
    holders = {key.holder.partition(":")[2] for key in keys}
    seats = {seat.public_id: seat for seat in Seat.objects.filter(public_id__in=holders).select_related("person")}
    return [
        {
            "key": key,
            "seat": seats.get(key.holder.partition(":")[2]),
            "in_force": key.in_force(place.at),
            "because": ended_by_house.get(key.revoked_because, ""),
            "may_revoke": key.in_force(place.at)
            and bool(access.may_revoke_key(place.actor, place.at, organisation, key)),
            "may_forget": _erasable(key, place)
            and bool(access.may_forget_key(place.actor, place.at, organisation, key)),
        }
        for key in keys
    ]


def _erasable(key: KeyView, place: Place) -> bool:
    """Whether there is something to erase, and it signs no more."""
    return bool(key.line) and not key.in_force(place.at)


def _asked(place: Place, public_id: str) -> tuple[Organisation, KeyView]:
    """The key of that id and whose it is; not visible to whoever may not see the keys of its organisation."""
    key = key_named(public_id, place.realm)
    if key is None:
        raise NotVisible(kind="key")
    organisation = organisation_named(place, key.organisation)
    if not access.may_see_keys(place.actor, place.at, organisation):
        raise NotVisible(kind="key")
    return organisation, key


@act_page
def key_revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a key, with a reason: asked first, done by a button."""
    place = place_of(request)
    organisation, key = _asked(place, public_id)
    require(access.may_revoke_key(place.actor, place.at, organisation, key))
    back = here(place, "organisation-keys", public_id=organisation.public_id)
    form = RevokeForm(request.POST or None)

    def write() -> str:
        reason = form.cleaned_data["reason"]
        actions.revoke_key(organisation, key, reason=reason, by=place.actor, at=place.at, house=house(request))
        return back

    told: dict[str, Any] = {
        "heading": _("Revoke a key"),
        "button": _("Revoke the key"),
        "lead": _("It signs no more from this second on. What it signed before stays signed, and stays good."),
        "about": called(organisation, place).words,
        "back": back,
        "key": key,
    }
    act = write if key.in_force(place.at) else None
    return form_page(request, form, act, template="people/key_revoke.html", **told)


@act_page
def key_forget(request: HttpRequest, public_id: str) -> HttpResponse:
    """Erase a key that ended, on a legal ground: the page says what goes for good and what stays."""
    place = place_of(request)
    organisation, key = _asked(place, public_id)
    require(access.may_forget_key(place.actor, place.at, organisation, key))
    if not _proved(request, place):
        return _prove(request, place)
    back = here(place, "organisation-keys", public_id=organisation.public_id)
    form = ForgetForm(request.POST or None)

    def write() -> str:
        ground = form.cleaned_data["legal_basis"]
        told: dict[str, Any] = {"by": place.actor, "at": place.at, "house": house(request)}
        actions.forget_key(organisation, key, legal_basis=ground, **told)
        return back

    told: dict[str, Any] = {
        "heading": _("Erase a key"),
        "button": _("Erase the key, for good"),
        "lead": _("Nobody can bring an erased key back, and no copy of the record that is made from now on holds it."),
        "about": called(organisation, place).words,
        "back": back,
        "key": key,
        "signed": signatures_by(key),
    }
    act = write if _erasable(key, place) else None
    return form_page(request, form, act, template="people/key_forget.html", **told)
