"""How quick the pages are with a region's years of work: ``python -m benchmarks``."""
