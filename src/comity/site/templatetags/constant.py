"""What is the same for every reader of a language is made once in a process: sentences, and parts of the layout.

It stands in the place of Django's library ``i18n``: templates load that name, and all its other tags are as they were.
"""

from django.template import Context, Library, Node
from django.template.base import FilterExpression, NodeList, Parser, Token, Variable, render_value_in_context
from django.templatetags import i18n
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

register = Library()
register.filters = dict(i18n.register.filters)
register.tags = dict(i18n.register.tags)


def _is_constant(asked: FilterExpression | None) -> bool:
    """Whether an expression is words of the template itself, without a filter."""
    return asked is None or (isinstance(asked.var, Variable) and asked.var.literal is not None and not asked.filters)


class Sentence(Node):
    """A sentence of the interface: it is looked up once for each language."""

    child_nodelists = ()

    def __init__(self, node: i18n.TranslateNode) -> None:
        self.node = node
        self.told: dict[str, str] = {}

    def render(self, context: Context) -> SafeString:
        """The sentence in the active language."""
        language = get_language() or ""
        if language not in self.told:
            self.told[language] = self.node.render(context)
        return SafeString(self.told[language])


@register.tag("trans")
@register.tag("translate")
def sentence(parser: Parser, token: Token) -> Node:
    """``{% translate %}`` as Django has it; where all of it is words of the template, looked up once."""
    node = i18n.do_translate(parser, token)
    constant = not node.asvar and _is_constant(node.filter_expression) and _is_constant(node.message_context)
    return Sentence(node) if constant else node


class Filled(Node):
    """A sentence with places: it is looked up once for each language, and filled each time."""

    child_nodelists = ()

    def __init__(self, node: i18n.BlockTranslateNode) -> None:
        self.node = node
        self.words, self.names = node.render_token_list(node.singular)
        self.told: dict[str, str] = {}

    def render(self, context: Context) -> SafeString:
        """The sentence in the active language, its places filled with values as they are shown there."""
        language = get_language() or ""
        if language not in self.told:
            self.told[language] = gettext(self.words)
        given = self.node.extra_context
        values = {name: given[name].resolve(context) if name in given else context.get(name, "") for name in self.names}
        try:
            shown = {name: render_value_in_context(value, context) for name, value in values.items()}
            return SafeString(self.told[language] % shown)
        except (KeyError, ValueError):  # a translation with a place of another name: told as Django tells it
            return SafeString(self.node.render(context))


@register.tag("blocktrans")
@register.tag("blocktranslate")
def filled(parser: Parser, token: Token) -> Node:
    """``{% blocktranslate %}`` as Django has it; where it is one sentence, looked up once."""
    node = i18n.do_block_translate(parser, token)
    plain = not node.plural and not node.message_context and not node.asvar
    return Filled(node) if plain else node


class Once(Node):
    """A part of the layout that depends on nothing but the language and what it names; no block stands in it."""

    child_nodelists = ()

    def __init__(self, within: NodeList, named: list[FilterExpression]) -> None:
        self.nodelist = within
        self.named = named
        self.made: dict[tuple[object, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """The part as it was first made for this language and these values."""
        key = (get_language(), *(one.resolve(context) for one in self.named))
        if key not in self.made:
            self.made[key] = self.nodelist.render(context)
        return self.made[key]


@register.tag
def once(parser: Parser, token: Token) -> Once:
    """``{% once fiction room %}…{% endonce %}``: name all that it depends on, few values each, nothing of a reader."""
    named = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    within = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(within, named)
