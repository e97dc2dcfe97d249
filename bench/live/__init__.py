"""The live room at the size of a real audience: 10,000 streams, votes, growth, faults."""
