"""Exported Polis conversations: what is read, what is refused, and agreement with an independent engine."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from comity.deliberation.cli import opinions
from comity.deliberation.core.opinions import Profile, draw_map, try_stability
from comity.deliberation.core.polis_files import (
    NoConversation,
    UnreadableConversation,
    conversations,
    read_conversation,
)

PEER = json.loads((Path(__file__).parent / "red_dwarf.json").read_text())
"""What red-dwarf 0.4.0 found in the same files; bench/opinions.py compares live and writes this."""
MATRIX = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1\n"
COMMENTS = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"


def folder(tmp_path: Path, matrix: str | bytes = "", **files: str) -> Path:
    if matrix:
        data = matrix if isinstance(matrix, bytes) else matrix.encode()
        (tmp_path / "participants-votes.csv").write_bytes(data)
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


def digest(people: list[str], labels: list[int]) -> str:
    """A grouping's fingerprint: people by number, groups named in the order they appear."""
    names: dict[int, int] = {}
    told = [
        f"{person}:{names.setdefault(label, len(names))}"
        for person, label in sorted(zip(people, labels, strict=True), key=lambda pair: int(pair[0]))
        if label >= 0
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


@pytest.mark.data
@pytest.mark.parametrize("name", sorted(PEER["conversations"]))
def test_polis_compat_finds_the_groups_and_voices_of_red_dwarf(shared_data: Path, name: str) -> None:
    conversation = read_conversation(shared_data / "polis" / name)
    chart = draw_map(conversation.votes, silenced=conversation.silenced, profile=Profile.COMPAT)
    told = PEER["conversations"][name]
    assert sorted(chart.sizes.tolist(), reverse=True) == told["sizes"]
    assert digest(list(chart.votes.person_ids), chart.labels.tolist()) == told["groups_sha256"]
    names = chart.votes.statement_ids
    ours = sorted([[names[voice.statement], voice.agrees] for voice in voices] for voices in chart.voices)
    assert ours == sorted(told["voices"])
    assert [[names[one.statement], one.agrees] for one in chart.common] == told["common"]


@pytest.mark.data
def test_the_counts_are_those_of_the_files(shared_data: Path) -> None:
    conversation = read_conversation(shared_data / "polis" / "brexit-consensus")
    votes = conversation.votes
    assert (votes.people, votes.statements, len(votes.value)) == (204, 50, 5303)
    assert [int((votes.value == value).sum()) for value in (1, -1, 0)] == [2685, 1952, 666]
    assert conversation.published is not None
    assert np.bincount(conversation.published + 1).tolist() == [7, 106, 91]


@pytest.mark.data
def test_votes_read_as_events_are_those_of_the_matrix(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "polis" / "brexit-consensus"
    (tmp_path / "votes.csv").write_bytes((source / "votes.csv").read_bytes())
    events = read_conversation(tmp_path).votes
    matrix = read_conversation(source).votes

    def cells(votes: object) -> set[tuple[str, str, float]]:
        assert isinstance(votes, type(matrix))
        rows = zip(votes.person, votes.statement, votes.value, strict=True)
        return {(votes.person_ids[p], votes.statement_ids[s], float(v)) for p, s, v in rows}

    assert cells(events) == cells(matrix)


@pytest.mark.data
def test_stability_is_told_and_the_same_each_time(shared_data: Path) -> None:
    conversation = read_conversation(shared_data / "polis" / "canadian-electoral-reform")
    chart = draw_map(conversation.votes, silenced=conversation.silenced)
    sure = try_stability(chart, seed=3)
    assert np.array_equal(sure.agreement, try_stability(chart, seed=3).agreement)
    assert sure.steady
    assert sure.least <= sure.median <= 1


@pytest.mark.data
def test_the_command_answers_for_a_folder_and_as_json(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert opinions(shared_data / "polis") == 0
    printed = capsys.readouterr().out
    assert printed.count("agreement with the published groups") == 5
    assert opinions(shared_data / "polis" / "vtaiwan.uberx", as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["conversations"][0]["people"] == 1921


@pytest.mark.parametrize(
    ("matrix", "column", "row"),
    [
        (MATRIX + "1,0,0,2,1,1,1,2\n", "1", 2),
        (MATRIX + "1,0,0,2,1,1,1,yes\n", "1", 2),
        (MATRIX + "1,x,0,2,1,1,1,1\n", "group-id", 2),
        (MATRIX + "1,0,0,2,1,1,1,1\n1,0,0,2,1,1,1,1\n", "participant", 3),
        (MATRIX + "1,0,0,2,1,1,1\n", None, 2),
        ("people,0\n1,1\n", "participant", 1),
        ("participant,group-id,n-comments,n-votes,n-agree,n-disagree\n", None, 1),
        ("participant,0,0\n1,1,1\n", None, 1),
    ],
)
def test_a_bad_cell_is_named_by_file_row_and_column(tmp_path: Path, matrix: str, column: str | None, row: int) -> None:
    with pytest.raises(UnreadableConversation) as refused:
        read_conversation(folder(tmp_path, matrix))
    told = refused.value.parameters
    assert (told["file"], told["row"], told.get("column")) == ("participants-votes.csv", row, column)
    assert told["remedy"]


def test_wrong_encoding_and_broken_quotes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableConversation, match="UTF-8"):
        read_conversation(folder(tmp_path, MATRIX.encode() + "1,0,0,1,1,0,é,\n".encode("latin-1")))
    with pytest.raises(UnreadableConversation):
        read_conversation(folder(tmp_path, MATRIX + '1,0,0,1,1,0,"1,\n'))


def test_comments_say_what_moderation_took_out(tmp_path: Path) -> None:
    rows = "0,,0,1,0,0,1,One view\n0,,1,1,0,0,-1,Spam\n"
    read = read_conversation(folder(tmp_path, MATRIX + "1,,0,1,1,0,1,\n", comments=COMMENTS + rows))
    assert read.words == ("One view", "Spam")
    assert read.silenced.tolist() == [False, True]
    with pytest.raises(UnreadableConversation, match="moderated"):
        read_conversation(folder(tmp_path, comments=COMMENTS + "0,,0,1,0,0,maybe,One view\n"))


def test_a_folder_without_a_conversation_says_what_to_put_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NoConversation):
        conversations(tmp_path)
    with pytest.raises(NoConversation):
        conversations(tmp_path / "nowhere")
    assert opinions(tmp_path) == 2
    assert "participants-votes.csv" in capsys.readouterr().err


def test_one_bad_conversation_among_good_ones_is_named_and_the_others_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    bad.mkdir()
    header = "participant,group-id,n-comments,n-votes,n-agree,n-disagree," + ",".join(map(str, range(8))) + "\n"
    camp = ["1,1,1,1,1,1,-1,1", "-1,-1,-1,-1,-1,-1,1,-1"]
    folder(good, header + "".join(f"{at},,0,8,0,0,{camp[at % 2]}\n" for at in range(10)))
    folder(bad, MATRIX + "1,0,0,2,1,1,1,9\n")
    assert opinions(tmp_path) == 0
    told = capsys.readouterr()
    assert "bad:" in told.err
    assert "column '1'" in told.err
    assert "good" in told.out
