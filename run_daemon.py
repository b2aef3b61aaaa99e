#!/usr/bin/env python3
"""Baosong: the daemon behind the mail desk of a county government portal. `run_daemon.py --help` lists the commands."""

import sys

from daemon.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
