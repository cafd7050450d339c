"""The words of the story's two texts: every version, amendment, dissent and translation. All of it is invented.

``story`` plays them through the actions of ``texts``: clauses are named by short keys, phrases stand for spans,
parties by the keys of ``story.cast``, so that nothing here knows a row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from comity.plain.refs import Ref
from comity.texts.core.amendments import Act, Operation
from comity.texts.core.clauses import Clause, ClauseKind, find_span
from comity.texts.core.drafts import CitationDraft, ClauseDraft, TranslationDraft

TITLE = "Declaration on the Waters of the Halmere"
KIND = "declaration"
LANGUAGE = "en"
AUTHENTIC = ("en", "ar")
GOVERNING = ("civic", "centre", "kelnian")
"""The parties represented in their government, to whom clause 7 is addressed."""

NETWORK_NAMES = {"fr": "Concorde du Halmere", "es": "Concordia del Halmere", "ar": "وفاق الهالمير"}
PARTY_NAMES = {
    "kelnian": {"fr": "Assemblée du peuple kelnien", "es": "Asamblea del Pueblo Kelniano", "ar": "مجلس الشعب الكلني"},
    "civic": {"fr": "Union civique d’Orvane", "es": "Unión Cívica de Orvane", "ar": "الاتحاد المدني الأورفاني"},
    "centre": {"fr": "Centre tesmarien", "es": "Centro Tesmariano", "ar": "حزب الوسط التسماري"},
    "labour": {"fr": "Ligue du travail d’Orvane", "es": "Liga Laborista de Orvane", "ar": "رابطة العمل الأورفانية"},
    "green": {"fr": "Accord vert tesmarien", "es": "Acuerdo Verde Tesmariano", "ar": "الوفاق الأخضر التسماري"},
    "lethmark": {
        "fr": "Paysans et pêcheurs de Lethmark",
        "es": "Campesinos y Pescadores de Lethmark",
        "ar": "مزارعو ليثمارك وصيّادوها",
    },
    "ismaran": {"fr": "Forum libéral ismarien", "es": "Foro Liberal Ismariano", "ar": "المنتدى الليبرالي الإسماري"},
    "maroval": {"fr": "Pacte de Maroval", "es": "Pacto de Maroval", "ar": "ميثاق ماروفال"},
}
"""What the parties call themselves in the languages of the house; Saravel Renewal's names stand in its chapter."""

NOTES = {
    1: "first draft",
    2: "clause 2, after the ministries’ answers",
    3: "with amendment 1",
    4: "with amendments 2 and 6",
    5: "changed by agreement of all authors",
    6: "with amendments 5 and 8",
}

_GAUGES = CitationDraft(
    title="Halmere Basin Institute, gauge series 2009–2024 (fiction)",
    standing="verified",
    phrase="fell by 41 centimetres between 2009 and 2024",
    stated_on="2026-02-02",
)
_SURVEY = CitationDraft(
    title="Secretariat of the Halmere Concord, survey of seven countries (fiction)",
    standing="stated",
    phrase="and two of them not at all",
    stated_on="2026-01-15",
)
_MINISTRIES = CitationDraft(
    title="Fisheries ministries of six countries, answers to the secretariat (fiction)",
    standing="self-reported",
    phrase="in a language the crew could read",
    stated_on="2026-03",
)
_NO_DATA = CitationDraft(
    title="Maroval publishes no figures on detained boats", standing="no-data", phrase="no data", stated_on="2026-03"
)


def _principle(principle: Ref | None) -> tuple[CitationDraft, ...]:
    if principle is None:
        return ()
    return (CitationDraft(title="principle 1", standing="internal", thing=str(principle)),)


