"""A letter is written with its cause and leaves once, in a real SMTP dialogue."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from comity.mail import actions, jobs, queries, smtp
from comity.mail.jobs import send_waiting
from comity.mail.models import Letter
from comity.mail.tests.conftest import PostOffice
from comity.plain.levels import Realm
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
    assert send_waiting() == ["mail: 0 of 1 letters sent, 1 put off"]
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
    assert send_waiting() == ["mail: 0 of 1 letters sent, 1 refused for good"]
    assert Letter.objects.get().refused == "SMTPRecipientsRefused 550"
    assert set(queries.undelivered([TO, ""])) == {TO}
    write(at=AT + timedelta(days=1))
    post_office.recipient = "250 known here"
    send_waiting()
    assert queries.undelivered([TO]) == {}


def test_a_mailbox_that_refuses_three_times_is_written_to_only_when_asked_anew(post_office: PostOffice) -> None:
    post_office.recipient = "550 nobody of that name"
    for day in range(3):
        assert not queries.unreachable(TO, AT)
        write(at=AT + timedelta(days=day))
        send_waiting()
    assert queries.unreachable(TO, AT)
    assert not queries.unreachable(TO, AT + timedelta(days=1))


def test_a_server_that_refuses_this_house_and_not_the_letter_gets_it_again(post_office: PostOffice) -> None:
    write()
    post_office.recipient = "554 5.7.1 relaying denied"
    assert send_waiting() == ["mail: 0 of 1 letters sent, 1 put off"]
    assert Letter.objects.get().refused == ""


@pytest.mark.parametrize(
    ("silent_at", "sender", "why"),
    [
        ("", "530 authentication required", "SMTPSenderRefused 530"),
        ("greeting", "250 so be it", "SMTPServerDisconnected"),
        ("MAIL", "250 so be it", "SMTPServerDisconnected"),
    ],
)
def test_where_the_way_is_shut_no_letter_loses_an_attempt(
    post_office: PostOffice, settings: Settings, silent_at: str, sender: str, why: str
) -> None:
    settings.EMAIL_TIMEOUT = 0.1
    write()
    write()
    post_office.sender, post_office.silent_at = sender, silent_at
    assert send_waiting() == [f"mail: nothing goes out ({why}); 2 letters wait and are tried again in a minute"]
    assert send_waiting() == []
    assert set(Letter.objects.values_list("attempts", "claimed_at", "refused")) == {(0, None, "")}
    Letter.objects.update(not_before=AT)
    post_office.sender = "250 so be it"
    post_office.speaks_again()
    assert send_waiting() == ["mail: 2 of 2 letters sent"]


def test_a_letter_that_nobody_answers_for_is_not_sent_again(
    post_office: PostOffice, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "ANSWER_WITHIN", 0.1)
    settings.EMAIL_TIMEOUT = 0.1
    write()
    post_office.falls_silent(".")
    assert send_waiting() == ["mail: 0 of 1 letters sent, 1 handed over without an answer"]
    post_office.speaks_again()
    assert send_waiting() == []
    assert len(post_office.handed_over) == 1
    Letter.objects.update(claimed_at=AT)
    assert send_waiting() == ["mail: 1 letters were taken up and have no outcome; their readers are told"]
    assert queries.undelivered([TO])[TO].uncertain


def test_a_round_goes_over_one_line_and_leaves_time_for_other_work(
    post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        write()
    assert send_waiting() == ["mail: 3 of 3 letters sent"]
    assert sum(line.startswith("ehlo") for line in post_office.dialogue) == 1
    write()
    monkeypatch.setattr(jobs, "ROUND", -1.0)
    assert send_waiting() == []
    assert queries.waiting(datetime.now(UTC)).count() == 1


def test_letters_that_come_again_can_be_ended_with_one_click(post_office: PostOffice) -> None:
    leave = "https://comity.party.eu/en/letters/x/end"
    actions.write(to=TO, language="fr", subject="A date", body="Ouvrez.", at=AT, leave=leave)
    write()
    send_waiting()
    again, once = post_office.letters
    assert again["List-Unsubscribe"] == f"<{leave}>"
    assert again["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in once


def test_to_whom_letters_went_is_forgotten_and_none_is_written_twice(post_office: PostOffice) -> None:
    write(once="agreement:a:90")
    send_waiting()
    jobs.periodic(Realm.REAL, AT)
    assert Letter.objects.get().to == ""
    write(once="agreement:a:90")
    assert Letter.objects.count() == 1


def test_a_server_that_is_away_loses_nothing(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "comity.mail.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # the port of discard: nobody listens
    write()
    assert send_waiting() == [
        "mail: nothing goes out (ConnectionRefusedError); 1 letters wait and are tried again in a minute"
    ]
    assert queries.waiting(datetime.now(UTC) + timedelta(minutes=2)).count() == 1


def test_a_letter_without_outcome_is_told_and_never_sent_again(post_office: PostOffice) -> None:
    actions.claim(write(), at=AT)
    assert send_waiting() == ["mail: 1 letters were taken up and have no outcome; their readers are told"]
    assert post_office.letters == []


def test_without_a_way_out_letters_wait_and_are_counted(settings: Settings) -> None:
    settings.EMAIL_BACKEND = ""
    write()
    assert send_waiting() == ["mail: 1 letters wait, no COMITY_SMTP is set"]


def test_the_people_of_the_fiction_get_no_mail(post_office: PostOffice) -> None:
    write(to="ines@halmere.example")
    assert send_waiting() == ["mail: 0 of 1 letters sent, 1 refused for good"]
    assert not [line for line in post_office.dialogue if line.lower().startswith("mail")]


@pytest.mark.parametrize("subject", ["", "two\nlines", "Bcc: x\r\nBcc: all@party.eu", "x" * 121, "turned \u202e round"])
def test_what_would_not_stand_on_an_envelope_is_refused(subject: str) -> None:
    with pytest.raises(BadInput):
        write(subject=subject)
    assert not Letter.objects.exists()


@pytest.mark.parametrize("to", ["nobody", "a@b\nBcc: c@d.eu", "a@party.eu, b@party.eu"])
def test_an_address_is_one_address(to: str) -> None:
    with pytest.raises(BadInput):
        write(to=to)
