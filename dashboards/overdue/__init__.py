"""«Просрочено»: what is late by municipality and organisation, worst first, and what is open."""
