"""By which exits the pages of accounts and seats lead out, for the leak suite."""

from comity.plain.kinds import Exit
from comity.site.tests.leaks.house import Sample, Way

SEATS = "A mandate is shown to its own organisation; people/tests hold it. No thing of a kind stands there."
OPEN = "Whoever asks is told the same: the reader signs in, or chooses among her own seats."
OWN = "A person's own account; it names no thing, and people/tests hold that nobody else reads it."
PROVIDERS = "It leads to another house and back; no thing of a kind stands there."

SAMPLES: dict[str, Sample] = {}
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
    "desk/take": Way(facts=OPEN),
    "desk/draft/<str:public_id>/back": Way(facts="Drafts are read by two seats; people/tests hold it."),
    "welcome/<str:public_id>/<str:token>": Way(facts=SEATS),
    "desk/organisation/<str:public_id>/seats": Way(Exit.ACT, "organisation"),
    "desk/seat/<str:public_id>/invite": Way(facts=SEATS),
    "desk/seat/<str:public_id>/answer": Way(facts=SEATS),
    "desk/seat/<str:public_id>/revoke": Way(facts=SEATS),
    "desk/networks/found": Way(Exit.ACT),
    "desk/organisations/list": Way(Exit.ACT),
    "desk/network/<str:public_id>/link": Way(Exit.ACT, "network"),
    "desk/network/<str:public_id>/organ": Way(Exit.ACT, "network"),
    "desk/network/<str:public_id>/territory": Way(Exit.ACT, "network"),
    "desk/link/<str:public_id>/end": Way(facts="Ties are public facts of the registry."),
    "desk/link/<str:public_id>/standing": Way(facts="Ties are public facts of the registry."),
    "desk/organisation/<str:public_id>/reply": Way(Exit.ACT, "organisation"),
    "desk/correction/<str:public_id>/decide": Way(facts="Corrections are public; their list is walked."),
    "desk/corrections": Way(Exit.DESK),
}
