"""What holds of whole pages, before anything on them is read."""
