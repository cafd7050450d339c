"""Search by name: every script, one slip, abbreviations, countries; and nothing hidden changes anything."""

from collections import Counter
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from comity.conftest import AT, SHARED_DATA, Cast
from comity.plain.actors import ANONYMOUS, SYSTEM, ActorKind, ActorRef
from comity.plain.levels import Level, Realm
from comity.registry.actions import Named, list_organisation, restate
from comity.registry.actions.indexing import index, rebuild
from comity.registry.core.search import grams_of, has_words, key_of, keys_of, likeness
from comity.registry.importing import ensure_regions
from comity.registry.models import Organisation, OrganisationKind, SearchCount, SearchGram, SearchKey
from comity.registry.queries import region_label
from comity.registry.search.asked import Asked, organisations_asked
from comity.registry.tests.questions import fill, questions, real_bearers

FIRST = 5


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Łódź–Straße", "lodz strasse"),
        ("P.S.O.E. (España)", "psoe espana"),
        ("ЕДИНАЯ Россия", "edinaya rossiya"),
        ("حَزْب", key_of("حزب")),
        ("Par\u200bti\u202edo\x00", "partido"),
        ("%_\\'\"; --", ""),
        ("e\u0301", "e"),
    ],
)
def test_a_key_is_latin_words_whatever_was_typed(text: str, key: str) -> None:
    assert key_of(text) == key


@given(st.text(max_size=400))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    key = key_of(text)
    assert key_of(key) == key
    assert len(key) <= 300
    assert grams_of(key) >= grams_of(key, open_end=True) - grams_of(key)


def test_names_stated_together_are_found_apart() -> None:
    assert keys_of("Test Shore Union / TSU") == ("test shore union tsu", "test shore union", "tsu")
    assert keys_of("TSU/TSL") == ("tsu tsl", "tsu", "tsl")
    assert keys_of("…") == ()


def test_likeness_forgives_a_slip_and_a_name_not_yet_whole() -> None:
    assert likeness("shore", "shore") == 100
    assert likeness("shroe union", "shore union") > 80
    assert likeness("shore", "test shore union") > 80
    assert likeness("psd", "psb") == 0
    assert likeness("shore", "mountain league") == 0
    assert has_words("unoin tes", "test shore union", slips=1)
    assert not has_words("unoin tes", "test shore union")


def party(name: str, **more: Any) -> Organisation:
    told: dict[str, Any] = {"realm": Realm.FICTION, "kind": OrganisationKind.PARTY, "by": SYSTEM, "at": AT}
    return list_organisation(name=name, **(told | more))


def found(words: str, reader: ActorRef = ANONYMOUS, realm: Realm = Realm.FICTION, **more: Any) -> list[str]:
    hits = organisations_asked(Asked(words, **more), realm, reader, AT)
    names = Organisation.objects.in_bulk([hit.organisation for hit in hits])
    return [names[hit.organisation].name for hit in hits]


@pytest.mark.django_db
def test_one_slip_anywhere_and_any_name_finds_it(cast: Cast) -> None:
    row = party("Partido do Mar Aberto", names=[Named("Мореходы", "native"), Named("PMA", "abbreviation")])
    for words in ("partdio do mar aberto", "PARTIDO DO MAR ABRETO", "morehody", "Мореходы", "pma", "p.m.a.", "mar abe"):
        assert found(words)[:1] == [row.name], words
    assert found("partido", kind="network") == []
    assert found("   ") == []
    assert found("pma", realm=Realm.REAL) == []


@pytest.mark.django_db
def test_a_new_name_is_found_at_once(cast: Cast) -> None:
    restate(cast.party, facts={"name": "Union of Quays"}, by=SYSTEM, at=AT)
    assert found("quays") == ["Union of Quays"]
    assert found("test shore union")[:1] == ["Union of Quays"]


