"""Readers: a file's bytes become a `Source`; only the modules here know the libraries of file formats.

A reader is called with the bytes, the name that messages call the file, and the `Limits` of what reading may cost; it
raises `UnreadableDocument` where a file is damaged, asks for a password, has no text, or goes beyond the limits.
"""
