"""HTML, and pages of placed text."""
