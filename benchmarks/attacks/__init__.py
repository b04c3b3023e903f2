"""Attack grading as a hostile student could, and count what came of it: `python -m benchmarks.attacks`.

Each attack is a submission with one right answer, which must keep its points, and one wrong one, which must
earn none. After each of them an honest submission is graded in the same process, by the same fork server.
"""
