"""What is made once for a language is the same as what would be made each time, and never another reader's."""

import pytest
from django.template import Context, Engine
from django.utils import translation

ENGINE = Engine(
    libraries={"i18n": "comity.site.templatetags.constant"}, builtins=["django.template.defaulttags"], autoescape=True
)
SENTENCE = "{% load i18n %}{% translate 'Search' %}|{% translate word %}|{% translate 'Search' as told %}{{ told }}"


def made(words: str, **context: object) -> str:
    return ENGINE.from_string(words).render(Context(context))


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_sentence_is_told_in_the_language_of_each_reader(language: str) -> None:
    template = ENGINE.from_string(SENTENCE)
    with translation.override("fr"):
        template.render(Context({"word": "Texts"}))
    with translation.override(language):
        first, second, third = template.render(Context({"word": "<Texts>"})).split("|")
        assert first == third == translation.gettext("Search")
        assert second == "&lt;Texts&gt;"


FILLED = (
    "{% load i18n %}{% blocktranslate trimmed with day=when|upper name=who %} "
    "As of {{ day }}.  {{ name }} {{ who }} {{ gone }} 5% {% endblocktranslate %}"
)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_filled_sentence_is_the_one_that_django_tells(language: str) -> None:
    django = Engine(libraries={"i18n": "django.templatetags.i18n"})
    for engine in (ENGINE, ENGINE, django):
        with translation.override(language):
            told = engine.from_string(FILLED).render(Context({"when": "may", "who": "<b>"}))
            assert told == "As of MAY.  &lt;b&gt; &lt;b&gt;  5%"


def test_a_filled_sentence_is_translated_once_for_each_language() -> None:
    template = ENGINE.from_string(
        "{% load i18n %}{% blocktranslate with day=1 %}As of {{ day }}{% endblocktranslate %}"
    )
    for language in ("fr", "en", "ar", "fr"):
        with translation.override(language):
            assert template.render(Context()) == translation.gettext("As of %(day)s") % {"day": 1}


def test_a_part_is_made_again_for_each_value_it_names() -> None:
    template = ENGINE.from_string("{% load i18n %}{% once room %}{{ room }} {{ other }}{% endonce %}")
    told = [template.render(Context({"room": room, "other": n})) for n, room in enumerate(["a", "b", "a"])]
    assert told == ["a 0", "b 1", "a 0"]


def test_a_part_is_made_again_for_each_language() -> None:
    template = ENGINE.from_string("{% load i18n %}{% once %}{% translate 'Search' %}{% endonce %}")
    for language in ("fr", "en", "ar"):
        with translation.override(language):
            assert template.render(Context()) == translation.gettext("Search")


def test_a_part_that_is_never_closed_is_refused() -> None:
    with pytest.raises(Exception, match="endonce"):
        made("{% load i18n %}{% once %}")
