"""Let `python -m nn_tui` do what `nn-tui` does."""

from nn_tui.tui.main import main

if __name__ == "__main__":
    main()
