"""Make the facts files from a registry folder: ``python make.py ../../../../../../shared/data/registry``.

Chosen are parties that no source calls dissolved and that have a tie to a living network which no source calls ended,
then others that stood in a recent election, those of countries with few parties first; their wings that have a Wikidata
item; their lineage among each other. Only facts are taken: names, dates, identifiers, standings. No sentence, no
left-right score and no ideology tag is read.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

HERE = Path(__file__).parent
PARTIES = 1030
WINGS = 80
SINCE = "2005"
STATED_ON = "2025-07"
Row = Mapping[str, str]

# Bodies that are gone, or are no network of parties. The source has no end for them; to print "member of the Comintern,
# date unknown" beside a living party would mislead.
LEFT_OUT = frozenset(
    f"net-{name}"
    for name in (
        "communist-international",
        "cominform",
        "labour-and-socialist-international",
        "second-international",
        "international-entente-of-radical-and-similar-democratic-part",
        "international-secretariat-of-democratic-parties-of-christian",
        "international-agrarian-bureau",
        "international-peasants-union",
        "krestintern",
        "international-socialist-commission",
        "international-working-union-of-socialist-parties",
        "international-revolutionary-marxist-centre",
        "asian-socialist-conference",
        "international-left-opposition",
        "balkan-communist-federation",
        "new-european-order",
        "national-party-of-europe",
        "european-social-movement",
        "nation-europa",
        "african-democratic-rally",
        "african-regroupment-party",
        "african-convention",
        "west-indies-federal-labour-party",
        "west-indies-democratic-labour-party",
        "arab-nationalist-movement",
        "axis-of-resistance",
        "muslim-brotherhood",
        "european-right-19841989",
        "european-right-19891994",
        "european-united-left-19891993",
        "rainbow-group-19841989",
        "rainbow-group-19891994",
        "technical-group-of-independents-19791984",
        "technical-group-of-independents-19992001",
        "communist-and-allies-group",
        "european-radical-alliance",
        "european-democratic-union",
        "european-democratic-alliance",
        "european-progressive-democrats",
        "union-for-europe",
        "europe-of-democracies-and-diversities",
    )
)
NETWORK_KINDS = {
    "ep_group": "ep-group",
    "european_party": "european-party",
    "european_alliance": "european-alliance",
    "interparliamentary_group": "interparliamentary",
    "interparliamentary_assembly": "interparliamentary",
}
LINEAGES = {
    "follows": ("succession", True),
    "replaces": ("succession", True),
    "followed_by": ("succession", False),
    "replaced_by": ("succession", False),
    "merged_into": ("merger", False),
    "separated_from": ("split", True),
}


class Sources:
    """The sources that the chosen rows name, each with a short id."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, str, str, str, str]] = {}

    def page(self, address: str) -> str:
        """A page of English Wikipedia."""
        title = unquote(address.rpartition("/")[2]).replace("_", " ")
        return self._id("w", f"{title} (English Wikipedia)", address, "CC BY-SA 4.0")

    def item(self, item: str) -> str:
        """An item of Wikidata."""
        return self._id("d", f"{item} (Wikidata)", f"https://www.wikidata.org/wiki/{item}", "CC0 1.0")

    def whole(self, kind: str) -> str:
        """A data set as a whole."""
        if kind == "partyfacts":
            return self._id("p", "Party Facts", "https://github.com/hdigital/partyfactsdata", "MIT", "2026-03-11")
        title = "Infoboxes of parties in English Wikipedia, as of July 2025 (partypositions-wikitags)"
        return self._id("i", title, "https://github.com/hdigital/partypositions-wikitags", "CC BY-SA 4.0")

    def _id(self, mark: str, title: str, address: str, licence: str, stated_on: str = STATED_ON) -> str:
        if address not in self.rows:
            self.rows[address] = (f"{mark}{len(self.rows) + 1}", title, address, licence, stated_on)
        return self.rows[address][0]


def main(folder: Path) -> None:
    """Read the folder, choose, and write organisations.csv, ties.csv, lineage.csv and sources.csv beside this file."""
    parties = {row["party_id"]: row for row in _read(folder, "parties.csv")}
    networks = {row["network_id"]: row for row in _read(folder, "networks.csv") if row["network_id"] not in LEFT_OUT}
    ties = [row for row in _read(folder, "memberships.csv") if row["network_id"] in networks and _sane(row, parties)]
    chosen = _choose(parties, ties)
    ties = [row for row in ties if row["party_id"] in chosen]
    tied = {row["network_id"] for row in ties}
    sources = Sources()
    organisations = [_network(networks[key], sources) for key in networks if key in tied]
    organisations += [_party(parties[key], sources) for key in chosen]
    wings: list[Row] = [row for row in _read(folder, "wings.csv") if row["party_id"] in chosen and row["wikidata"]]
    wings = _first_of_each(wings)[:WINGS]
    organisations += [_wing(row, parties[row["party_id"]], sources) for row in wings]
    rows = [_tie(row, parties[row["party_id"]], sources) for row in ties]
    rows += [_part(row, parties[row["party_id"]], sources) for row in wings]
    lineage = _lineage(_read(folder, "lineage.csv"), parties, chosen, sources)
    _write("organisations.csv", ORGANISATION, organisations)
    _write("ties.csv", TIE, rows)
    _write("lineage.csv", ("earlier", "later", "kind", "source"), lineage)
    _write("sources.csv", ("source", "title", "address", "licence", "stated_on"), sources.rows.values())


