"""The round as a page in the browser, for people who never saw a terminal."""
