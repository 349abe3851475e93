"""An invented region with years of work, for measuring: the same data for the same seed."""
