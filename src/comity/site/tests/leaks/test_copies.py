"""What the machine's owner writes for others to take: the copy of a log says what anybody may read."""

from pathlib import Path

import pytest

from comity.plain.levels import Realm
from comity.record.copies import answer
from comity.record.core.copy import DISCLOSURES
from comity.record.tests.copied import copied
from comity.record.tests.other import alone
from comity.site.tests.leaks.house import Reader, State
from comity.site.tests.leaks.opened import opened
from comity.site.tests.leaks.walk import bytes_of
from comity.site.tests.leaks.world import World


def test_the_copy_of_a_log_holds_no_closed_word(world: World, tmp_path: Path) -> None:
    """``./comity record copy``; leaves and their ids are never rewritten, so it is the words that are looked for."""
    for realm in Realm:
        copied(realm, tmp_path / realm, at=world.at)
        stands, lines = answer(tmp_path / realm)
        assert stands, lines[:5]
        assert lines == alone(tmp_path / realm).stdout.splitlines()
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len([path for path in written if path.name == DISCLOSURES]) == len(Realm)
    told = b"".join(part for path in written for part in opened((tmp_path / path).read_bytes()))
    closed = {one.word for one in world.hidden_from(Reader.ANONYMOUS)}
    assert [word for word in closed if word.encode() in told] == []
    public = {one.word for one in world.planted.values() if world.allows(one, Reader.ANONYMOUS)}
    assert any(word.encode() in told for word in public)


@pytest.mark.parametrize(
    ("kind", "way", "said"),
    [("file", "file/{}/download", "What was said of {}."), ("text", "text/{}.pdf", "All shores share {}.")],
)
def test_what_is_packed_compressed_or_typeset_is_read(world: World, kind: str, way: str, said: str) -> None:
    """A search that opened nothing would prove nothing."""
    one = world.planted[kind, State.PUBLIC]
    answer = world.browsers[Reader.ANONYMOUS].get("/fiction/en/" + way.format(one.row.public_id))
    assert answer.status == 200
    assert not any(words in answer.everything for words in (said.format(one.word), "said of", "share"))
    assert any(said.format(one.word) in text for text in bytes_of(answer))
