"""What score sheets come to: checked scores, one choice per community, tables. Pure."""
