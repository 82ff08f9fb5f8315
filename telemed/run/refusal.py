"""A process that cannot start with its settings says so in one line and is not started again."""

import click

# sysexits.h: something is wrong with the configuration; systemd and our supervisor leave it at that.
EX_CONFIG = 78


class WrongSettings(click.ClickException):
    """Only an operator can put this right; the message names the setting."""

    exit_code = EX_CONFIG