PREAMBLE = {
    "p0": "The parties meeting in Caldemar on 18 April 2026,",
    "p1": "noting that the mean level of the Halmere fell by 41 centimetres between 2009 and 2024,",
    "p2": "aware that the seven countries on its shore publish what they measure by seven different calendars, "
    "and two of them not at all,",
    "p3": "holding that nobody can be asked to share a burden that has not been measured in the open,",
    "p4": "have agreed as follows.",
}
CLAUSES = {
    "c1": "The Halmere is the common care of all who live on its shores. No party will turn its condition into an "
    "argument against the people of a neighbouring country.",
    "c2": "Between 2019 and 2024 the coastguards of one shore detained 214 fishing boats of another. In 131 of these "
    "cases no reason was published in a language the crew could read. For Maroval there is no data.",
    "c3": "Each party will see to it that the water levels and discharges its country measures are published every "
    "quarter, in one agreed format, within six months of the adoption of this declaration.",
    "c4": "Each party will propose in its parliament, by 31 October 2026, a common closed season for the silver shad "
    "from 1 March to 31 May.",
    "c5": "Each party will name one person and a deputy who can be reached day and night when a flood or a spill "
    "threatens another shore.",
    "c7": "The parties represented in their government will ask it, by 30 September 2026, to publish the reason for "
    "every detention of a boat from another shore within ten days.",
    "c8": "This declaration is reviewed at the first congress after 18 April 2027. It binds no state.",
}
SIXTH = (
    "Crews detained at sea are first of all people far from home. They should be heard within "
    "48 hours, in a language they understand."
)
"""Clause 6, from amendment 1."""
_KINDS = {
    "c1": ClauseKind.OPINION,
    "c2": ClauseKind.FACT,
    "c3": ClauseKind.PROMISE,
    "c4": ClauseKind.PROMISE,
    "c5": ClauseKind.PROMISE,
    "c6": ClauseKind.OPINION,
    "c7": ClauseKind.PROMISE,
    "c8": ClauseKind.RULE,
}
DUE = {
    "c3": date(2026, 10, 18),
    "c4": date(2026, 10, 31),
    "c5": date(2027, 3, 31),
    "c7": date(2026, 9, 30),
    "c8": date(2027, 4, 18),
}


def first_draft(governing: Sequence[str], principle: Ref | None = None) -> list[ClauseDraft]:
    """Version 1, without clause 2. ``governing`` are public ids of the parties to whom clause 7 is addressed."""
    return [draft for draft in second_version(governing, principle) if draft.uuid != "c2"]


def second_version(governing: Sequence[str], principle: Ref | None = None) -> list[ClauseDraft]:
    """Version 2: what the ministries answered is stated, and that Maroval did not."""
    cited = {"p1": (_GAUGES,), "p2": (_SURVEY,), "p3": _principle(principle), "c2": (_MINISTRIES, _NO_DATA)}
    preamble = [
        ClauseDraft(key, ClauseKind.PREAMBLE, "", words, citations=cited.get(key, ()))
        for key, words in PREAMBLE.items()
    ]
    return preamble + [
        ClauseDraft(
            key,
            _KINDS[key],
            key[1:],
            words,
            due=DUE.get(key),
            addressees=tuple(governing) if key == "c7" else (),
            citations=cited.get(key, ()),
        )
        for key, words in CLAUSES.items()
    ]


def fifth_version(fourth: Sequence[ClauseDraft]) -> list[ClauseDraft]:
    """Version 5, from the drafts of version 4: water levels every month, as all authors agreed."""
    return [
        ClauseDraft(
            draft.uuid,
            draft.kind,
            draft.label,
            draft.words.replace("every quarter", "every month") if draft.uuid == "c3" else draft.words,
            draft.due,
            draft.addressees,
            draft.citations,
        )
        for draft in fourth
    ]


@dataclass(frozen=True)
class Change:
    """Words of a clause put for others. Empty ``old`` with ``after`` inserts behind that phrase; ``new_clause`` adds a
    clause of the kind opinion after the one named.
    """

    clause: str
    new: str
    old: str = ""
    after: str = ""
    new_clause: str = ""


@dataclass(frozen=True)
class Proposal:
    """An amendment of the story and what becomes of it."""

    number: int
    sponsor: str
    changes: tuple[Change, ...]
    reason: str
    fate: str
    """``version 3`` (taken up into it), ``voted``, ``withdrawn``, ``not put``."""
    taken_as: str = ""
    put_aside_because: str = ""


