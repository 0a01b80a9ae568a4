"""The hotel's duties: one folder each, with its tables, verbs, questions and papers."""
