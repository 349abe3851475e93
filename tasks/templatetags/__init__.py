"""Template tags of tasks: deadlines in words, tallies as bars."""
