"""From grids to rows: captions, joining over pages, headers, labels, facts."""