def _choose(parties: Mapping[str, Row], ties: Sequence[Row]) -> dict[str, None]:
    living = {key for key, row in parties.items() if not row["dissolved"] and row["country_iso3"] != "EUN"}
    open_ = {row["party_id"] for row in ties if not _ended(row) and row["status"] != "expelled"}
    chosen = dict.fromkeys(key for key in parties if key in living & open_)
    per_country = Counter(parties[key]["country_iso3"] for key in chosen)
    others = [key for key in living - set(chosen) if parties[key]["last_election"] >= SINCE]

    def rank(key: str) -> tuple[int, float, str]:
        row = parties[key]
        return per_country[row["country_iso3"]], -float(row["max_vote_share"] or 0), key

    while others and len(chosen) < PARTIES:
        best = min(others, key=rank)
        others.remove(best)
        chosen[best] = None
        per_country[parties[best]["country_iso3"]] += 1
    return chosen


def _sane(tie: Row, parties: Mapping[str, Row]) -> bool:
    founded = parties[tie["party_id"]]["founded"]
    return not (tie["from"] and founded and tie["from"][:4] < founded[:4])


def _ended(row: Row) -> bool:
    return row["status"].startswith("former") or bool(row["to"])


def _first_of_each(wings: Iterable[Row]) -> list[Row]:
    """One row for each Wikidata item, those with an end left out."""
    return list({row["wikidata"]: row for row in wings if not row["to"]}.values())


ORGANISATION = (
    "id", "kind", "network_kind", "wing_kind", "name", "native_name", "abbreviation", "aliases", "country", "parent",
    "founded", "dissolved", "wikidata", "partyfacts", "parlgov", "source",
)  # fmt: skip
TIE = ("organisation", "to", "kind", "standing", "start", "end", "ended", "source")


def _network(row: Row, sources: Sources) -> dict[str, str]:
    kind = row["kind"]
    return {
        "id": row["network_id"],
        "kind": "network",
        "network_kind": NETWORK_KINDS.get(kind, kind),
        "name": row["name"],
        "aliases": "; ".join(alias.strip() for alias in re.split("[;|]", row["aliases"]) if alias.strip()),
        "founded": row["founded"] if row["founded_source"].startswith("https://en.wikipedia.org/") else "",
        "wikidata": row["wikidata"],
        "source": _network_source(row, sources),
    }


def _network_source(row: Row, sources: Sources) -> str:
    if row["founded_source"].startswith("https://en.wikipedia.org/"):
        return sources.page(row["founded_source"])
    return sources.item(row["wikidata"]) if row["wikidata"] else sources.whole("infoboxes")


def _party(row: Row, sources: Sources) -> dict[str, str]:
    return {
        "id": row["party_id"],
        "kind": "party",
        "name": row["name_en"],
        "native_name": row["name_native"] if row["name_native"] != row["name_en"] else "",
        "abbreviation": row["abbreviation"],
        "country": row["country_iso3"],
        "founded": row["founded"] if row["founded"] >= "1500" else "",
        "wikidata": row["wikidata"],
        "partyfacts": row["partyfacts_id"],
        "parlgov": row["parlgov_id"],
        "source": sources.page(row["wikipedia"]) if row["wikipedia"] else sources.whole("partyfacts"),
    }


def _wing_id(row: Row) -> str:
    return f"{row['party_id']}/{row['kind']}/{row['wikidata']}"


def _wing(row: Row, party: Row, sources: Sources) -> dict[str, str]:
    think_tank = row["kind"] == "think_tank"
    return {
        "id": _wing_id(row),
        "kind": "think-tank" if think_tank else "wing",
        "wing_kind": "" if think_tank else row["kind"],
        "name": row["name"],
        "country": party["country_iso3"],
        "parent": row["party_id"],
        "wikidata": row["wikidata"],
        "source": _stated_by(row, party, sources),
    }


def _tie(row: Row, party: Row, sources: Sources) -> dict[str, str]:
    status, _, before = row["status"].partition("_")
    standing = (before or "member") if status == "former" else status
    return {
        "organisation": row["party_id"],
        "to": row["network_id"],
        "kind": "membership",
        "standing": "stated" if standing == "guest" else standing,
        "start": row["from"],
        "end": row["to"],
        "ended": "yes" if _ended(row) else "",
        "source": _stated_by(row, party, sources),
    }


def _part(row: Row, party: Row, sources: Sources) -> dict[str, str]:
    return {
        "organisation": _wing_id(row),
        "to": row["party_id"],
        "kind": "part",
        "standing": "stated",
        "start": row["from"],
        "source": _stated_by(row, party, sources),
    }


def _stated_by(row: Row, party: Row, sources: Sources) -> str:
    if "wikipedia" in row["source"] and party["wikipedia"]:
        return sources.page(party["wikipedia"])
    if "wikidata" in row["source"] and party["wikidata"]:
        return sources.item(party["wikidata"])
    return sources.whole("infoboxes")


def _lineage(
    rows: Iterable[Row], parties: Mapping[str, Row], chosen: Mapping[str, None], sources: Sources
) -> list[dict[str, str]]:
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in rows:
        party, other = row["party_id"], row["other_party_id"]
        kind, other_first = LINEAGES[row["relation"]]
        earlier, later = (other, party) if other_first else (party, other)
        known = {(key[0], key[1]) for key in found}
        if party in chosen and other in chosen and party != other and (later, earlier) not in known:
            stated = {
                "earlier": earlier,
                "later": later,
                "kind": kind,
                "source": sources.item(parties[party]["wikidata"]),
            }
            found.setdefault((earlier, later, kind), stated)
    return list(found.values())


def _read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, str] | Sequence[str]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([row.get(column, "") for column in columns] if isinstance(row, Mapping) else row)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
