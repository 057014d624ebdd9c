"""How fast it is, against a yardstick measured in the same run; nothing here asserts seconds."""