@pytest.mark.django_db
def test_a_country_named_with_it_comes_first_in_every_interface_language() -> None:
    ensure_regions(AT)
    for country in ("PRT", "ESP", "FRA"):
        party(f"Invented Folk of {country}", country=country, abbreviation="IFX", realm=Realm.REAL)
    for spain in ("Spain", "espagne", "España", "إسبانيا", "ESP", "es", "in Spain"):
        assert found(f"IFX {spain}", realm=Realm.REAL)[0] == "Invented Folk of ESP", spain
    assert found("Spain IFX", realm=Realm.REAL)[0] == "Invented Folk of ESP"
    assert len(found("IFX", realm=Realm.REAL)) == 3
    assert found("IFX", realm=Realm.REAL, country="FRA") == ["Invented Folk of FRA"]


def tables() -> tuple[Counter[tuple[int, int]], list[str]]:
    rows = SearchCount.objects.filter(keys__gt=0).values_list("gram", "length", "keys")
    counted = Counter({(gram, length): keys for gram, length, keys in rows})
    return counted, sorted(SearchKey.objects.values_list("key", flat=True))


@pytest.mark.django_db
def test_what_is_hidden_changes_neither_index_nor_answers(cast: Cast) -> None:
    before, answers = tables(), found("test shore")
    hidden = party("Test Shore Underground", level=Level.ORGANISATION)
    assert (tables(), found("test shore")) == (before, answers)
    own = ActorRef(ActorKind.SEAT, "aseat", hidden.public_id)
    assert found("test shroe underground", own)[0] == hidden.name
    assert found("test shroe underground")[:1] != [hidden.name]


@pytest.mark.django_db
def test_an_organisation_that_is_hidden_leaves_the_index_and_comes_back_whole(cast: Cast) -> None:
    with_it = tables()
    Organisation.objects.filter(pk=cast.party.pk).update(level=Level.ORGANISATION)
    index(cast.party, at=AT)
    assert not SearchKey.objects.filter(organisation=cast.party).exists()
    assert not SearchGram.objects.exclude(key__in=SearchKey.objects.values("pk")).exists()
    Organisation.objects.filter(pk=cast.party.pk).update(level=Level.PUBLIC)
    index(cast.party, at=AT)
    assert tables() == with_it


@pytest.mark.django_db
def test_built_anew_it_is_the_same(cast: Cast) -> None:
    before = tables()
    rebuild(at=AT)
    assert tables() == before
    assert before[1]


@pytest.mark.data
@pytest.mark.django_db
def test_of_real_names_nearly_all_are_among_the_first_five() -> None:
    """The whole real folder; the figures at both sizes, with times, are `./comity bench search`."""
    ensure_regions(AT)
    bearers = real_bearers(SHARED_DATA / "registry" / "parties.csv")
    placed = fill(bearers, AT)
    keys: dict[int, set[str]] = {}
    for organisation, key in SearchKey.objects.values_list("organisation_id", "key"):
        keys.setdefault(organisation, set()).add(key)
    asked, hits = Counter[str](), Counter[str]()
    for question in questions(bearers, 60):
        answers = organisations_asked(Asked(question.typed), Realm.REAL, ANONYMOUS, AT)[:FIRST]
        asked[question.kind] += 1
        hits[question.kind] += any(key_of(question.meant) in keys[hit.organisation] for hit in answers)
    assert {kind: hits[kind] / count for kind, count in asked.items() if hits[kind] < 0.95 * count} == {}
    borne = Counter((one.country, key) for one in bearers for key in keys[placed[one.number]])
    drawn = [one for one in questions(bearers, 60, seed=2) if one.kind == "abbreviation"]
    alone = [one for one in drawn if borne[one.bearer.country, key_of(one.meant)] == 1]
    firsts = 0
    with translation.override("en"):
        for question in alone:
            words = f"{question.meant} {region_label(question.bearer.country).text}"
            answers = organisations_asked(Asked(words), Realm.REAL, ANONYMOUS, AT)[:1]
            firsts += [hit.organisation for hit in answers] == [placed[question.bearer.number]]
    assert firsts >= 0.95 * len(alone)
