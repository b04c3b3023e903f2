"""One check for each TODO, used by students, by the grader and by the project's own tests."""
