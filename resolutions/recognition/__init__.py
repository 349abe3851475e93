"""Reading resolutions: pure Python, knows no Django."""
