"""What the command line tells a person when it cannot go on."""


class UserError(Exception):
    """One clear sentence for the person at the terminal: what is wrong and what to do. Ends the command with exit code 1."""
