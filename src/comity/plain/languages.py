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
