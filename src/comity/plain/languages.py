"""The languages of the interface, each with its own name and direction."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """An interface language: BCP 47 code, its own name, its direction."""

    code: str
    name: str
    direction: str


LANGUAGES = (
    Language("en", "English", "ltr"),
    Language("fr", "Français", "ltr"),
    Language("es", "Español", "ltr"),
    Language("ar", "العربية", "rtl"),
)
CODES = tuple(language.code for language in LANGUAGES)
RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def direction(code: str) -> str:
    """Return ``rtl`` or ``ltr`` for a BCP 47 code, of interface or of content."""
    return "rtl" if code.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"


QUOTATION = {"fr": ("«\u00a0", "\u00a0»"), "es": ("«", "»"), "ar": ("«", "»"), "ru": ("«", "»")}
"""The outer quotation marks of a language; English ones elsewhere."""


def in_quotes(text: str, language: str) -> str:
    """Words between the quotation marks of the language they are in."""
    opening, closing = quotation(language)
    return f"{opening}{text}{closing}"


def quotation(language: str) -> tuple[str, str]:
    """The opening and the closing mark."""
    return QUOTATION.get(language.split("-", maxsplit=1)[0], ("“", "”"))


def isolated(text: str) -> str:
    """Words of any direction inside a plain sentence of another, between U+2068 and U+2069, so that neither turns."""
    return f"\u2068{text}\u2069"
