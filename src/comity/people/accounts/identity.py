"""Signing in through an organisation's own identity provider (OpenID Connect), over django-allauth.

The provider says who somebody is; it opens no account. Its word ties to an account that was invited to that very
address, that the provider has verified, and whose holder acts for that organisation and for no other; it opens her
seats and nothing else of the account. Each token's signature, audience, times and nonce are checked.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.internal import jwtkit, statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import get_random_string

from comity.people.accounts.factors import secured
from comity.people.accounts.models import Identity
from comity.people.models import Person, Seat
from comity.plain.refusals import NotVisible, Refusal

FAULTS = (OAuth2Error, requests.RequestException, ImmediateHttpResponse, jwt.PyJWTError, KeyError, ValueError)
"""What a provider that is away, or answers nonsense, raises."""

SIGNED_BY = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Signatures by a key pair; a secret that both sides hold signs nothing here."""


class ProviderNotHeard(Refusal):
    """The identity provider of the organisation gave no answer that can be trusted. Begin again; where it happens
    twice, tell those who run it."""

    code = "provider-not-heard"
    status = 502


class NotInvited(Refusal):
    """Signing in through an organisation opens only an account that it has invited and that has accepted the seat, by
    an address that its identity provider has verified. An officer offers the seat; the letter has the link that
    accepts it."""

    code = "not-invited"
    status = 403


class ActsForOthersToo(Refusal):
    """An organisation's identity provider opens accounts that act for it alone. This one has seats of others or runs
    the instance too: sign in with your passkey, or with password and code."""

    code = "acts-for-others-too"
    status = 403


@dataclass(frozen=True)
class Provider:
    """One organisation's identity provider, as the instance's file names it."""

    id: str
    name: str
    organisation: str
    """The public id of the organisation whose seats it opens."""


@dataclass(frozen=True)
class Claims:
    """What a checked token says of somebody."""

    subject: str
    email: str
    verified: bool


def providers() -> list[Provider]:
    """The identity providers of this instance, by name."""
    found = [Provider(one["id"], one["name"], one["organisation"]) for one in settings.IDENTITY_PROVIDERS]
    return sorted(found, key=lambda one: one.name)


def provider_named(provider_id: str) -> Provider:
    """The one of that id; not found otherwise."""
    found = next((one for one in providers() if one.id == provider_id), None)
    if found is None:
        raise NotVisible(kind="provider")
    return found


class Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth is not typed
    """allauth's way to a provider, with our address to come back to and every token's signature checked."""

    @property
    def issuer(self) -> str:
        """The issuer that the instance's file names; what the provider says of itself must agree."""
        return str(self.get_provider().app.settings["server_url"])

    def get_provider(self) -> "_Provider":
        """The provider, as the instance's file names it."""
        return _provider_of(self.request, self.provider_id)

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """One address, without choice of language, for the provider to know."""
        path = reverse("real:provider-back", kwargs={"lang": "en", "provider_id": self.provider_id})
        return f"{request.scheme}://{request.get_host()}{path}"

    def claims(self, app: Any, token: str) -> dict[str, Any]:
        """What the token says, its signature checked by the provider's published keys."""
        if jwt.get_unverified_header(token).get("alg") not in SIGNED_BY or self.openid_config["issuer"] != self.issuer:
            raise OAuth2Error("not signed by a key pair of this issuer")
        told: dict[str, Any] = jwtkit.verify_and_decode(
            credential=token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.issuer,
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return told


class _Provider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth is not typed
    oauth2_adapter_class = Adapter


def _provider_of(request: HttpRequest, provider_id: str) -> _Provider:
    """The provider as allauth knows one; its row is never saved, the instance's file is what counts."""
    told = next(one for one in settings.IDENTITY_PROVIDERS if one["id"] == provider_id)
    app = SocialApp(
        provider=OpenIDConnectProvider.id,
        provider_id=provider_id,
        name=told["name"],
        client_id=told["client_id"],
        secret=told["client_secret"],
        settings={"server_url": told["issuer"], "oauth_pkce_enabled": True},
    )
    return _Provider(request, app=app)


def way_there(request: HttpRequest, provider: Provider, prefix: str) -> HttpResponse:
    """Lead the browser to the provider, with a state, a nonce and a PKCE challenge kept in the session."""
    ours = _provider_of(request, provider.id)
    nonce = get_random_string(32)
    try:
        led: HttpResponse = ours.redirect(
            request, "login", data={"nonce": nonce, "prefix": prefix}, auth_params={"nonce": nonce}
        )
    except FAULTS as fault:
        raise ProviderNotHeard(provider=provider.name) from fault
    return led


def brought_back(request: HttpRequest, provider: Provider) -> tuple[Claims, str]:
    """What the provider says of whoever came back, and the realm and language (``/fr``) from which she left."""
    state = statekit.unstash_state(request, provider_id=provider.id, state_id=request.GET.get("state", ""))
    if state is None or "code" not in request.GET:
        raise ProviderNotHeard(provider=provider.name)
    ours = _provider_of(request, provider.id)
    adapter = Adapter(request, provider.id)
    try:
        client = adapter.get_client(request, ours.app)
        answer = adapter.get_access_token_data(
            request, ours.app, client, pkce_code_verifier=state.get("pkce_code_verifier")
        )
        told = adapter.claims(ours.app, answer["id_token"])
    except FAULTS as fault:
        raise ProviderNotHeard(provider=provider.name) from fault
    kept = state.get("data") or {}
    if not hmac.compare_digest(str(told.get("nonce", "")), str(kept.get("nonce"))):
        raise ProviderNotHeard(provider=provider.name)
    return _claims(told), str(kept["prefix"])


def _claims(told: Mapping[str, Any]) -> Claims:
    return Claims(str(told["sub"]), str(told.get("email", "")).strip().lower(), told.get("email_verified") is True)


def person_of(provider: Provider, claims: Claims) -> Person:
    """Whose account a provider's word opens: the one tied to its subject, else the one invited to the address."""
    tied = Identity.objects.filter(provider=provider.id, subject=claims.subject).select_related("person").first()
    person = tied.person if tied else None
    if person is None and claims.verified:
        person = Person.objects.filter(email=claims.email).first()
    if person is None or not person.is_active:
        raise NotInvited()
    return person


def closed_by(seat: Seat) -> list[Provider]:
    """The providers that open nothing more for the holder of a seat once she accepts it, where she has no other way in.

    Another organisation's provider opens accounts that act for it alone; who has a passkey or a code generator of her
    own signs in with that.
    """
    if secured(seat.person):
        return []
    tied = set(Identity.objects.filter(person=seat.person).values_list("provider", flat=True))
    return [one for one in providers() if one.id in tied and one.organisation != seat.organisation.public_id]