AMENDMENTS = (
    Proposal(
        1,
        "green",
        (Change("c5", SIXTH, new_clause="c6"),),
        "Boats can be given back; days in a cell cannot.",
        "version 3",
    ),
    Proposal(
        2,
        "centre",
        (Change("c5", ", and will have that line tested twice a year", after="threatens another shore"),),
        "A number that nobody has rung is no number.",
        "version 4",
    ),
    Proposal(
        3,
        "lethmark",
        (Change("c4", "30 April", old="31 May"),),
        "In the northern bays the ice leaves in April; May is most of our season.",
        "voted",
    ),
    Proposal(
        4,
        "civic",
        (Change("c3", "a year", old="six months"),),
        "Our institute needs a budget law first.",
        "withdrawn",
    ),
    Proposal(
        5,
        "labour",
        (Change("c4", "and vote for", after="propose in its parliament"),),
        "Proposing costs nothing; voting does.",
        "version 6",
        taken_as="compromise with amendment 5",
    ),
    Proposal(
        6,
        "saravel",
        (Change("c8", "It binds a party from the day its competent organ has agreed.", after="It binds no state."),),
        "Our statutes give the last word to our board.",
        "version 4",
    ),
    Proposal(
        7,
        "green",
        (Change("c4", "silver shad and the river eel", old="silver shad"),),
        "The eel spawns in the same weeks.",
        "withdrawn",
    ),
    Proposal(
        8,
        "kelnian",
        (Change("c4", ", and will support help for the crews who lose income by it", after="to 31 May"),),
        "Who closes a season owes the crews an answer.",
        "version 6",
        taken_as="from amendment 8",
    ),
    Proposal(
        9,
        "ismaran",
        (Change("c7", "oblige it by law", old="ask it"),),
        "Governments answer to parliaments, not to party offices.",
        "not put",
        put_aside_because="1 of the 3 sponsors that the standing orders ask for",
    ),
)


def operations(clauses: Sequence[Clause], changes: Sequence[Change]) -> list[Operation]:
    """The changes as operations on the spans of a version."""
    words = {clause.uuid: clause.words for clause in clauses}
    found = []
    for change in changes:
        if change.new_clause:
            label = change.new_clause[1:]
            kind = ClauseKind.OPINION.value
            found.append(Operation(change.clause, 0, 0, change.new, Act.ADD, change.new_clause, kind, label))
            continue
        span = find_span(words[change.clause], change.old or change.after)
        assert span is not None
        start, end = span if change.old else (span[1], span[1])
        found.append(Operation(change.clause, start, end, change.new))
    return found


@dataclass(frozen=True)
class Said:
    """A party's own words, in the language it filed them in and as it translated them itself."""

    party: str
    kind: str
    words: str
    effect: str = ""
    clause: str = ""
    phrase: str = ""
    translations: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """By language: words, effect."""

    def drafts(self, of: str, language: str) -> list[TranslationDraft]:
        """The translation into a language, ready for the action; ``of`` is ``dissent:{id}`` or ``board:{id}``."""
        ""
        if language not in self.translations:
            return []
        words, effect = self.translations[language]
        return [TranslationDraft(of, words, effect)]


RESERVATION = Said(
    party="lethmark",
    kind="reservation",
    clause="c4",
    phrase="from 1 March to 31 May",
    words="We reserve on the dates. Our crews fish the northern bays, where the ice leaves in April; a closed season "
    "to 31 May takes seven of their eleven working weeks. We will propose 1 March to 30 April in our parliament, and "
    "accept to be asked about it every spring.",
    effect="Clause 4 does not bind this party. All other clauses do.",
    translations={
        "fr": (
            "Notre réserve porte sur les dates. Nos équipages pêchent dans les baies du nord, que la glace quitte en "
            "avril ; une fermeture jusqu’au 31 mai leur prend sept de leurs onze semaines de "
            "travail. Nous proposerons "
            "à notre parlement la période du 1er mars au 30 avril, et nous acceptons d’être "
            "interrogés là-dessus chaque "
            "printemps.",
            "La clause 4 ne lie pas ce parti. Toutes les autres le lient.",
        ),
        "es": (
            "Nuestra reserva se refiere a las fechas. Nuestras tripulaciones pescan en las "
            "bahías del norte, donde el "
            "hielo se va en abril; una veda hasta el 31 de mayo les quita siete de sus once semanas de trabajo. "
            "Propondremos en nuestro parlamento del 1 de marzo al 30 de abril, y aceptamos que se "
            "nos pregunte por ello "
            "cada primavera.",
            "La cláusula 4 no obliga a este partido. Todas las demás, sí.",
        ),
        "ar": (
            "نتحفّظ على التواريخ. فطواقمنا تصطاد في الخلجان الشمالية حيث يزول الجليد في أبريل، "
            "وموسم حظر يمتد إلى "
            "31 مايو يأخذ سبعة من أسابيع عملها الأحد عشر. سنقترح في برلماننا الفترة من 1 مارس إلى "
            "30 أبريل، ونقبل أن نُسأل عن ذلك كل ربيع.",
            "لا يُلزم البند 4 هذا الحزب. وتُلزمه سائر البنود.",
        ),
    },
)

