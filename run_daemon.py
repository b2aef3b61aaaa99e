#!/usr/bin/env python3
"""Baosong: the daemon behind the mail desk of a county government portal. `run_daemon.py --help` lists the commands."""

import sys

if __name__ == "__main__":
    from daemon.commands import main  # here, since workers load this file too and need none of it

    sys.exit(main(sys.argv[1:]))
