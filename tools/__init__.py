"""What serves the project and not its users: typesetting of samples, pictures of the README, checks."""
