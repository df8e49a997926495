#!/usr/bin/env python
"""Run Steward's management commands, starting the embedded servers for them where no real ones are named."""

import sys

from itsm.embedded.entry import run_command

if __name__ == "__main__":
    run_command(sys.argv)