BOARD = Said(
    party="saravel",
    kind="ad-referendum",
    words="Our delegation agrees. Under article 22 of our statutes, clauses 3 to 7 need our board.",
    translations={
        "fr": (
            "Notre délégation est d’accord. Selon l’article 22 de nos statuts, les clauses 3 à 7 relèvent de notre "
            "bureau.",
            "",
        ),
        "es": (
            "Nuestra delegación está de acuerdo. Según el artículo 22 de nuestros estatutos, las cláusulas 3 a 7 "
            "requieren a nuestra junta.",
            "",
        ),
        "ar": ("وفدنا موافق. وبموجب المادة 22 من نظامنا الأساسي تحتاج البنود من 3 إلى 7 إلى موافقة مجلسنا.", ""),
    },
)
BOARD_CLAUSES = ("c3", "c4", "c5", "c6", "c7")
BOARD_ARTICLE = "article 22"
BOARD_MEETS = date(2026, 11, 30)

EXPLANATION = Said(
    party="ismaran",
    kind="explanation-of-vote",
    clause="c7",
    words="Clause 7 commits governments through their parties and leaves parliaments out. We "
    "would have supported the "
    "same duty as a law.",
    translations={
        "fr": (
            "La clause 7 engage les gouvernements à travers leurs partis et laisse les parlements de "
            "côté. Nous aurions "
            "soutenu le même devoir sous la forme d’une loi.",
            "",
        ),
        "es": (
            "La cláusula 7 compromete a los gobiernos a través de sus partidos y deja fuera a los "
            "parlamentos. Habríamos "
            "apoyado el mismo deber en forma de ley.",
            "",
        ),
        "ar": (
            "يُلزم البند 7 الحكومات عن طريق أحزابها ويُغفل البرلمانات. وكنا سنؤيد الواجب نفسه لو جاء في قانون.",
            "",
        ),
    },
)

