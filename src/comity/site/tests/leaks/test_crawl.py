"""No word planted in what a reader may not see is in any byte that the reader can get by walking the house."""

import re

import pytest

from comity.mail.models import Letter
from comity.site.tests.leaks.house import Reader, State
from comity.site.tests.leaks.walk import ELSEWHERE, WHOLE, bytes_of, walked
from comity.site.tests.leaks.world import World

WORD, ID = re.compile(r"qz[a-z]{12}"), re.compile(r"\b[a-z2-7]{16}\b")
FROM_BEFORE = frozenset({State.EMBARGOED, State.FLAGGED})


def found(world: World, reader: Reader, each: int, elsewhere: int) -> tuple[set[str], int]:
    """Where a word or an id of something hidden stands, and how many answers were read."""
    hidden = list(world.hidden_from(reader))
    words = {one.word: one for one in hidden} | {one.row.public_id: one for one in hidden}
    leaks, read = set(), 0
    for address, answer in walked(world.browsers[reader], each=each, elsewhere=elsewhere):
        read += 1
        for text in bytes_of(answer):
            for word in {*WORD.findall(text), *ID.findall(text)} & words.keys():
                if not (word == words[word].row.public_id and _shows_leaves(address, words[word].state)):
                    leaks.add(f"{address}: {words[word].kind} {words[word].state}")
    return leaks, read


def _shows_leaves(address: str, state: State) -> bool:
    """Leaves are never rewritten: the id of what was public stands in them, and its values, withheld, do not."""
    return state in FROM_BEFORE and bool(re.search(r"/record(/|\.|$|\?)|/entry/", address))


@pytest.mark.parametrize("reader", Reader)
def test_no_hidden_word_is_in_any_byte_that_a_reader_gets(world: World, reader: Reader) -> None:
    leaks, read = found(world, reader, each=2, elsewhere=1 if reader is Reader.ANONYMOUS else 0)
    assert not leaks
    assert read > 80


@pytest.mark.long
@pytest.mark.parametrize("reader", Reader)
def test_no_hidden_word_is_in_any_byte_of_the_whole_house(world: World, reader: Reader) -> None:
    leaks, read = found(world, reader, each=WHOLE, elsewhere=ELSEWHERE)
    assert not leaks
    assert read > 2_000


def test_the_walk_meets_what_a_reader_may_see(world: World) -> None:
    """A walk that met nothing would prove nothing."""
    text = "".join(answer.text for _address, answer in walked(world.browsers[Reader.ANONYMOUS], each=2, elsewhere=1))
    public = {one.word for one in world.planted.values() if one.state is State.PUBLIC}
    assert public <= set(WORD.findall(text))


def test_no_letter_says_what_its_reader_may_not_see(world: World) -> None:
    hidden = {one.word for one in world.planted.values() if one.state is not State.PUBLIC}
    for letter in Letter.objects.all():
        assert not hidden & set(WORD.findall(letter.subject + letter.body))
