"""Filing a thing under other topics: which seats may, and the page on which one does."""

from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from comity.people.access import may_act
from comity.people.desk import SPEAKING
from comity.plain.actors import ActorRef, Verdict, require
from comity.plain.kinds import called
from comity.plain.place import place_of
from comity.plain.refusals import NotVisible
from comity.registry import access as registry
from comity.registry.edges import act_page, form_page, here
from comity.registry.models import Governed
from comity.registry.topics.actions import refile
from comity.registry.topics.forms import RefileForm
from comity.registry.topics.queries import topics_of
from comity.registry.topics.views import thing_filed


def may_refile(by: ActorRef, at: datetime, row: Governed) -> Verdict:
    """Whoever speaks for the organisation from which a thing comes files it under other topics."""
    return registry.may_refile(by, row) and may_act(by, at, organisation=row.originator, roles=SPEAKING)


@act_page
def file_otherwise(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """File a thing of one's own under other topics, with a reason; what stood before stays with its days."""
    place = place_of(request)
    found, thing = thing_filed(place, kind, public_id)
    if not found.filed.by_hand:
        raise NotVisible(kind=kind)
    row = cast("Governed", thing)
    require(may_refile(place.actor, place.at, row))
    standing = [topic.code for topic in topics_of(row, place, found)]
    form = RefileForm(request.POST or None, initial={"topics": standing, "before": " ".join(standing)})

    def write() -> str:
        told = form.cleaned_data
        before = told["before"].split()
        refile(row, told["topics"], before=before, reason=told["reason"], by=place.actor, at=place.at)
        return here(place, "filing", kind=kind, public_id=public_id)

    return form_page(
        request,
        form,
        write,
        about=called(row, place).words,
        back=here(place, "filing", kind=kind, public_id=public_id),
        heading=_("File it under other topics"),
        lead=_("What it was filed under before stays known, with its days and your reason."),
        button=_("File it so"),
    )
