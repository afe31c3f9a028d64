"""The deployment's key: 32 random bytes under which card numbers and resident ids are hashed. Outside sweeps."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from nohaven.errors import UserMistake

_BYTES = 32


@dataclass(frozen=True, slots=True)
class Key:
    """The key and the id that may be shown: the start of a hash, from which the key cannot be guessed."""

    secret: bytes

    @property
    def id(self) -> str:
        """16 hex digits that name the key."""
        return hashlib.sha256(b"nohaven key id\n" + self.secret).hexdigest()[:16]

    def digest(self, value: str) -> str:
        """HMAC-SHA-256 of a value, in hex."""
        return hmac.new(self.secret, value.encode(), hashlib.sha256).hexdigest()

    def __repr__(self) -> str:
        return f"Key({self.id})"


def key_path() -> Path:
    """The file that NOHAVEN_KEY_FILE names, else `nohaven/key` in the user's configuration folder."""
    named = os.environ.get("NOHAVEN_KEY_FILE")
    if named:
        return Path(named)
    config = os.environ.get("XDG_CONFIG_HOME")
    return (Path(config) if config else Path.home() / ".config") / "nohaven" / "key"


def load_key(path: Path) -> Key:
    """The key in a file; made there at first use, readable by its owner alone."""
    try:
        if not path.exists():
            _make(path)
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise UserMistake(
            f"The key file {path} cannot be used ({type(error).__name__}); name another with NOHAVEN_KEY_FILE."
        ) from error
    if len(secret) != _BYTES:
        raise UserMistake(
            f"The key file {path} should hold {2 * _BYTES} hex digits; restore it or set NOHAVEN_KEY_FILE."
        )
    return Key(secret)


def _make(path: Path) -> None:
    """Write a new key; where another process was first, keep that one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_BYTES) + "\n")
    try:
        os.link(half, path)
    except FileExistsError:
        pass
    finally:
        half.unlink()
