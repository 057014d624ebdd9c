"""The law: load and validate duties/, and say which version is in force on a date."""
