"""Build lessons, grade submissions safely, and report on them: the teacher's side of the course."""
