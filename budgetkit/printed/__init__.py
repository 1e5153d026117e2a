"""How things are printed: widths and white space, numbers, ordinals, units of money, years. One place for each."""
