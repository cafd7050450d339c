"""What members write about a text: clauses, amendments, dissent, what a board said."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from comity.plain.languages import LANGUAGES
from comity.registry.edges import HouseForm
from comity.registry.models import Organ, Organisation
from comity.registry.topics.forms import TopicsForm
from comity.rules.words import decision_type
from comity.texts.core.amendments import Act, Operation
from comity.texts.core.clauses import ClauseKind, find_span, tokens
from comity.texts.core.drafts import ClauseDraft
from comity.texts.models import Block, DissentKind, Text, TextKind
from comity.texts.words import CLAUSE_KINDS
from comity.visibility.forms import MINUTE, level_field, narrow

TONGUES = [(language.code, language.name) for language in LANGUAGES]
KINDS = [(kind.value, CLAUSE_KINDS[kind]) for kind in ClauseKind]


def _own_words(label: Any, help_text: Any = "", rows: int = 6, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )


def _day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ClauseForm(HouseForm):
    """One clause of a draft; left empty, it is no clause."""

    uuid = forms.CharField(required=False, widget=forms.HiddenInput, max_length=36)
    kind = forms.ChoiceField(label=lazy("What it does"), choices=KINDS, initial=ClauseKind.OPINION.value)
    label = forms.CharField(
        label=lazy("Number"), max_length=20, required=False, widget=forms.TextInput(attrs={"size": 4})
    )
    words = _own_words(lazy("Words"), rows=4, required=False)
    due = _day(lazy("To be kept by"), lazy("Only for a promise: the last day on which it can be kept."))


ClauseForms = forms.formset_factory(ClauseForm, extra=0, max_num=400)


class DraftForm(TopicsForm, HouseForm):
    """A new text: what it is called and who may see the draft."""

    network = forms.ChoiceField(label=lazy("Network"))
    title = forms.CharField(label=lazy("Title"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))
    kind = forms.ChoiceField(label=lazy("Kind of text"), choices=TextKind.choices)
    language = forms.ChoiceField(label=lazy("Language it is drafted in"), choices=TONGUES)
    level = level_field("text")

    def __init__(self, *args: object, networks: Sequence[Organisation], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "network", [(row.public_id, row.name) for row in networks])


class NoteForm(HouseForm):
    """Why a version differs from the one before."""

    note = forms.CharField(
        label=lazy("Why it differs"),
        max_length=300,
        help_text=lazy("One line, e.g. “changed by agreement of all authors”. It stands among the readings."),
    )


def _choose(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    found = form.fields[name]
    assert isinstance(found, forms.ChoiceField)
    found.choices = list(choices)


def _of_clauses(blocks: Iterable[Block]) -> list[tuple[str, str]]:
    return [(block.uuid, f"{block.label} {block.words[:70]}".strip()) for block in blocks]


class AmendmentForm(HouseForm):
    """One change to one clause: words put for words, words added, or a clause taken out or added."""

    against = forms.CharField(widget=forms.HiddenInput)
    clause = forms.ChoiceField(label=lazy("Clause"))
    act = forms.ChoiceField(
        label=lazy("What you propose"),
        choices=[
            ("replace", lazy("put other words for some of its words")),
            ("insert", lazy("add words behind some of its words")),
            ("add", lazy("add a new clause behind it")),
            ("remove", lazy("take the clause out")),
        ],
    )
    old = forms.CharField(
        label=lazy("The words as they stand"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=lazy("Copy them from the clause, so many that they stand there only once."),
    )
    new = _own_words(lazy("The words you propose"), lazy("Left empty, the words above are deleted."), 3, required=False)
    reason = forms.CharField(
        label=lazy("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )
    level = level_field("amendment")

    def __init__(self, *args: object, blocks: Sequence[Block], part_of: Text | None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if part_of is None:
            del self.fields["level"]
        else:
            narrow(self, "amendment", part_of)
        self.blocks = {block.uuid: block for block in blocks}
        _choose(self, "clause", _of_clauses(blocks))

    def clean(self) -> dict[str, Any]:
        """Find the words in the clause; say when they are not there exactly once."""
        read = super().clean() or self.cleaned_data
        block = self.blocks.get(read.get("clause", ""))
        if (
            block is not None
            and read.get("act") in {"replace", "insert"}
            and "old" in read
            and find_span(block.words, read["old"]) is None
        ):
            self.add_error("old", _("These words do not stand in the clause exactly once. Copy more of them."))
        return read

    def operations(self, new_uuid: str) -> list[Operation]:
        """The proposal as operations on the clause's spans."""
        read = self.cleaned_data
        block: Block = self.blocks[read["clause"]]
        if read["act"] == "remove":
            return [Operation(block.uuid, 0, 0, "", Act.REMOVE)]
        if read["act"] == "add":
            return [Operation(block.uuid, 0, 0, read["new"], Act.ADD, new_uuid, ClauseKind.OPINION.value, "")]
        start, end = find_span(block.words, read["old"]) or (0, len(tokens(block.words)))
        return [Operation(block.uuid, end if read["act"] == "insert" else start, end, read["new"])]


