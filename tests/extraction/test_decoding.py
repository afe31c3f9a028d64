"""Bytes become text by the truth of the bytes first, by labels second."""

from __future__ import annotations

import codecs

import pytest

from nohaven.extraction.decoding import codec_name, decode

ZH = "本店长期供应各种货物，价格优惠，欢迎来电咨询，量大从优，可以送货上门。" * 3
TW = "本店長期供應各種貨物，價格優惠，歡迎來電諮詢，量大從優，可以送貨上門。" * 3
JA = "当店では各種商品を取り扱っております。価格はお問い合わせください。カタカナ。" * 3
KO = "저희 가게는 다양한 상품을 취급하고 있습니다. 가격은 문의해 주세요. " * 3
RU = "Наш магазин продаёт разные товары по выгодным ценам, звоните нам. " * 3
FR = "Notre boutique vend des articles à prix réduit, été comme hiver : écrivez-nous. " * 3
EL = "Το κατάστημά μας πουλάει διάφορα προϊόντα σε καλές τιμές. " * 3
TR = "Mağazamız çeşitli ürünleri uygun fiyatlarla satıyor, bize ulaşın. İyi günler. " * 3
TH = "ร้านของเราขายสินค้าหลายชนิดในราคาถูก ติดต่อเราได้เลย " * 3

CHARSETS = [
    ("gb2312", "gb2312", ZH, "gb18030"),
    ("gbk", "gbk", ZH, "gb18030"),
    ("gb18030", "gb18030", ZH, "gb18030"),
    ("GB2312", "gbk", ZH + "镕囍", "gb18030"),  # letters that GB 2312 lacks
    ("big5", "big5", TW, "big5hkscs"),
    ("shift_jis", "shift_jis", JA, "cp932"),
    ("Shift_JIS", "cp932", JA + "①㈱", "cp932"),  # a vendor's letters under the plain label
    ("euc-jp", "euc-jp", JA, "euc_jp"),
    ("euc-kr", "euc-kr", KO, "cp949"),
    ("ks_c_5601-1987", "cp949", KO, "cp949"),
    ("windows-1250", "cp1250", "Náš obchod prodává různé zboží, příznivé ceny. " * 3, "cp1250"),
    ("windows-1251", "cp1251", RU, "cp1251"),
    ("koi8-r", "koi8-r", RU, "koi8-r"),
    ("windows-1252", "cp1252", FR, "cp1252"),
    ("iso-8859-1", "cp1252", FR + "€ “x”", "cp1252"),  # browsers read Latin-1 as windows-1252
    ("windows-1253", "cp1253", EL, "cp1253"),
    ("windows-1254", "cp1254", TR, "cp1254"),
    ("windows-1256", "cp1256", "متجرنا يبيع منتجات متنوعة بأسعار مناسبة " * 3, "cp1256"),
    ("tis-620", "cp874", TH, "cp874"),
]


@pytest.mark.parametrize("place", ["header", "meta"])
@pytest.mark.parametrize(("label", "codec", "text", "read_as"), CHARSETS)
def test_labelled(label: str, codec: str, text: str, read_as: str, place: str) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if place == "meta" else "<p>"
    got, charset = decode((head + text).encode(codec), label if place == "header" else None)
    assert got == head + text
    assert charset == read_as


UNLABELLED = [("gbk", ZH), ("big5", TW), ("shift_jis", JA), ("cp1251", RU), ("utf-8", ZH)]


@pytest.mark.parametrize(("codec", "text"), UNLABELLED)
def test_detected_without_a_label(codec: str, text: str) -> None:
    assert decode(text.encode(codec), None)[0] == text


@pytest.mark.parametrize("label", ["gb2312", "GBK", "x-gbk"])
def test_one_four_byte_sequence_does_not_ruin_the_page(label: str) -> None:
    text = ZH + "𠮷€" + ZH  # GB 18030 writes 𠮷 with four bytes
    assert decode(text.encode("gb18030"), label)[0] == text


