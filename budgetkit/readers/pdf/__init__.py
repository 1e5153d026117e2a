"""PDF: ink, rulings, glyphs, grids; a check of every page, and camelot behind it."""
