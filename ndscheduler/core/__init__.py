"""Jobs, and who manages them."""