WRONG_LABELS = [
    ("utf-8 under gbk", ZH.encode(), "gbk", ZH),
    ("utf-8 under latin-1", FR.encode(), "iso-8859-1", FR),
    ("utf-8 under big5", TW.encode(), "big5", TW),
    ("gbk under utf-8", ZH.encode("gbk"), "utf-8", ZH),
    ("gbk under windows-1252", ZH.encode("gbk"), "windows-1252", ZH),
    ("gbk under iso-8859-1", ZH.encode("gbk"), "ISO-8859-1", ZH),
    ("windows-1251 under utf-8", RU.encode("cp1251"), "utf-8", RU),
    ("shift_jis under utf-8", JA.encode("shift_jis"), "utf-8", JA),
]


@pytest.mark.parametrize(("payload", "label", "text"), [c[1:] for c in WRONG_LABELS], ids=[c[0] for c in WRONG_LABELS])
def test_wrong_label(payload: bytes, label: str, text: str) -> None:
    assert decode(payload, label)[0] == text


NO_CHARSETS = [
    "",
    "none",
    "utf8mb4",
    "\x00",
    "é",
    "\ud800",
    "x" * 5000,
    "base64",
    "hex",
    "rot13",
    "uu",
    "zip",
    "bz2",
    "quopri",
]
NO_CHARSETS += [
    "idna",
    "punycode",
    "undefined",
    "unicode_escape",
    "raw-unicode-escape",
    "utf-7",
    "mbcs",
    ";",
    "../../etc",
]


@pytest.mark.parametrize("label", NO_CHARSETS)
def test_labels_that_are_no_charset_are_passed_over(label: str) -> None:
    assert codec_name(label) is None
    assert decode(ZH.encode("gbk"), label)[0] == ZH
    assert decode(b"caf\xe9 \\u0041 " * 9, label)[0].startswith("café \\u0041")


@pytest.mark.parametrize(
    ("label", "name"), [(' "UTF-8" ', "utf-8"), ("windows-1251;", "cp1251"), ("x-sjis", "cp932"), (None, None)]
)
def test_codec_name(label: str | None, name: str | None) -> None:
    assert codec_name(label) == name


BOMS = [
    (codecs.BOM_UTF8, "utf-8", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
]


@pytest.mark.parametrize(("bom", "codec", "name"), BOMS)
def test_a_byte_order_mark_wins_over_any_label(bom: bytes, codec: str, name: str) -> None:
    assert decode(bom + ZH.encode(codec), "big5") == (ZH, name)
    assert decode(bom + ZH.encode(codec) + b"\xd8", None)[0].startswith(ZH)  # an odd byte at the end
    assert decode(bom, None) == ("", name)


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_utf_8_cut_inside_a_letter(cut: int) -> None:
    payload = (ZH + "🔫").encode()[:-cut]
    assert decode(payload, None, truncated=True) == (ZH, "utf-8")
    assert decode(payload, "utf-8")[0].rstrip("\ufffd") == ZH  # though nothing says it was cut


@pytest.mark.parametrize(("codec", "text"), [("gbk", ZH), ("big5", TW), ("shift_jis", JA), ("euc-kr", KO)])
def test_other_charsets_cut_inside_a_letter(codec: str, text: str) -> None:
    payload = (text.rstrip() + text[0]).encode(codec)[:-1]
    assert decode(payload, codec, truncated=True)[0].rstrip("\ufffd") == text.rstrip()


def test_one_bad_byte_does_not_change_the_charset_of_a_page() -> None:
    payload = ZH.encode() + b"\xff" + ZH.encode()
    assert decode(payload, "utf-8") == (f"{ZH}\ufffd{ZH}", "utf-8")


@pytest.mark.parametrize("label", [None, "gbk", "undefined"])
def test_empty(label: str | None) -> None:
    assert decode(b"", label) == ("", "utf-8")


def test_bytes_that_are_no_text_at_all() -> None:
    text, _ = decode(bytes(range(256)) * 20, "utf-8")
    assert text
    text.encode("utf-8")
