"""The annual report: a Word document whose template a clerk can change, filled with a round's figures."""
