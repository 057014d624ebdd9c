"""What was done: entries and their lines, corrections, import batches, coverage; append-only."""
