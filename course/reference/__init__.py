"""The reference solutions: right answers, in the words in which the lessons ask for them."""
