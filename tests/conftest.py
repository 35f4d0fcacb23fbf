"""How the tests run: a machine that is busy is no error."""

from hypothesis import settings

settings.register_profile("nn-tui", deadline=None)
settings.load_profile("nn-tui")
