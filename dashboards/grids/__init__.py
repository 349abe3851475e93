"""Grids: organisations against due dates, and against the recommendations of a resolution."""
