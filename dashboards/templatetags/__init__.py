"""Template tags of dashboards: rows of grids, tables and lists."""