class DissentForm(HouseForm):
    """A party's own words about the text, or about a phrase of one clause."""

    kind = forms.ChoiceField(label=lazy("What you file"), choices=DissentKind.choices)
    clause = forms.ChoiceField(label=lazy("On which clause"), required=False)
    phrase = forms.CharField(
        label=lazy("On which words of it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=lazy(
            "Copy them from the clause; they will be underlined and lettered. Left empty: the whole clause."
        ),
    )
    words = _own_words(
        lazy("Your words"),
        lazy("They stand with the text, on every page and in every copy of it. Nobody can change or remove them."),
    )
    effect = forms.CharField(
        label=lazy("What it means, in one line"),
        required=False,
        max_length=300,
        help_text=lazy("E.g. “Clause 4 does not bind this party. All other clauses do.”"),
    )
    language = forms.ChoiceField(label=lazy("Language of your words"), choices=TONGUES)

    def __init__(self, *args: object, blocks: Sequence[Block], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.blocks = {block.uuid: block for block in blocks}
        _choose(self, "clause", [("", _("the whole text")), *_of_clauses(blocks)])

    def clean(self) -> dict[str, Any]:
        """A reservation needs a clause, a phrase must stand in it once."""
        read = super().clean() or self.cleaned_data
        block = self.blocks.get(read.get("clause", ""))
        if read.get("kind") == DissentKind.RESERVATION and block is None:
            self.add_error("clause", _("A reservation is to a clause: choose it."))
        if read.get("phrase") and (block is None or find_span(block.words, read["phrase"]) is None):
            self.add_error("phrase", _("These words do not stand in the clause exactly once. Copy more of them."))
        return read

    def span(self) -> tuple[int, int] | None:
        """The tokens of the phrase."""
        block = self.blocks.get(self.cleaned_data["clause"])
        return find_span(block.words, self.cleaned_data["phrase"]) if block and self.cleaned_data["phrase"] else None


class AwaitForm(HouseForm):
    """What a delegation that agreed ad referendum says of its board."""

    article = forms.CharField(label=lazy("Under which of your rules"), required=False, max_length=200)
    board_meets = _day(lazy("Your board meets on"))
    clauses = forms.MultipleChoiceField(
        label=lazy("Which clauses need it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=lazy("None chosen means the whole text. Until your board agrees they do not bind your party."),
    )
    words = _own_words(lazy("Your words"), rows=4)
    language = forms.ChoiceField(label=lazy("Language of your words"), choices=TONGUES)

    def __init__(self, *args: object, blocks: Sequence[Block], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "clauses", _of_clauses(block for block in blocks if block.label))


class AnswerForm(HouseForm):
    """What the board decided."""

    agrees = forms.ChoiceField(
        label=lazy("Your board"),
        widget=forms.RadioSelect,
        choices=[("yes", lazy("agrees: from now on the clauses bind our party")), ("no", lazy("does not agree"))],
    )
    words = _own_words(lazy("Its words"), rows=4, required=False)
    language = forms.ChoiceField(label=lazy("Language of these words"), choices=TONGUES)


class VoteForm(HouseForm):
    """To whom the question is put, under which rule, and who registered."""

    organ = forms.ChoiceField(label=lazy("Organ"))
    decision_type = forms.ChoiceField(label=lazy("Kind of decision"), help_text=lazy("It says which majority counts."))
    registered = forms.MultipleChoiceField(
        label=lazy("Delegations registered"),
        widget=forms.CheckboxSelectMultiple,
        help_text=lazy("With all votes of their key."),
    )

    def __init__(
        self,
        *args: object,
        organs: Iterable[Organ],
        types: Iterable[str],
        members: Iterable[Organisation],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organs = {organ.public_id: organ for organ in organs}
        self.members = {member.public_id: member for member in members}
        _choose(self, "organ", [(key, organ.name) for key, organ in self.organs.items()])
        _choose(self, "decision_type", [(name, decision_type(name)) for name in types])
        _choose(self, "registered", [(key, member.name) for key, member in self.members.items()])

    def delegations(self) -> list[Organisation]:
        """The delegations chosen."""
        return [self.members[key] for key in self.cleaned_data["registered"]]


class ReasonForm(HouseForm):
    """Why an amendment is not put to the vote."""

    reason = forms.CharField(label=lazy("Why it is not put to the vote"), max_length=300)


class MergeForm(HouseForm):
    """How an amendment is taken up."""

    taken_as = forms.CharField(
        label=lazy("How it is taken up"),
        required=False,
        max_length=300,
        help_text=lazy("E.g. “compromise with amendment 5”."),
    )


def drafts_from(formset: Any, blocks: dict[str, ClauseDraft], new_id: Any) -> list[ClauseDraft]:
    """The clauses of a formset, in its order; those left empty are left out, sources of known clauses are kept."""
    found: list[ClauseDraft] = []
    for form in formset:
        read = form.cleaned_data
        if not read or not str(read.get("words", "")).strip():
            continue
        known = blocks.get(read["uuid"])
        due: date | None = read["due"]
        found.append(
            ClauseDraft(
                uuid=known.uuid if known else new_id(),
                kind=ClauseKind(read["kind"]),
                label=read["label"],
                words=read["words"],
                due=due,
                addressees=known.addressees if known else (),
                citations=known.citations if known else (),
            )
        )
    return found


LARGEST_SIGNATURE = 30_000
"""Bytes of a signature file that are read; no signature has more."""


class SignForm(HouseForm):
    """A party's signature: made in the browser, or with a key elsewhere and sent as a file."""

    paper_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    signature = forms.CharField(
        label=lazy("Signature file"),
        required=False,
        max_length=LARGEST_SIGNATURE,
        widget=forms.HiddenInput,
        strip=False,
    )
    file = forms.FileField(
        label=lazy("Signature file"),
        error_messages={"required": lazy("Choose the .sig file that ssh-keygen wrote, or sign with a passkey.")},
    )
    ad_referendum = forms.BooleanField(
        label=lazy("Subject to our board (ad referendum)"),
        required=False,
        help_text=lazy("It is shown so, and does not bind your party, until you report that your board agrees."),
    )
    board_meets = _day(lazy("Your board meets on"), lazy("Only where you sign subject to it."))

    def __init__(self, *args: object, adopted: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not self.data.get("signature")
        if adopted:
            del self.fields["ad_referendum"], self.fields["board_meets"]

    def clean_signature(self) -> str:
        """As it was made: a form carries each end of a line as two signs."""
        return str(self.cleaned_data["signature"]).replace("\r\n", "\n")

    def clean_file(self) -> str:
        """The words of the file; empty where none was sent."""
        sent = self.cleaned_data["file"]
        if sent is None:
            return ""
        if sent.size > LARGEST_SIGNATURE:
            raise forms.ValidationError(_("A signature file has at most 30,000 bytes; this one has more."))
        try:
            return str(sent.read().decode("ascii"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("This is not a signature file: it holds other signs than ASCII.")) from error


class WithdrawForm(HouseForm):
    """Why a party withdraws its signature."""

    reason = _own_words(
        lazy("Your reason"), lazy("It stands beside your struck name, for everybody who reads the text."), rows=4
    )
    language = forms.ChoiceField(label=lazy("Language of your words"), choices=TONGUES)


class PublishForm(HouseForm):
    """From which minute a statement is public."""

    minute = forms.DateTimeField(
        label=lazy("Public from"),
        required=False,
        widget=MINUTE,
        help_text=lazy("To the minute, at the clock of the zone below; empty publishes it at once."),
    )
    zone = forms.CharField(
        label=lazy("Time zone"), max_length=60, help_text=lazy("As in the IANA list, such as Europe/Paris.")
    )
    fold = forms.ChoiceField(
        label=lazy("Where the clock shows that time twice"),
        required=False,
        choices=[("", lazy("it shows it once")), ("0", lazy("the first time")), ("1", lazy("the second time"))],
    )
