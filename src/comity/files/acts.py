"""What a seat may do: write papers in its own room, lay a file there or beside a thing, and take either away."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from comity.files import access, actions
from comity.files.edges import file_named, level_beside, thing_named
from comity.files.forms import NothingAskedForm, PaperForm, UploadForm, VersionForm
from comity.files.kinds import FILE, PAPER
from comity.files.models import Paper
from comity.files.queries import newest_version
from comity.people.access import acting
from comity.plain.actors import require
from comity.plain.kinds import all_kinds, called
from comity.plain.levels import Level
from comity.plain.place import Place, place_of
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput
from comity.plain.things import thing
from comity.registry.edges import HouseForm, act_page, form_page, here


@act_page
def write(request: HttpRequest) -> HttpResponse:
    """Write a paper in one's own party's room."""
    place = place_of(request)
    seat = acting(place.actor, place.at)
    given = {"language": place.language, "kind": "note", "because": request.GET.get("because", "")}
    form = PaperForm(request.POST or None, initial=given)

    def done() -> str:
        told = dict(form.cleaned_data)
        because = _thing_at(told.pop("because"), place)
        paper = actions.write_paper(
            organisation=seat.organisation, because=because, by=place.actor, at=place.at, **told
        )
        return PAPER.address(paper, place.language)

    return form_page(request, form, done, template="files/write.html")


def _thing_at(address: str, place: Place) -> Ref | None:
    """The thing whose page has that address, as far as the writer may see it; nothing for nothing."""
    if not address.strip():
        return None
    parts = [part for part in urlsplit(address.strip()).path.removeprefix("/fiction").split("/") if part]
    kind = next((kind for kind in all_kinds() if len(parts) >= 3 and kind.name == parts[1]), None)
    found = thing(Ref(kind.record_kind or kind.name, parts[2]), place) if kind else None
    if found is None:
        raise BadInput(field="because", value=address[:80], remedy="copy the address of the page of a thing here")
    return found.ref


@act_page
def write_version(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write a paper anew, on top of the version that stands."""
    place = place_of(request)
    paper: Paper = PAPER.one_of(PAPER.seen(place), public_id)
    newest = newest_version(paper)
    form = VersionForm(request.POST or None, initial={"words": newest.words, "after": newest.number})
    address = PAPER.address(paper, place.language)

    def done() -> str:
        actions.write_version(paper, **form.cleaned_data, by=place.actor, at=place.at)
        return address

    return form_page(request, form, done, template="files/write.html", paper=paper, back=address)


@act_page
def put_away(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a paper off the table."""
    place = place_of(request)
    paper: Paper = PAPER.one_of(PAPER.seen(place), public_id)
    form = NothingAskedForm(request.POST if request.method == "POST" else None)

    def done() -> str:
        actions.put_away(paper, by=place.actor, at=place.at)
        return here(place, "own-room")

    return form_page(
        request,
        form,
        done,
        about=called(paper, place).words,
        back=PAPER.address(paper, place.language),
        heading=_("Put a paper away"),
        lead=_("It leaves the table and can no longer be written on. All its versions stay readable to your party."),
        button=_("Put it away"),
        leave=_("Leave it on the table"),
    )


@act_page
def upload_new(request: HttpRequest) -> HttpResponse:
    """Lay a file beside the thing named in ``?beside=kind:id``; without one, into the organisation's own room."""
    place = place_of(request)
    asked = request.GET.get("beside", "")
    found = thing_named(place, asked) if asked else None
    organisation = acting(place.actor, place.at).organisation
    network = found.row.network if found else organisation
    require(access.may_upload(place.actor, place.at, organisation, network, found.ref if found else None))
    widest = level_beside(found) if found else Level.ORGANISATION
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        widest=widest,
        own_room=found is None,
        initial={"level": int(max(widest, Level.ORGANISATION)), "language": place.language},
    )

    def write() -> str:
        told = form.cleaned_data
        row = actions.upload(
            told["file"].read(),
            **{name: told[name] for name in ("title", "language", "level", "drafting_may_stay")},
            organisation=organisation,
            network=network,
            beside=found.ref if found else None,
            level_beside=widest,
            by=place.actor,
            at=place.at,
        )
        return FILE.address(row, place.language)

    lead = _(
        "It will lie in your organisation's own room. Neither the secretariat nor the operator's pages show it. "
        "Whoever runs the machine could still read its database and its files; what must not be readable there "
        "belongs on your party's own instance."
    )
    if found:
        lead = _("It will lie beside “%(title)s”. Its circle of readers is its own: it takes over nothing.")
        lead %= {"title": found.title}
    return form_page(
        request,
        form,
        write,
        heading=_("Add a file"),
        lead=lead,
        button=_("Add the file"),
        back=found.address if found else here(place, "desk"),
    )


@act_page
def take_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one's file back."""
    place = place_of(request)
    upload = file_named(place, public_id)
    require(access.may_take_back(place.actor, place.at, upload))
    form = HouseForm(request.POST if request.method == "POST" else None)
    beside = thing(upload.beside, place)

    def write() -> str:
        actions.take_back(upload, by=place.actor, at=place.at)
        return beside.address if beside else here(place, "desk")

    return form_page(
        request,
        form,
        write,
        about=called(upload, place).words,
        heading=_("Take the file back"),
        lead=_(
            "Nobody will read it here any more, and its bytes are destroyed. That it was here stays in the record; "
            "copies that others made stay with them."
        ),
        button=_("Take it back"),
        back=FILE.address(upload, place.language),
    )
