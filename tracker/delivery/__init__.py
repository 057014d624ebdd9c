"""Delivery: what leaves the house on paper; it reads and writes out, it never judges."""
