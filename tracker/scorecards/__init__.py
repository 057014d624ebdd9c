"""How a document scores villages and offices: facts with their sources, and points."""
