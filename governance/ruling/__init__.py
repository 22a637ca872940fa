"""Who has to decide on a change, as data: facts, predicates, policies and their evaluation.

Pure values and functions: nothing here reads a row. What is known of a change is gathered
elsewhere and handed in.
"""
