"""A real Dovecot and its mailboxes, which tests fill by writing Maildir files or by APPEND."""

from __future__ import annotations

import itertools
import os
import shutil
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from imapclient import IMAPClient

PASSWORD = "shouquanma163"

CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
last_valid_uid = 0
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
mail_location = maildir:{root}/mail/%u
mailbox_list_index = yes
maildir_very_dirty_syncs = no
mail_fsync = never
mail_max_userip_connections = 100
login_greeting = test server ready
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={root}/mail/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
protocol imap {{
  rawlog_dir = {root}/mail/%u/rawlog
}}
"""


@dataclass
class Account:
    """One mailbox (INBOX) in Dovecot. Times and zones are INTERNALDATE's."""

    server: Dovecot
    user: str
    password: str = PASSWORD
    counter: Iterator[int] = field(default_factory=itertools.count)

    @property
    def folder(self) -> Path:
        return self.server.root / "mail" / self.user

    def deliver(self, raw: bytes, received_at: datetime) -> None:
        """Puts a message into `new`, as a delivery agent does; INTERNALDATE is `received_at` in Dovecot's +0800."""
        stamp = received_at.timestamp()
        name = f"{int(stamp)}.M{next(self.counter):06d}.{uuid4().hex[:8]}"
        temporary = self.folder / "tmp" / name
        temporary.write_bytes(raw)
        os.utime(temporary, (stamp, stamp))
        self.server.own(temporary)
        temporary.rename(self.folder / "new" / name)

    def fill(self, number: int, received_at: datetime) -> None:
        """Old mail, any number of it: small messages that somebody has read, known to the server's index."""
        stamp = received_at.timestamp()
        for one in range(number):
            path = self.folder / "cur" / f"{int(stamp)}.F{one:06d}:2,S"
            path.write_bytes(b"Message-ID: <old.%d@example.cn>\r\nSubject: old %d\r\n\r\nold\r\n" % (one, one))
            os.utime(path, (stamp, stamp))
        with self.client() as client:
            client.noop()

    def append(self, raw: bytes, received_at: datetime, flags: tuple[bytes, ...] = ()) -> None:
        """APPENDs a message with this INTERNALDATE."""
        with self.client() as client:
            client.append("INBOX", raw, flags, received_at)

    @contextmanager
    def client(self) -> Iterator[IMAPClient]:
        """Another mail program that uses the mailbox at the same time, with INBOX selected for writing."""
        context = ssl.create_default_context(cafile=str(self.server.ca_file))
        with IMAPClient("127.0.0.1", self.server.tls_port, ssl_context=context) as client:
            client.login(self.user, self.password)
            client.select_folder("INBOX")
            yield client

    def flags(self) -> dict[int, tuple[bytes, ...]]:
        """The flags of each UID."""
        with self.client() as client:
            uids = client.search("ALL")
            return {uid: tuple(answer[b"FLAGS"]) for uid, answer in client.fetch(uids, ["FLAGS"]).items()}

    def change_uidvalidity(self) -> None:
        """What a restored or moved mailbox looks like: the same mail, other UIDs, another UIDVALIDITY."""
        with self.client() as client:
            validity = client.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"]
        for path in (*self.folder.glob("dovecot*"),):
            path.unlink(missing_ok=True)
        listing = self.folder / "dovecot-uidlist"
        listing.write_text(f"3 V{validity + 7} N1 G{uuid4().hex}\n")
        self.server.own(listing)

    def keep_log(self) -> None:
        """From the next login on, `log()` tells what was said."""
        rawlog = self.folder / "rawlog"
        rawlog.mkdir()
        self.server.own(rawlog)

    def log(self) -> list[str]:
        """What clients said after LOGIN, line by line, session after session."""
        texts = [path.read_bytes() for path in sorted((self.folder / "rawlog").glob("*.in"))]
        return [line.decode("ascii", "replace").strip() for text in texts for line in text.splitlines()]

    def heard(self) -> bytes:
        """What the server said after LOGIN."""
        return b"".join(path.read_bytes() for path in sorted((self.folder / "rawlog").glob("*.out")))


@dataclass(frozen=True)
class Dovecot:
    """The server. Any user may log in with PASSWORD."""

    root: Path
    owner: str | None
    tls_port: int
    plain_port: int
    ca_file: Path

    def write_config(self, cert: Path, key: Path) -> Path:
        """dovecot.conf, for Dovecot 2.3."""
        user = self.owner or _me()
        text = CONFIG.format(
            root=self.root, user=user, group=_group(user), cert=cert, key=key,
            password=PASSWORD, plain=self.plain_port, tls=self.tls_port,
        )  # fmt: skip
        path = self.root / "dovecot.conf"
        path.write_text(text)
        return path

    def own(self, path: Path) -> None:
        """Gives a file made by the test to the server."""
        if self.owner:
            shutil.chown(path, self.owner, _group(self.owner))

    def account(self, user: str | None = None) -> Account:
        """A new, empty mailbox."""
        account = Account(self, user or f"u{uuid4().hex[:10]}@example.cn")
        for folder in (self.root / "mail", account.folder, *(account.folder / name for name in ("cur", "new", "tmp"))):
            folder.mkdir(exist_ok=True)
            self.own(folder)
        return account

    def settings(self, account: Account, **changes: Any) -> dict[str, Any]:
        """The `mailbox` section of office.yaml for this account."""
        return {
            "host": "127.0.0.1", "port": self.tls_port, "security": "tls", "user": account.user,
            "password": account.password, "ca_file": str(self.ca_file), **changes,
        }  # fmt: skip


def _me() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def _group(user: str) -> str:
    import grp
    import pwd

    return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
