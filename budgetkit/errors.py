"""The few errors that budgetkit raises; every other exception that leaves it is a bug."""


class BudgetkitError(Exception):
    """Root of all errors of budgetkit."""


class UnreadableDocument(BudgetkitError, ValueError):
    """Not a document that can be read: encrypted, damaged, empty or of another type.

    The message names the file and the reason.
    """


class UnknownCode(BudgetkitError, LookupError):
    """A classification code that the code book does not list (it may exist all the same)."""


class SpecError(BudgetkitError, ValueError):
    """A specification (forms, measures, rules, code books) or an argument that contradicts itself."""


class AmbiguousSeries(BudgetkitError, LookupError):
    """Several amounts fit what was asked for and differ; the message lists by what they can be told apart."""

    def __init__(self, message: str, values: object = None, candidates: object = None) -> None:
        super().__init__(message)
        #: the values of each column in which they differ
        self.values = values
        #: the facts that fit, a DataFrame; None where no facts were looked at
        self.candidates = candidates
