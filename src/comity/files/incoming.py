"""How what readers send comes in: kept in memory as far as it is taken in, counted beyond that, never on a disk."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class Bounded(FileUploadHandler):
    """Keeps at most ``UPLOAD_MOST`` bytes of all that one request brings.

    A file with names and places still in it is then on no disk before it is cleaned, and what is too large is told at
    its field: its length is known, its bytes are gone.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.room = settings.UPLOAD_MOST
        self.kept = BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """One more file begins."""
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Some bytes of it."""
        self.room -= len(raw_data)
        if self.room >= 0:
            self.kept.write(raw_data)
        else:
            self.kept = BytesIO()

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file: whole, or of its true length and empty."""
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name or "file", self.content_type, file_size, self.charset,
            self.content_type_extra,
        )  # fmt: skip
