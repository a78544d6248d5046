"""What the page shares with the desktop of who uses it: double clicks, programs, what was open last."""
