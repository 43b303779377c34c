"""`python -m presseschau`."""

from presseschau.cli import main

main()
