"""The knowledge base: read, cut into snippets, indexed in generations that never change once published."""
