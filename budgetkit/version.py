"""The version of the library, and of what its parser makes of a document."""

from __future__ import annotations

__version__ = "0.2.0"

#: part of the key under which `budgetkit.build` keeps a parsed document: raise it with every change of what is read
PARSER_VERSION = "2.3"
