"""How it goes: pages that read and own no data."""
