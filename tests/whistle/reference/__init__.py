"""A second, plain telling of words.md, against which the flows are tried (see test_model.py).

It shares nothing with the flows but names and, for deadlines, `organization.calendar`. Verbs that
its tables do not know are none of its business.
"""
