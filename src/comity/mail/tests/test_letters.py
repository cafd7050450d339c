"""A letter is written with its cause and leaves once, in a real SMTP dialogue."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from comity.mail import actions, queries
from comity.mail.jobs import send_waiting
from comity.mail.models import Letter
from comity.mail.tests.conftest import PostOffice
from comity.plain.refusals import BadInput

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TO = "ines@party.eu"


def write(to: str = TO, subject: str = "Something waits on your desk", once: str = "", at: datetime = AT) -> Letter:
    return actions.write(to=to, language="fr", subject=subject, body="Ouvrez votre bureau.", at=at, once=once)


def test_a_letter_leaves_once_and_its_words_are_not_kept(post_office: PostOffice) -> None:
    write()
    assert send_waiting() == ["mail: 1 of 1 letters sent"]
    assert send_waiting() == []
    (letter,) = post_office.letters
    assert (letter["To"], letter["Subject"]) == (TO, "Something waits on your desk")
    assert (letter["Auto-Submitted"], letter["Content-Language"]) == ("auto-generated", "fr")
    assert b"Ouvrez votre bureau." in bytes(letter.get_payload(decode=True) or b"")
    assert Letter.objects.get().body == ""


def test_what_is_undone_was_never_written(post_office: PostOffice) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert send_waiting() == []
    assert post_office.dialogue == []


def test_two_workers_never_take_up_the_same_letter() -> None:
    letter = write()
    same = Letter.objects.get()
    assert actions.claim(letter, at=AT)
    assert not actions.claim(same, at=AT)


def test_the_same_thing_is_written_a_single_time(post_office: PostOffice) -> None:
    assert write(once="agreement:a:90") == write(once="agreement:a:90")
    write(once="agreement:a:30")
    assert send_waiting() == ["mail: 2 of 2 letters sent"]
    write(once="agreement:a:90")
    assert send_waiting() == []


def test_a_full_mailbox_is_tried_again_later_with_the_same_name(post_office: PostOffice) -> None:
    write()
    post_office.words = "452 mailbox full"
    assert send_waiting() == ["mail: 0 of 1 letters sent"]
    assert send_waiting() == []
    letter = Letter.objects.get()
    assert letter.not_before > datetime.now(UTC)
    assert (letter.attempts, letter.claimed_at, letter.refused) == (1, None, "")
    Letter.objects.update(not_before=AT)
    post_office.words = "250 taken"
    assert send_waiting() == ["mail: 1 of 1 letters sent"]


def test_it_is_given_up_after_the_last_attempt(post_office: PostOffice) -> None:
    write()
    post_office.words = "421 come back later"
    for _ in range(len(actions.RETRIES) + 1):
        Letter.objects.update(not_before=AT)
        send_waiting()
    assert Letter.objects.get().refused == "SMTPDataError 421"
    assert Letter.objects.get().body == ""


def test_an_unknown_reader_is_not_asked_twice(post_office: PostOffice) -> None:
    write()
    post_office.recipient = "550 nobody of that name"
    send_waiting()
    assert Letter.objects.get().refused == "SMTPRecipientsRefused 550"


def test_a_server_that_is_away_loses_nothing(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # the port of discard: nobody listens
    write()
    assert send_waiting() == ["mail: 0 of 1 letters sent"]
    assert queries.waiting(datetime.now(UTC) + timedelta(minutes=2)).count() == 1


def test_a_letter_without_outcome_is_told_and_never_sent_again(post_office: PostOffice) -> None:
    actions.claim(write(), at=AT)
    assert send_waiting() == ["mail: 1 letters were taken up and have no outcome; ask their readers"]
    assert post_office.letters == []


def test_without_a_way_out_letters_wait_and_are_counted(settings: Settings) -> None:
    settings.EMAIL_BACKEND = ""
    write()
    assert send_waiting() == ["mail: 1 letters wait, no COMITY_SMTP is set"]


def test_the_people_of_the_fiction_get_no_mail(post_office: PostOffice) -> None:
    write(to="ines@halmere.example")
    assert send_waiting() == ["mail: 0 of 1 letters sent"]
    assert post_office.dialogue == []


@pytest.mark.parametrize("subject", ["", "two\nlines", "Bcc: x\r\nBcc: all@party.eu", "x" * 121, "turned \u202e round"])
def test_what_would_not_stand_on_an_envelope_is_refused(subject: str) -> None:
    with pytest.raises(BadInput):
        write(subject=subject)
    assert not Letter.objects.exists()


@pytest.mark.parametrize("to", ["nobody", "a@b\nBcc: c@d.eu", "a@party.eu, b@party.eu"])
def test_an_address_is_one_address(to: str) -> None:
    with pytest.raises(BadInput):
        write(to=to)
