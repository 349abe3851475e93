"""What was decided: resolutions, sections, recommendations."""
