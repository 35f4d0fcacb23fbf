"""CSV files of any kind: from their bytes to a table, and to the examples that are in it."""
