"""Text renderings of documents: tabs and bare lines."""
