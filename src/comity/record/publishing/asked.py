"""Who is asked to cosign: the operator's policy for a log, and in words who controls each witness."""

from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from comity.plain.levels import Realm
from comity.record import published
from comity.record.core.notes import MOST_SIGNATURES, KeyKind, Malformed, VerifierKey
from comity.record.core.policies import Party, Policy
from comity.record.publishing.files import asked_of_the_disk
from comity.record.publishing.refusals import PolicyUnreadable


@dataclass(frozen=True)
class Asked:
    """The policy of a log as its operator wrote it, and who runs each witness; without one nobody is asked."""

    policy: Policy
    controllers: dict[str, str]
    path: Path

    @classmethod
    def of(cls, realm: Realm) -> "Asked":
        """Read both files; raise PolicyUnreadable or DiskRefuses."""
        path = Path(settings.POLICIES) / realm.value
        written, said = _text(path), _text(path.with_name(f"{realm.value}.{published.CONTROLLERS}"))
        try:
            policy = Policy.parse(written) if written else Policy()
            _check(policy)
        except Malformed as error:
            raise PolicyUnreadable(file=str(path), why=str(error)) from error
        return cls(policy, published.controllers_in(said), path)

    def files(self, key: VerifierKey) -> dict[str, bytes]:
        """What lies beside the checkpoint of the log with this key: the policy, the keys, who runs each witness."""
        keys = [key, *(party.key for party in self.policy.witnesses.values())]
        return {
            published.POLICY: str(self._with_log(key)).encode(),
            published.VKEYS: "".join(f"{one}\n" for one in keys).encode(),
            published.CONTROLLERS: "".join(f"{name} {words}\n" for name, words in self.controllers.items()).encode(),
        }

    def _with_log(self, key: VerifierKey) -> Policy:
        """The policy with this log's own line; raise PolicyUnreadable where it is that of another."""
        logs = [party for party in self.policy.logs if party.key == key]
        if self.policy.logs and not logs:
            raise PolicyUnreadable(
                file=str(self.path), why=f"it is for another log; the line of this one is: log {key}"
            )
        return replace(self.policy, logs=tuple(logs or [Party(key)]))


def _check(policy: Policy) -> None:
    """Raise Malformed where a witness could never cosign, or there are more than a note has lines for."""
    for name, party in policy.witnesses.items():
        if party.key.kind is not KeyKind.COSIGNATURE:
            raise Malformed(f"the key of the witness {name} does not sign as a witness does")
    if len(policy.witnesses) >= MOST_SIGNATURES:
        raise Malformed(f"{len(policy.witnesses)} witnesses are more than {MOST_SIGNATURES - 1}")


def _text(path: Path) -> str:
    with asked_of_the_disk(path):
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
