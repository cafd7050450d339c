"""One draft before an office-holder, for the leak suite; by which exits the pages of accounts and seats lead out."""

from comity.people.actions import prepare
from comity.people.queries import seat_of
from comity.plain.kinds import Exit
from comity.plain.refs import Ref
from comity.registry.access import Permission
from comity.site.tests.leaks.house import House, Made, Sample, State, Way

SEATS = "A mandate is shown to its own organisation; people/tests hold it. No thing of a kind stands there."
OPEN = "Whoever asks is told the same: the reader signs in, or chooses among her own seats."
OWN = "A person's own account; it names no thing, and people/tests hold that nobody else reads it."
PROVIDERS = "It leads to another house and back; no thing of a kind stands there."


def _draft(house: House, state: State, word: str) -> Made:
    """A reply prepared for the head of the own party: these two seats read it."""
    at, head = house.now(), house.congress.heads[0]
    principal = seat_of(head, at)
    assert principal is not None
    row = prepare(
        principal,
        act=Permission.REPLY_WRITE,
        about=Ref("organisation", house.own.public_id),
        fields={"words": f"What is said of {word} is not so.", "language": "en"},
        by=house.preparer,
        at=at,
    )
    return Made(row, read_by=lambda actor: actor in {head, house.preparer})


SAMPLES = {"draft": Sample(_draft, frozenset({State.ORGANISATION}), declared=False)}
WAYS = {
    "filed/<str:kind>/<str:public_id>/do/refile": Way(Exit.ACT, "*"),
    "sign-in": Way(facts=OPEN),
    "sign-in/code": Way(facts=OPEN),
    "sign-in/passkey": Way(facts=OPEN),
    "sign-in/organisation/<str:provider_id>": Way(facts=PROVIDERS),
    "sign-in/organisation/<str:provider_id>/back": Way(facts=PROVIDERS),
    "sign-in/browser/<str:public_id>/<str:token>": Way(facts=OPEN),
    "sign-out": Way(facts=OPEN),
    "account": Way(facts=OWN),
    "account/begin/<str:public_id>/<str:token>": Way(facts=OWN),
    "account/passkey": Way(facts=OWN),
    "account/password": Way(facts=OWN),
    "account/codes": Way(facts=OWN),
    "account/recovery-codes": Way(facts=OWN),
    "account/remove": Way(facts=OWN),
    "account/sessions": Way(facts=OWN),
    "account/prove": Way(facts=OWN),
    "account/prove/passkey": Way(facts=OWN),
    "recovery": Way(facts="Whoever asks is told the same, whether the address has an account or not."),
    "recovery/<str:public_id>/<str:token>": Way(facts=OWN),
    "recovery/<str:public_id>/<str:token>/stop": Way(facts=OWN),
    "desk/recoveries": Way(facts="Accounts of colleagues, to those who may confirm them; people/tests hold it."),
    "seats": Way(facts=OPEN),
    "desk": Way(Exit.DESK),
    "desk/due.csv": Way(Exit.DESK),
    "desk/choices": Way(facts="A person's own choices; they name no thing."),
    "desk/calendar": Way(facts="A person's own address; it names no thing."),
    "letters/<str:token>/end": Way(facts="Opened by a signed link alone; it names neither person nor thing."),
    "desk/take": Way(facts=OPEN),
    "desk/draft/<str:public_id>/back": Way(Exit.ACT, "draft"),
    "welcome/<str:public_id>/<str:token>": Way(facts=SEATS),
    "desk/organisation/<str:public_id>/seats": Way(Exit.ACT, "organisation"),
    "desk/organisation/<str:public_id>/keys": Way(Exit.ACT, "organisation"),
    "desk/key/<str:public_id>/revoke": Way(facts=SEATS),
    "desk/key/<str:public_id>/forget": Way(facts=SEATS),
    "desk/seat/<str:public_id>/invite": Way(facts=SEATS),
    "desk/seat/<str:public_id>/answer": Way(facts=SEATS),
    "desk/seat/<str:public_id>/revoke": Way(facts=SEATS),
    "desk/networks/found": Way(Exit.ACT),
    "desk/organisations/list": Way(Exit.ACT),
    "desk/network/<str:public_id>/link": Way(Exit.ACT, "network"),
    "desk/network/<str:public_id>/organ": Way(Exit.ACT, "network"),
    "desk/network/<str:public_id>/territory": Way(Exit.ACT, "network"),
    "desk/link/<str:public_id>/end": Way(Exit.ACT, "link"),
    "desk/link/<str:public_id>/standing": Way(Exit.ACT, "link"),
    "desk/organisation/<str:public_id>/reply": Way(Exit.ACT, "organisation"),
    "desk/correction/<str:public_id>/decide": Way(facts="Corrections are public; their list is walked."),
    "desk/corrections": Way(Exit.DESK),
}
