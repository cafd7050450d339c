"""A text in its other forms: JSON, plain text, PDF. Each is made from the edition, so it carries the whole dissent."""

from comity.plain.ids import slug
from comity.texts.exports.paper import pdf
from comity.texts.exports.plainly import plain
from comity.texts.exports.structured import as_json, hashed, summary
from comity.texts.queries import Edition

__all__ = ["as_json", "file_name", "hashed", "pdf", "plain", "summary"]


def file_name(edition: Edition) -> str:
    """A name for a saved copy: title, version, and that it is fiction, in plain letters."""
    readable = slug(edition.text.title).encode("ascii", "ignore").decode().strip("-") or "text"
    start = "fiction-" if edition.fictional else ""
    return f"{start}{readable}-version-{edition.version.number}"
