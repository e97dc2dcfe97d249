"""The audience's questions: asking, voting, moderating, answering."""
