"""The pages of signing: the paper as it is signed, a signature one way or the other, and the files of each."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from comity.people.accounts.edges import passkey_page
from comity.people.acts_on import own
from comity.people.keys.passkeys import origin_of, site_of
from comity.plain.actors import require
from comity.plain.kinds import called
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.record.core.sshsig import NAMESPACE
from comity.record.signing.queries import KeyView, SignatureView, keys_held, signature_named
from comity.registry.edges import act_page, form_page, here
from comity.texts import access, actions
from comity.texts.acts import may_sign_now
from comity.texts.forms import SignForm
from comity.texts.kinds import TEXT
from comity.texts.models import PartySignature, Text
from comity.texts.queries import adoption_on, fingerprint, paper_of

_LEAD = lazy(
    "You sign exactly these words, with everything that stands beside them. Your key makes the signature from what you "
    "see here; this house only checks it."
)
PLAIN = "text/plain; charset=utf-8"
AT_FIELD = {"signature-not-read": "file", "signature-not-true": "file", "key-unknown": "file", "key-ended": "file"}


@act_page
@passkey_page
def sign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign a text for one's party: the exact words, and a passkey or the file of a key that signs elsewhere."""
    place = place_of(request)
    text: Text = TEXT.one_of(TEXT.seen(place), public_id)
    party = own(place)
    require(access.may_sign(place.actor, place.at, text, party))
    fits, paper, back = may_sign_now(place, text), paper_of(text, place.at) or "", TEXT.address(text, place.language)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    adopted = adoption_on(text, place.at) is not None
    form = SignForm(*sent, adopted=adopted, initial={"paper_sha256": fingerprint(paper)})

    def write() -> str:
        actions.sign(text, _given(form.cleaned_data), organisation=party, by=place.actor, at=place.at)
        return f"{back}#signatures"

    keys = keys_held(party.public_id, str(place.actor), place.realm, place.at)
    told: dict[str, Any] = {
        "heading": _("Sign for %(party)s") % {"party": called(party, place).words},
        "lead": "" if not fits else _LEAD,
        "about": called(text, place).words,
        "back": back,
        "text": text,
        "paper": paper,
        "sha256": fingerprint(paper),
        "keys": keys,
        "passkeys": _passkeys(keys, request),
        "site": site_of(request),
        "namespace": NAMESPACE,
        "keys_address": here(place, "organisation-keys", public_id=party.public_id),
        "paper_address": here(place, "text-paper", public_id=public_id),
    }
    act = write if fits else None
    return form_page(request, form, act, AT_FIELD, template="texts/sign.html", **told)


def _given(read: dict[str, Any]) -> actions.SignatureGiven:
    return actions.SignatureGiven(
        read["signature"] or read["file"],
        read["paper_sha256"],
        read.get("ad_referendum", False),
        read.get("board_meets"),
    )


def _passkeys(keys: list[KeyView], request: HttpRequest) -> str:
    """What the browser needs to sign with one of the seat's own passkeys of this site, as JSON; empty without one."""
    own_site = [key for key in keys if key.origin == origin_of(request)]
    return json.dumps([{"id": key.credential, "key": key.line.split()[1]} for key in own_site]) if own_site else ""


@require_safe
def paper(request: HttpRequest, public_id: str) -> HttpResponse:
    """The words that a party signs now, byte for byte, to be signed elsewhere."""
    place = place_of(request)
    words = paper_of(TEXT.one_of(TEXT.seen(place), public_id), place.at)
    if words is None:
        raise NotVisible(kind="paper")
    return _file(words, f"{public_id}.txt")


@require_safe
def signature(request: HttpRequest, public_id: str) -> HttpResponse:
    """A signature as ``ssh-keygen -Y verify`` reads it."""
    made = _made(place_of(request), public_id)
    return _file(made.armored, f"{made.subject.id}-{made.organisation}.txt.sig")


@require_safe
def signed_paper(request: HttpRequest, public_id: str) -> HttpResponse:
    """The words under which a signature stands, byte for byte."""
    made = _made(place_of(request), public_id)
    return _file(made.paper, f"{made.subject.id}-{made.organisation}.txt")


def _made(place: Place, public_id: str) -> SignatureView:
    """The signature of that id under a text that the reader may see, as far as the page's day knows it."""
    rows = PartySignature.objects.filter(text__in=TEXT.seen(place).values("pk"), at__lte=place.known_by)
    row = rows.filter(public_id=public_id).first()
    made = signature_named(row.signature, place.realm) if row else None
    if made is None:
        raise NotVisible(kind="signature")
    return made


def _file(words: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(words.encode(), content_type=PLAIN, headers=headers)
