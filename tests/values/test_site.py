"""Who controls a URL, and who shows it."""

from __future__ import annotations

import pytest

from nohaven.values.site import carrier_of, host_of, site_of

SITES = [
    ("https://www.shop.example/a?b#c", "shop.example"),  # reserved ending: the last two labels
    ("HTTP://WWW.Shop.Example:8080/", "shop.example"),  # case and port say nothing
    ("https://user:word@pay.shop.test./", "shop.test"),  # credentials and the root's dot
    ("http://a.b.c.onion/", "c.onion"),  # subdomains of an onion service are one operator's
    ("http://localhost/", "localhost"),
    ("https://news.bbc.co.uk/", "bbc.co.uk"),  # a suffix of two labels
    ("https://co.uk/", "co.uk"),  # a bare suffix is itself
    ("https://seller.github.io/x", "seller.github.io"),  # private part: each name has its own holder
    ("https://www.github.io/", "www.github.io"),
    ("http://shop.unknownending/", "shop.unknownending"),  # not on the list: last two labels
    ("http://192.0.2.7:8000/", "192.0.2.7"),
    ("http://[2001:DB8::1]/", "2001:db8::1"),
    ("http://[2001:db8:0:0::1]/", "2001:db8::1"),  # one spelling of an address
    ("http://例子.中国/", "xn--fsqu00a.xn--fiqs8s"),  # A-labels
    ("http://www.例子。中国/", "xn--fsqu00a.xn--fiqs8s"),  # the ideographic full stop is a dot
    ("https://t.me/Alpha_Shop", "t.me/alpha_shop"),
    ("https://t.me/s/Alpha_Shop/12?q=1", "t.me/alpha_shop"),  # the web preview of the same channel
    ("https://telegram.me/Alpha_Shop", "t.me/alpha_shop"),  # another host, the same account
    ("https://t.me/+AbCdEf123", "t.me"),  # an invitation names no account
    ("https://t.me/joinchat/AbCdEf", "t.me"),
    ("https://t.me/addstickers/Cats", "t.me"),
    ("https://t.me/%3Cb%3E", "t.me"),  # no name that Telegram gives
    ("https://t.me/", "t.me"),
]


@pytest.mark.parametrize(("url", "expected"), SITES)
def test_site_of(url: str, expected: str) -> None:
    assert site_of(url) == expected


JUNK = [
    "",
    "//",
    "shop.example",  # no scheme: a path
    "mailto:a@shop.example",
    "file:///a/b.html",
    "http://[bad/",
    "http://[::1",
    "http://..../",
    "http://two words.example/",
    "http://<b>.example/",
    "http://\ud800.example/",  # a lone surrogate out of JSON
    "http://a\u2100b.example/",  # a sign that NFKC turns into a stroke
]


@pytest.mark.parametrize("url", JUNK)
def test_junk_has_neither_site_nor_carrier(url: str) -> None:
    assert (site_of(url), carrier_of(url)) == (None, None)


ODD = [
    "http://" + "a" * 300 + ".example/",
    "http://" + "é" * 100 + ".example/",  # a label too long for an A-label
    "http://a..b.example/",
    "http://xn--zz.example/",  # no valid A-label
    "http://-a-.example:99999999/",
]


@pytest.mark.parametrize("url", ODD)
def test_odd_hosts_still_have_one_site(url: str) -> None:
    site = site_of(url)
    assert site is not None
    assert site.endswith(".example")
    assert carrier_of(url) == site


CARRIERS = [
    ("https://t.me/alpha", "t.me"),  # the account sells, the platform carries
    ("https://forum.shop.example/thread/1", "shop.example"),
    ("http://192.0.2.7/", "192.0.2.7"),
]


@pytest.mark.parametrize(("url", "expected"), CARRIERS)
def test_carrier_of(url: str, expected: str) -> None:
    assert carrier_of(url) == expected


def test_host_keeps_every_label() -> None:
    assert host_of("https://A.B.Shop.example:1/") == "a.b.shop.example"
