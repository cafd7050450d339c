"""How the reader stands to one act: she prepares it for an office, finds it prepared, or simply does it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

from comity.people import actions
from comity.people.models import Draft, Seat
from comity.people.queries import actor_of, drafts_before, principal_of, seat_of
from comity.plain.actors import ActorRef
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.registry.edges import here


@dataclass(frozen=True)
class Stand:
    """One act on one thing, as it is for this reader."""

    act: str
    about: Ref
    principal: Seat | None
    """For whom the reader prepares; None where she acts herself."""
    draft: Draft | None
    """What was prepared and waits for her to decide; for a preparer, what she put there last."""

    def initial(self, given: Mapping[str, object]) -> dict[str, object]:
        """What the form begins with: what was prepared, over what is given."""
        return {**given, **(self.draft.fields if self.draft else {})}

    def button(self, words: str) -> str:
        """What the button of the act says to this reader."""
        if self.principal:
            return _("Put it before the office-holder")
        return _("Approve and file") if self.draft else words

    def actor(self, place: Place) -> ActorRef:
        """Whose permission the act needs: the reader's, or that of the office she prepares for."""
        return actor_of(self.principal) if self.principal else place.actor

    def put(self, form: forms.Form, place: Place) -> str:
        """Put the form before the office-holder; return where that leads."""
        assert self.principal is not None
        fields = {name: form.data.get(name, "") for name in form.fields}
        actions.prepare(self.principal, act=self.act, about=self.about, fields=fields, by=place.actor, at=place.at)
        return here(place, "desk")


def stand_of(place: Place, act: str, about: Ref) -> Stand:
    """How the reader of a page stands to an act."""
    principal, seat = principal_of(place.actor, place.at), seat_of(place.actor, place.at)
    waiting = drafts_before(principal or seat) if seat else []
    fitting = (draft for draft in waiting if draft.act == act and draft.about == str(about))
    return Stand(str(act), about, principal, next(fitting, None))


def prepared_before(seat: Seat, act: str) -> set[Ref]:
    """The things for which an act was prepared and waits for a seat to decide."""
    return {Ref.parse(draft.about) for draft in drafts_before(seat) if draft.act == act}
