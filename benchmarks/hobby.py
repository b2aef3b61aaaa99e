"""What a hobby script would do: imap-tools, mail-parser, SQLite. The measure of benchmarks/receive.py.

Usage: hobby.py PORT USER PASSWORD CA_FILE FOLDER
"""

import hashlib
import sqlite3
import sys
from base64 import b64decode
from pathlib import Path

import mailparser
from imap_tools import MailBox


def main(port: str, user: str, password: str, ca_file: str, folder: str) -> None:
    files = Path(folder)
    database = sqlite3.connect(files / "hobby.sqlite3")
    database.execute("CREATE TABLE mails (id TEXT PRIMARY KEY, sender TEXT, subject TEXT, date TEXT, body TEXT)")
    database.execute("CREATE TABLE files (mail TEXT, name TEXT, sha256 TEXT)")
    import ssl

    context = ssl.create_default_context(cafile=ca_file)
    with MailBox("127.0.0.1", port=int(port), ssl_context=context).login(user, password) as mailbox:
        for message in mailbox.fetch(mark_seen=False):
            mail = mailparser.parse_from_bytes(message.obj.as_bytes())
            row = (mail.message_id, str(mail.from_), mail.subject, str(mail.date), mail.body)
            database.execute("INSERT OR IGNORE INTO mails VALUES (?, ?, ?, ?, ?)", row)
            for attachment in mail.attachments:
                payload = attachment["payload"]
                data = b64decode(payload) if attachment["binary"] else payload.encode()
                name = hashlib.sha256(data).hexdigest()
                (files / name).write_bytes(data)
                database.execute("INSERT INTO files VALUES (?, ?, ?)", (mail.message_id, attachment["filename"], name))
            database.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
