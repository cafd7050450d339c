"""The mission in 89 rows, in the order of the article it comes from, in our own words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Row:
    """One row: its number, the paragraph of the article (0 is the title), and what it asks for."""

    number: str
    paragraph: int
    words: str | Promise


PARAGRAPHS: tuple[str | Promise, ...] = (
    _("Who works with whom, across borders"),
    _("A way of talking beside that of states"),
    _("Many ways to meet, and no mandate lost"),
    _("Learning from each other"),
    _("Coalitions for something that can be done"),
    _("Conduct, interests and money, in the open"),
    _("Everyone at the table, and dissent kept"),
    _("From dialogue to something that lasts"),
    _("Rules that can change, and stay accountable"),
    _("Security among rivals"),
    _("Development that answers to those it is for"),
    _("Systematic, reported, and binding both sides"),
    _("Quiet where it must be, provable always"),
)

_ROWS: tuple[tuple[int, str | Promise], ...] = (
    (
        0,
        _(
            "One house holds several networks, each with its own organs, rules, languages and clock; what counts in one counts nowhere else."
        ),
    ),
    (
        0,
        _(
            "Every tie between organisations has a kind, a basis and dates; ask for any day and get exactly what was in force on it."
        ),
    ),
    (0, _("Informal contacts can be noted, with the circle of readers chosen before a word is written.")),
    (
        0,
        _(
            "What each party holds on a question, with source and date, can be laid side by side and followed through time."
        ),
    ),
    (1, _("Every meeting says in what capacity its people act, and says it on its public page.")),
    (1, _("Membership of a party family has classes, and each class has its rights in each organ.")),
    (1, _("Unlike parties can agree on something for a time, and are reminded before it runs out.")),
    (1, _("Parties of different families can join one coalition on one theme without joining each other.")),
    (1, _("A visit runs from invitation to report, with who paid and what was agreed to follow.")),
    (
        1,
        _(
            "A joint statement is negotiated, signed by those entitled to, kept back until its minute, and a signature can be withdrawn in the open."
        ),
    ),
    (1, _("Each side says the other's view in its own words, and the other side says whether that is right.")),
    (1, _("A forum fixes its house rule before anyone speaks, and nobody can loosen it afterwards.")),
    (
        1,
        _("Delegates, experts, civil society, observers and press have separate rights, terms and declared interests."),
    ),
    (1, _("Regions follow each network's own scheme, and each network decides how disputed places are named.")),
    (
        1,
        _(
            "Youth wings, women's organisations and parliamentary groups stand in their own right, with votes in one organ and none in another."
        ),
    ),
    (1, _("What is urgent can be decided quickly, under conditions that are checked one by one.")),
    (1, _("Everything public is filed under topics that have names in every language.")),
    (1, _("Each promise in an adopted text becomes one row for each party that made it, kept or not in plain sight.")),
    (
        2,
        _(
            "A party can agree with the approval of its board still to come, reserve a clause, or stay out, and is never shown as bound before."
        ),
    ),
    (
        2,
        _(
            "A whole congress can be run: convocation, credentials, amendments, votes and minutes, under each family's own rules."
        ),
    ),
    (
        2,
        _(
            "Parliamentary friendship groups are registered with who recognised them, what they received and what they reported."
        ),
    ),
    (2, _("Think tanks publish together with who paid for each paper.")),
    (2, _("Where a joint text turns up in a bill, a question or a programme, that is recorded with its evidence.")),
    (2, _("Close to an election, help across the border is paused or must be justified.")),
    (
        2,
        _(
            "Every organisation has a public page of what it owed, filed, voted and declared, each figure with its source."
        ),
    ),
    (2, _("Texts say that they bind no state, and national procedure is never skipped.")),
    (3, _("What was agreed can be handed to ministries and parliaments, and the handing over is on record.")),
    (3, _("Experience is written down so that others can use it, failures included.")),
    (3, _("Admission and its later review follow a checklist against the charter in force.")),
    (3, _("Good standing is shown as dated facts with the party's reply, never as a score.")),
    (3, _("Ideas are tried as hypothesis, pilot and measured result, and the result is published whatever it is.")),
    (4, _("An initiative gathers parties of different kinds round one goal.")),
    (4, _("A call for support collects signatures, and never passes for a decision of the congress.")),
    (4, _("A pilot starts with a baseline, or with the reason why there is none.")),
    (4, _("Requests for expertise meet offers, with interests declared before anyone is sent.")),
    (4, _("Funding agreements name funder, amount, currency and conditions.")),
    (4, _("Who holds an executive office is flagged from the day it begins.")),
    (4, _("Communities that are affected can speak, be answered, and stay anonymous.")),
    (5, _("Codes of conduct have versions, and those who vote have accepted the current one.")),
    (5, _("Interests are declared, and whoever has one in a matter leaves that matter.")),
    (5, _("Monitors are appointed for a term, read by mandate, and publish what nobody else can edit.")),
    (5, _("Watchdogs can subscribe, complain and follow their case without an account.")),
    (
        5,
        _(
            "Statements of fact carry their evidence, and disagreement says whether it is about facts, values or interests."
        ),
    ),
    (5, _("Funding is disclosed in money and in kind, down to a threshold set by rule.")),
    (
        5,
        _(
            "Periodic reports are generated from the record; filed, late, nil and missing are told apart by computation."
        ),
    ),
    (5, _("Joint work is evaluated, and recommendations have an owner and a date.")),
    (5, _("Goals have indicators, baselines and sources; verified and self-reported values never look alike.")),
    (5, _("Public pages are plain, permanent, printable and open to everyone.")),
    (6, _("Rules on the make-up of delegations are computed and explained.")),
    (6, _("Who speaks, writes and succeeds is counted, without exposing anyone in a small group.")),
    (6, _("A map of opinions shows where groups stand apart and what would bridge them, minorities always included.")),
    (6, _("Competing amendments can be merged by those who agree, and whoever does not keeps the amendment.")),
    (6, _("From every common principle one can walk back to each viewpoint that fed it, and to those overruled.")),
    (
        6,
        _(
            "Reservations, minority statements and explanations of vote travel with the text through every export, and nobody can detach them."
        ),
    ),
    (6, _("Talks have rounds and deadlines, and a vote stands at the end where consensus does not.")),
    (6, _("Each decision publishes its rule, its electorate and its count, so that anyone can recount it.")),
    (7, _("One thread leads from dialogue to text, promise, uptake and evaluation, with missing stages named.")),
    (7, _("White papers are written by several parties, reviewed, translated, and carry their dissent.")),
    (7, _("Initiatives are co-sponsored with dates, and a sponsor can withdraw.")),
    (7, _("Model laws can be adapted article by article, and each adaptation is compared with its model.")),
    (7, _("Peers find gaps in each other's governance, and the reviewed party answers before publication.")),
    (7, _("Risks have owners and dates for review.")),
    (7, _("Training material, benchmarks and case studies are kept with source, year and licence.")),
    (7, _("Promises belong to offices, survive elections, and are handed over to successors.")),
    (8, _("What was decided in haste lapses unless the regular organ confirms it.")),
    (8, _("Statutes change by notice and higher majority, and an old decision still counts under its old rule.")),
    (8, _("A proposed rule can be tried on past votes before it is adopted.")),
    (8, _("Partners outside politics are registered with due diligence and term.")),
    (8, _("Contact points are named and tested, and a failed test shows.")),
    (8, _("Both sides assess their work together, and where they differ both ratings stand.")),
    (8, _("In a crisis a room opens at once, with roles, facts and a closing review.")),
    (9, _("Red lines can be stated and understood without being agreed to.")),
    (9, _("Signals are verified before they become alerts, and every alert is answered.")),
    (9, _("Security programmes keep classified matter out, and let strategies be compared.")),
    (9, _("Confidence-building measures run against a clock, and late replies are on record.")),
    (9, _("Promises of humanitarian access are tracked without exposing anyone.")),
    (10, _("It works on a slow line and a cheap phone, and a small party can ask for its costs to be waived.")),
    (10, _("Pooled money and days of expertise are booked twice and balance.")),
    (10, _("What donors want is held against what local people ranked first.")),
    (10, _("Those for whom a project was made say whether it came, and every expense leads to a result.")),
    (11, _("What is kept here leaves in the formats of the multilateral world.")),
    (11, _("A track of engagements has stages, a date for review, and conditions for its return when suspended.")),
    (11, _("Standard reports can be compared field by field between years and organisations.")),
    (
        11,
        _("Suspension follows notice, hearing and majority, ends when it says, and changes the votes from its day on."),
    ),
    (11, _("Individual members can propose, with supporters whose names stay private.")),
    (11, _("Training has paths by role, and completion can be required.")),
    (11, _("Reviews go both ways, and a recommendation only noted is still followed.")),
    (12, _("Confidential rooms exist beside the open record, and how much is withheld is counted in public.")),
    (12, _("The record shows any tampering and names the entry, and forgetting personal facts breaks nothing.")),
)

ROWS = tuple(Row(f"S{number}", paragraph, words) for number, (paragraph, words) in enumerate(_ROWS, start=1))
