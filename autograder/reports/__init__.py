"""Pages for people: feedback for each student, reports on the class and the course. Data in, HTML out."""
