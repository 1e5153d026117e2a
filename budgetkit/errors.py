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
