"""Luze (履责): who owes which duty, what was done, and what follows from it."""

__version__ = "0.1.0"
