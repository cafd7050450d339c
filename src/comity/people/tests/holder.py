"""What the holder of an account does at a browser without JavaScript, and what her mailbox holds."""

import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from comity.mail.models import Letter
from comity.people.accounts import factors
from comity.people.accounts.actions.ways_in import start_codes, write_recovery_codes
from comity.people.accounts.edges import present
from comity.people.models import Person
from comity.people.queries import operator

WORDS = "a sentence that only I would write"


def code_of(secret: str) -> str:
    """What a code generator shows now (RFC 6238)."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def link_to(email: str, page: str) -> str:
    """The path of the newest link to a page in the letters of an address."""
    letters = Letter.objects.filter(to=email, body__contains=f"/{page}/").order_by("-id")
    found = re.search(rf"http://[^/\s]+((?:/fiction)?/\w\w/{page}/\S+)", letters[0].body)
    assert found is not None
    return found[1]


def secure(person: Person) -> Person:
    """Give an account a code generator, as its holder does."""
    if not factors.secured(person):
        secret = factors.new_secret()
        start_codes(person, secret=secret, code=code_of(secret), by=operator(person), at=present())
    return person


def recovery_code(person: Person) -> str:
    """One of the recovery codes that the holder of an account has just written."""
    return write_recovery_codes(person, by=operator(person), at=present())[0]


def sign_in(client: Client, email: str, realm: str = "/fiction/en", password: str = WORDS) -> Any:
    """Sign in with a password and a code; it must lead on. The codes are recovery codes, each good once."""
    person = secure(Person.objects.get(email=email.lower()))
    half = client.post(f"{realm}/sign-in", {"email": email, "password": password})
    assert half.status_code == 302, half.content.decode()
    assert half.headers["Location"] == f"{realm}/sign-in/code"
    answer = client.post(f"{realm}/sign-in/code", {"code": recovery_code(person)})
    assert answer.status_code == 302, answer.content.decode()
    return answer


def begin(client: Client, email: str, password: str = WORDS) -> str:
    """Accept a seat by its letter and set up password and code generator; give the generator's secret."""
    link = link_to(email, "welcome")
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 302
    assert client.post("/en/account/password", {"password": password}).headers["Location"] == "/en/account/codes"
    page = client.get("/en/account/codes").content.decode()
    found = re.search(r'<code class="wrap-any" dir="ltr">([A-Z2-7]+)</code>', page)
    assert found is not None
    answer = client.post("/en/account/codes", {"code": code_of(found[1])})
    assert answer.headers["Location"] == "/en/account/recovery-codes", answer.content.decode()
    return found[1]
