"""Readers: a file's bytes become a `Source`; only the modules here know the libraries of file formats."""
