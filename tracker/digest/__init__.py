"""The digest: the week as one reader is told it, a plain object; it only reads."""
