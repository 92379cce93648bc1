"""One file per interaction: what Bolt calls (thin), and the work that a row of the inbox asks for."""
