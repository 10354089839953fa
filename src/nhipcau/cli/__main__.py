"""`python -m nhipcau.cli`."""

from nhipcau.cli import main

if __name__ == "__main__":
    main()
