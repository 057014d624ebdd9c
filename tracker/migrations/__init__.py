"""The ground: the history of the schema, applied by tracker.db.upgrade."""