_TRANSLATED = {
    "fr": {
        "title": "Déclaration sur les eaux du Halmere",
        "p0": "Les partis réunis à Caldemar le 18 avril 2026,",
        "p1": "constatant que le niveau moyen du Halmere a baissé de 41 centimètres entre 2009 et 2024,",
        "p2": "conscients que les sept pays de ses rives publient leurs mesures selon sept calendriers différents, "
        "et que deux d’entre eux ne les publient pas du tout,",
        "p3": "estimant que nul ne peut être appelé à partager une charge qui n’a pas été mesurée au grand jour,",
        "p4": "sont convenus de ce qui suit.",
        "c1": "Le Halmere est l’affaire commune de tous ceux qui vivent sur ses rives. Aucun "
        "parti ne fera de son état "
        "un argument contre le peuple d’un pays voisin.",
        "c2": "Entre 2019 et 2024, les garde-côtes d’une rive ont retenu 214 bateaux de pêche "
        "d’une autre. Dans 131 de "
        "ces cas, aucun motif n’a été publié dans une langue que l’équipage pouvait lire. Pour "
        "Maroval, il n’y a pas de "
        "données.",
        "c3": "Chaque parti veillera à ce que les niveaux d’eau et les débits que mesure son "
        "pays soient publiés chaque "
        "mois, dans un format commun, dans les six mois qui suivent l’adoption de la présente déclaration.",
        "c4": "Chaque parti proposera à son parlement et votera, d’ici au 31 octobre 2026, une "
        "fermeture commune de la "
        "pêche à l’alose argentée du 1er mars au 31 mai, et soutiendra une aide aux équipages qui y "
        "perdent un revenu.",
        "c5": "Chaque parti désignera une personne et un suppléant joignables jour et nuit lorsqu’une crue ou une "
        "pollution menace une autre rive, et fera éprouver cette ligne deux fois par an.",
        "c6": "Les équipages retenus en mer sont d’abord des gens loin de chez eux. Ils devraient être entendus dans "
        "les 48 heures, dans une langue qu’ils comprennent.",
        "c7": "Les partis représentés dans leur gouvernement lui demanderont, d’ici au 30 septembre 2026, de publier "
        "dans les dix jours le motif de toute rétention d’un bateau d’une autre rive.",
        "c8": "La présente déclaration est réexaminée au premier congrès qui suit le 18 avril "
        "2027. Elle ne lie aucun "
        "État. Elle lie un parti à partir du jour où son organe compétent a donné son accord.",
    },
    "es": {
        "title": "Declaración sobre las aguas del Halmere",
        "p0": "Los partidos reunidos en Caldemar el 18 de abril de 2026,",
        "p1": "observando que el nivel medio del Halmere bajó 41 centímetros entre 2009 y 2024,",
        "p2": "conscientes de que los siete países de su orilla publican lo que miden según "
        "siete calendarios distintos, "
        "y de que dos de ellos no lo publican en absoluto,",
        "p3": "considerando que a nadie se le puede pedir que comparta una carga que no se ha medido a la vista de "
        "todos,",
        "p4": "han convenido lo siguiente.",
        "c1": "El Halmere es cuidado común de todos los que viven en sus orillas. Ningún "
        "partido hará de su estado un "
        "argumento contra el pueblo de un país vecino.",
        "c2": "Entre 2019 y 2024 los guardacostas de una orilla retuvieron 214 barcos de pesca "
        "de otra. En 131 de estos "
        "casos no se publicó motivo alguno en una lengua que la tripulación pudiera leer. Sobre "
        "Maroval no hay datos.",
        "c3": "Cada partido procurará que los niveles de agua y los caudales que mide su país "
        "se publiquen cada mes, en "
        "un formato común, en los seis meses siguientes a la adopción de esta declaración.",
        "c4": "Cada partido propondrá en su parlamento y votará, a más tardar el 31 de octubre "
        "de 2026, una veda común "
        "del sábalo plateado del 1 de marzo al 31 de mayo, y apoyará una ayuda a las tripulaciones "
        "que pierdan ingresos "
        "por ella.",
        "c5": "Cada partido nombrará a una persona y a un suplente a quienes se pueda localizar "
        "de día y de noche cuando "
        "una crecida o un vertido amenace otra orilla, y hará probar esa línea dos veces al año.",
        "c6": "Las tripulaciones retenidas en el mar son ante todo personas lejos de su casa. "
        "Deberían ser oídas en un "
        "plazo de 48 horas, en una lengua que entiendan.",
        "c7": "Los partidos representados en su gobierno le pedirán, a más tardar el 30 de septiembre de 2026, que "
        "publique en diez días el motivo de toda retención de un barco de otra orilla.",
        "c8": "Esta declaración se revisa en el primer congreso posterior al 18 de abril de 2027. No obliga a ningún "
        "Estado. Obliga a un partido desde el día en que su órgano competente ha dado su acuerdo.",
    },
    "ar": {
        "title": "إعلان بشأن مياه الهالمير",
        "p0": "إنّ الأحزاب المجتمعة في كالديمار في 18 أبريل 2026،",
        "p1": "إذ تلاحظ أنّ متوسط منسوب الهالمير انخفض 41 سنتيمتراً بين عامي 2009 و2024،",
        "p2": "وإذ تدرك أنّ البلدان السبعة المطلّة عليه تنشر قياساتها وفق سبعة تقاويم مختلفة، "
        "وأنّ اثنين منها لا ينشران "
        "شيئاً،",
        "p3": "وإذ ترى أنه لا يجوز أن يُطلب من أحد أن يتقاسم عبئاً لم يُقَس علناً،",
        "p4": "قد اتفقت على ما يلي.",
        "c1": "الهالمير شأن مشترك لجميع من يعيشون على شواطئه. ولن يتخذ أي حزب من حالته حجّة على شعب بلد مجاور.",
        "c2": "بين عامي 2019 و2024 احتجز خفر سواحل أحد الشواطئ 214 قارب صيد من شاطئ آخر. وفي "
        "131 حالة منها لم يُنشر أي "
        "سبب بلغة يستطيع الطاقم قراءتها. أما ماروفال فلا بيانات عنها.",
        "c3": "يعمل كل حزب على أن تُنشر كل شهر، بصيغة واحدة متفق عليها، مناسيب المياه "
        "والتصريفات التي يقيسها بلده، وذلك في "
        "غضون ستة أشهر من اعتماد هذا الإعلان.",
        "c4": "يقترح كل حزب في برلمانه ويصوّت، في موعد أقصاه 31 أكتوبر 2026، لصالح "
        "موسم مشترك لحظر صيد الشابل "
        "الفضي من 1 مارس إلى 31 مايو، ويؤيد مساعدة الطواقم التي تفقد دخلها بسببه.",
        "c5": "يسمّي كل حزب شخصاً ونائباً عنه يمكن الاتصال بهما ليلاً ونهاراً متى هدّد فيضان أو "
        "تسرّب شاطئاً آخر، ويكفل "
        "اختبار هذا الخط مرتين في السنة.",
        "c6": "أفراد الطواقم المحتجزون في البحر هم قبل كل شيء أناس بعيدون عن ديارهم. وينبغي الاستماع إليهم في غضون "
        "48 ساعة، وبلغة يفهمونها.",
        "c7": "تطلب الأحزاب الممثَّلة في حكوماتها إلى هذه الحكومات، في موعد أقصاه 30 "
        "سبتمبر 2026، أن تنشر خلال عشرة "
        "أيام سبب كل احتجاز لقارب من شاطئ آخر.",
        "c8": "يُستعرض هذا الإعلان في أول مؤتمر يُعقد بعد 18 أبريل 2027. وهو لا يُلزم أي "
        "دولة. ويُلزم الحزبَ من "
        "اليوم الذي يوافق فيه جهازه المختص.",
    },
}
_MARKS = {
    "fr": {
        "p1": {"1": "a baissé de 41 centimètres entre 2009 et 2024"},
        "p2": {"2": "et que deux d’entre eux ne les publient pas du tout"},
        "c2": {"3": "dans une langue que l’équipage pouvait lire", "no-data": "pas de données"},
        "c4": {"a": "du 1er mars au 31 mai"},
    },
    "es": {
        "p1": {"1": "bajó 41 centímetros entre 2009 y 2024"},
        "p2": {"2": "y de que dos de ellos no lo publican en absoluto"},
        "c2": {"3": "en una lengua que la tripulación pudiera leer", "no-data": "no hay datos"},
        "c4": {"a": "del 1 de marzo al 31 de mayo"},
    },
    "ar": {
        "p1": {"1": "انخفض 41 سنتيمتراً بين عامي 2009 و2024"},
        "p2": {"2": "وأنّ اثنين منها لا ينشران شيئاً"},
        "c2": {"3": "بلغة يستطيع الطاقم قراءتها", "no-data": "فلا بيانات عنها"},
        "c4": {"a": "من 1 مارس إلى 31 مايو"},
    },
}
TRANSLATED_INTO = tuple(_TRANSLATED)


