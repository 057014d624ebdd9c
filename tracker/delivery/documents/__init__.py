"""Official papers (docx): facts, put into a template, laid out after GB/T 9704-2012."""
