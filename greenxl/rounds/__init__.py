"""A round as a whole: evaluated, its folder, where every town stands."""
