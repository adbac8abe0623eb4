"""Judges test code that nobody has run yet, from its text alone.

This is NOT a boundary. Whoever reads these rules can write around them: every author of new
evasions got some past the rules that were there before. What holds when code runs is the
confinement of ``running/harness``. The rules are there because that confinement holds for one run:
a test that is staged runs again tomorrow, unconfined, in the developer's pytest and in CI. They
refuse what a test has no reason to do, and what a reader would have to look at twice.

Start reading at ``judge.py``.
"""
