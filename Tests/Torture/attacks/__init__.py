"""The attacks, by topic."""
