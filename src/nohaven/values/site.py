"""The site of a URL: what one operator can control (registrable domain, or an account on a shared host)."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

# Endings that no register sells (RFC 2606, RFC 6761, RFC 7686): the last two labels are the site.
RESERVED_ENDINGS = frozenset({"example", "test", "invalid", "localhost", "onion"})

# Hosts whose first path segment names the account that controls the page, each with its one spelling.
ACCOUNT_HOSTS = {"t.me": "t.me", "www.t.me": "t.me", "telegram.me": "t.me", "telegram.dog": "t.me"}
NOT_ACCOUNTS = frozenset(
    {
        "joinchat",
        "share",
        "s",
        "proxy",
        "iv",
        "c",
        "socks",
        "addstickers",
        "addemoji",
        "addlist",
        "addtheme",
        "setlanguage",
    }
    | {"login", "confirmphone", "invoice", "boost", "contact", "giftcode", "bg"}
)
_ACCOUNT = re.compile(r"[a-z0-9_]+")
_NO_HOST = re.compile("[\\s\ud800-\udfff<>\"'`{}|\\\\^]")  # what stands in no host name


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    """The packaged public suffix list, private part included; names under unknown endings have none."""
    return PublicSuffixList(accept_unknown=False)


@lru_cache(maxsize=1024)  # asked several times a page
def host_of(url: str) -> str:
    """Lower-case host of a URL without port, A-labels; empty where there is none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    host = host.strip(".").lower()
    if _NO_HOST.search(host):
        return ""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


@lru_cache(maxsize=65536)
def registrable(host: str) -> str:
    """The registrable domain of a host by the public suffix list; an IP literal is itself."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    labels = host.split(".")
    if labels[-1] in RESERVED_ENDINGS:
        return ".".join(labels[-2:])
    return _suffixes().privatesuffix(host) or ".".join(labels[-2:])


def carrier_of(url: str) -> str | None:
    """The site that shows what is at a URL: its registrable domain. None where the URL has no host."""
    host = host_of(url)
    return registrable(host) if host else None


def site_of(url: str) -> str | None:
    """The site of a URL: `t.me/name` for an account on a shared host, else the registrable domain."""
    host = host_of(url)
    if not host:
        return None
    account = account_of(url, host)
    return account or registrable(host)


def account_of(url: str, host: str) -> str | None:
    """`t.me/name` where the URL's path names an account on a shared host."""
    if host not in ACCOUNT_HOSTS:
        return None
    parts = [p for p in urlsplit(url).path.split("/") if p]
    if len(parts) > 1 and parts[0] == "s":
        parts = parts[1:]
    name = parts[0].lower() if parts else ""
    named = _ACCOUNT.fullmatch(name) is not None and name not in NOT_ACCOUNTS
    return f"{ACCOUNT_HOSTS[host]}/{name}" if named else None
