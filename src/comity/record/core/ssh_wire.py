"""SSH's binary forms (RFC 4251 section 5): runs of bytes after their length, numbers, integers of any length."""

from comity.record.core.notes import Malformed


class Reader:
    """Reads one after another what stands in a run of bytes; raises Malformed, which names ``what`` is read."""

    def __init__(self, data: bytes, what: str) -> None:
        self.rest, self.what = data, what

    def take(self, count: int) -> bytes:
        """The next so many bytes."""
        if len(self.rest) < count:
            raise Malformed(f"{self.what} ends {count - len(self.rest)} bytes too early")
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def number(self) -> int:
        """Four bytes, the greatest first."""
        return int.from_bytes(self.take(4), "big")

    def run(self) -> bytes:
        """Bytes after their length."""
        return self.take(self.number())

    def text(self) -> str:
        """UTF-8 after its length."""
        try:
            return self.run().decode()
        except UnicodeDecodeError as error:
            raise Malformed(f"a name in {self.what} is not UTF-8") from error

    def integer(self) -> int:
        """A positive integer in its shortest form."""
        data = self.run()
        value = int.from_bytes(data, "big")
        if value == 0 or data != integer(value)[4:]:
            raise Malformed(f"a number in {self.what} is not positive or not in its shortest form")
        return value

    def end(self) -> None:
        """Nothing may follow."""
        if self.rest:
            raise Malformed(f"{len(self.rest)} bytes too many follow {self.what}")


def packed(*parts: str | bytes) -> bytes:
    """Each part after its length."""
    runs = (part.encode() if isinstance(part, str) else part for part in parts)
    return b"".join(len(run).to_bytes(4, "big") + run for run in runs)


def integer(value: int) -> bytes:
    """A positive integer after its length; one byte more where it would read as negative."""
    return packed(value.to_bytes(value.bit_length() // 8 + 1, "big"))
