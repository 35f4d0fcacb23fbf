"""A lesson that is right, for tests that change it."""

GOOD = """format = 1
lesson = { name = "test", title = "A test", minutes = 1 }
preset = "3-4-1"

[[card]]
id = "one"
title = "It predicts {a2[1]}."
text = "Press `s`."
then = "From {one.a2[1]} to {a2[1]:4}."
goal = { key = "step" }
help = { hints = ["The key s."], solution = "s" }

[[card]]
id = "two"
title = "The loss is {loss}."
"""
