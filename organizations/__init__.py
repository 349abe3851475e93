"""Who: organisations, groups of them, people and their roles."""