def translations(language: str) -> list[TranslationDraft]:
    """Title and clauses of version 6 in a language, with the places of letters and sources."""
    marks = _MARKS[language]
    return [
        TranslationDraft("title" if key == "title" else f"block:{key}", words, marks=marks.get(key, {}))
        for key, words in _TRANSLATED[language].items()
    ]


FUND_TITLE = "Proposal for a common help fund"
FUND_KIND = "proposal"
FUND_SPONSOR = "green"


def fund() -> list[ClauseDraft]:
    """The proposal that does not reach its majority."""
    return [
        ClauseDraft(
            "f0", ClauseKind.PREAMBLE, "", "The parties meeting in Caldemar on 18 April 2026 have agreed as follows."
        ),
        ClauseDraft(
            "f1",
            ClauseKind.OPINION,
            "1",
            "Whoever closes a fishery together should carry together what the closing costs.",
        ),
        ClauseDraft(
            "f2",
            ClauseKind.PROMISE,
            "2",
            "Each party will pay into a common fund, by 1 March 2027, one coin a year for every vote it holds in the "
            "Congress, counted in the currency of its country.",
            due=date(2027, 3, 1),
        ),
        ClauseDraft(
            "f3",
            ClauseKind.RULE,
            "3",
            "The fund pays crews for weeks in which a common closed season keeps them ashore. "
            "Three parties, drawn by "
            "lot each year, decide on payments and publish each one.",
        ),
    ]


FUND_EXPLANATION = Said(
    party="civic",
    kind="explanation-of-vote",
    words="A fund that parties fill is a collection. What a public rule takes from the crews, "
    "the public owes them; we "
    "ask our government for that, and will not pay in its place.",
)
