"""One document: what it says it is, reading it, and what is left over."""
