"""`python -m budgetkit`: the command line."""

from budgetkit.cli.main import main

if __name__ == "__main__":
    main()
