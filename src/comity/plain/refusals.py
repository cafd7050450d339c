"""Refusals: a rule said no. They carry code and parameters; the edges put them into words in the reader's language."""

from typing import ClassVar


class Refusal(Exception):
    """A rule said no. Subclasses are named for the rule broken; their docstring is the rule in English."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, **parameters: object) -> None:
        self.parameters = parameters
        super().__init__(self.code, parameters)

    def __str__(self) -> str:
        told = ", ".join(f"{name} {value!r}" for name, value in self.parameters.items())
        rule = " ".join((self.__doc__ or self.code).split())
        return f"{rule} ({told})" if told else rule


class NotVisible(Refusal):
    """Nothing that you may see stands at this address."""

    code = "not-visible"
    status = 404


class Withdrawn(Refusal):
    """What stood here was withdrawn. The record still holds that it existed and when it was withdrawn."""

    code = "withdrawn"
    status = 410


class NotAllowed(Refusal):
    """What you may see you may not always do; the reason says who can."""

    code = "not-allowed"
    status = 403


class BadInput(Refusal):
    """What was sent cannot be read; the parameters say what, where and what to do."""

    code = "bad-input"
    status = 422
