"""One reader per kind of file; each gives documents of plain-text blocks."""
