"""When things run, no rules: each job is one small step that a test calls directly."""
