"""From score sheets to what counts: checked scores, one choice per community, tables. Pure."""
