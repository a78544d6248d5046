"""A round as a whole: evaluated, its folder, its status town by town."""
