"""The bare cost of the mailbox: every message fetched one by one and forgotten.

Usage: bare.py PORT USER PASSWORD CA_FILE
"""

import ssl
import sys
from imaplib import IMAP4_SSL


def main(port: str, user: str, password: str, ca_file: str) -> None:
    client = IMAP4_SSL("127.0.0.1", int(port), ssl_context=ssl.create_default_context(cafile=ca_file))
    client.login(user, password)
    client.select("INBOX", readonly=True)
    _, found = client.uid("SEARCH", "ALL")
    for uid in found[0].split():
        client.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
    client.logout()


if __name__ == "__main__":
    main(*sys.argv[1:])
