"""The ledger, pulled: a service of the office's network is read and stored as a file would be.

sources (what is read, as data) -> asking, paging (pages, proved) -> records (rows by id) ->
workbook (cells, read as a file's) -> pulling (stored with the cursor in one transaction).
"""
