"""What a round is about, as data: its tables, their checks and the rules of scoring."""
