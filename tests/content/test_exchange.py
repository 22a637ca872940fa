"""E-mails from elsewhere, and assets on their way out."""

import io
import json
import tempfile
import tracemalloc
import zipfile

import pytest

from cjops.core.errors import Invalid
from content.definition import complete
from content.exchange.addressing import addresses_of, readdressed, restored
from content.exchange.archives import MOST_FILES, unpacked
from content.exchange.packing import CHUNK, Files, pack
from content.exchange.reading import read, text_of
from content.preview.embedding import stored_in
from tests.real import real_path

PAGE = """<!doctype html><html lang="de"><head><title>Willkommen &amp; mehr</title></head>
<body><div style="display: none">Drei Minuten</div><h1>Hallo</h1>
<p>Mehr <a href="https://bank.example/x">hier</a>.</p><img src="img/logo.png" alt="Logo">
</body></html>"""


def zipped(files, **more):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", **more) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def only(brought):
    (rendition,) = brought.document["renditions"]
    return rendition


def test_a_page_says_its_subject_language_and_preheader():
    found = read("willkommen.html", PAGE.encode())
    rendition = only(found)
    assert found.document["name"] == "Willkommen & mehr"
    assert (rendition["key"], rendition["subject"]) == ("de", "Willkommen & mehr")
    assert rendition["preheader"] == "Drei Minuten"
    assert (rendition["format"], rendition["body"]) == ("html", PAGE)


def test_its_text_part_is_made_from_its_words():
    assert text_of(PAGE).splitlines()[-2:] == ["Mehr hier (https://bank.example/x).", "Logo"]


def test_mjml_is_known_by_its_beginning():
    assert only(read("x.html", b"<mjml><mj-body></mj-body></mjml>"))["format"] == "mjml"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("welcome.zh-Hans.html", "zh-hans"),
        ("fr/index.html", "fr"),
        ("english-index.html", "en"),
        ("defence.html", "en"),
    ],
)
def test_a_language_may_stand_in_the_name(name, expected):
    assert only(read(name, b"<p>Hi</p>"))["key"] == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<p>né</p>".encode("utf-8-sig"), "<p>né</p>"),
        ("<p>né</p>".encode("utf-16"), "<p>né</p>"),
        (b'<meta charset="gb18030"><p>' + "您好".encode("gb18030"), "您好"),
        ("<p>né</p>".encode("cp1252"), "<p>né</p>"),
        (b'<meta charset="no-such"><p>n\xe9', "né"),
        (b"<p>a\x00b\xe2\x80\xaec</p>", "abc"),
    ],
    ids=ascii,
)
def test_bytes_become_text(data, expected):
    assert expected in only(read("x.html", data))["body"]


def test_pictures_of_a_zip_come_along():
    data = zipped({"mail/index.html": PAGE, "mail/img/Logo.PNG": b"png", "notes.txt": b"x"})
    found = read("mail.zip", data)
    assert found.pictures == {"zip:mail/img/Logo.PNG": b"png"}
    assert 'src="zip:mail/img/Logo.PNG"' in only(found)["body"]
    assert found.notes == ()


def test_pictures_that_are_elsewhere_are_told():
    page = '<p><img src="https://x.example/a.png"><img src="gone.png"></p>'
    found = read("x.zip", zipped({"index.html": page}))
    assert "2 pictures are elsewhere" in found.notes[0]


def test_pictures_in_styles_come_along():
    page = (
        '<td background="a.png" style="background:url(b.png)"></td><style>p{x:url("c.png")}</style>'
    )
    files = {"i.html": page, **{f"{name}.png": name.encode() for name in "abc"}}
    assert len(read("x.zip", zipped(files)).pictures) == 3


def test_each_language_of_a_zip_is_a_rendition():
    data = zipped({"en/index.html": "<p>Hi</p>", "zh-Hans/index.html": "<p>您好</p>"})
    found = read("x.zip", data)
    assert [one["key"] for one in found.document["renditions"]] == ["en", "zh-hans"]


def test_a_second_page_in_a_language_is_left_out_and_told():
    found = read("x.zip", zipped({"a.html": "<p>1</p>", "b.html": "<p>2</p>"}))
    assert "left out" in found.notes[0]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.html", b""),
        ("x.docx", b"hello"),
        ("x.zip", b"PK\x03\x04 broken"),
        ("x.zip", zipped({"readme.txt": "no page"})),
        ("x.zip", zipped({"../x.html": "<p>"})),
        ("x.zip", zipped({"/x.html": "<p>"})),
        ("x.zip", zipped({"c:/x.html": "<p>"})),
        ("x.zip", zipped({"a\\..\\..\\x.html": "<p>"})),
        ("x.zip", zipped({"a.html": "<p>", "A.HTML": "<p>"})),
        ("x.zip", zipped({f"{n}.html": "" for n in range(MOST_FILES + 1)})),
        ("x.zip", zipped({"manifest.json": "{"})),
        ("x.zip", zipped({"manifest.json": "[]"})),
        ("x.zip", zipped({"manifest.json": '{"format": "other/1"}'})),
        ("x.html", b"x" * 2_000_001),
    ],
    ids=range(14),
)
def test_what_is_no_email_is_refused_in_words(name, data):
    with pytest.raises(Invalid) as refused:
        read(name, data)
    assert refused.value.errors or refused.value.message


def test_a_bomb_stops_at_the_limit(monkeypatch):
    monkeypatch.setattr("content.exchange.archives.MOST_UNPACKED", 10_000)
    with pytest.raises(Invalid):
        unpacked(zipped({"a.html": b"0" * 1_000_000}, compression=zipfile.ZIP_DEFLATED))


def test_links_in_a_zip_are_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        entry = zipfile.ZipInfo("x.html")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(Invalid):
        unpacked(target.getvalue())


def shipped(document, held, names=None, **about):
    """The zip of a document, with `held` as what the storage has of each hash."""

    def opened(digest):
        if digest not in held:
            raise FileNotFoundError
        return io.BytesIO(held[digest])

    target = io.BytesIO()
    keys = tuple(one["key"] for one in document["renditions"])
    names = dict.fromkeys(held, "logo.png") if names is None else names
    files = Files(names, opened, dict.fromkeys(names, keys))
    missing = pack(target, document, {"key": "hello", "version": 1, **about}, files)
    return target.getvalue(), missing


AB, CD = "ab" * 32, "cd" * 32


def two_languages():
    return complete(
        {
            "name": "Hello",
            "kind": "email",
            "renditions": [
                {
                    "key": "en",
                    "subject": "Hi",
                    "body": f"<p>Dear&nbsp;you</p><img src=/content/old/pictures/{AB}/?size=page>",
                },
                {"key": "zh-hans", "subject": "您好", "format": "mjml", "body": "<mjml></mjml>"},
            ],
        }
    )


def test_what_went_out_comes_in_again():
    document = two_languages()
    data, missing = shipped(document, {AB: b"png"})
    found = read("hello.zip", data)
    assert found.document == document
    assert (found.pictures, found.names) == ({AB: b"png"}, {AB: "logo.png"})
    assert (missing, found.notes) == ((), ())
    files = unpacked(data)
    assert b"src=../pictures/logo.png>" in files["en/message.html"]
    assert shipped(document, {AB: b"png"})[0] == data


def test_zips_that_name_pictures_by_their_address_come_in():
    manifest = {
        "format": "cjops-asset/1",
        "document": two_languages(),
        "pictures": {f"/content/hello/pictures/{AB}/": "pictures/logo.png"},
    }
    files = {"manifest.json": json.dumps(manifest), "pictures/logo.png": b"png"}
    assert read("hello.zip", zipped(files)).pictures == {AB: b"png"}


def test_what_the_storage_has_lost_is_in_the_manifest_and_told_on_the_way_in():
    data, missing = shipped(two_languages(), {}, names={AB: "logo.png"})
    assert [(one.file, one.name, one.renditions) for one in missing] == [
        (AB, "logo.png", ("en", "zh-hans"))
    ]
    manifest = json.loads(unpacked(data)["manifest.json"])
    assert manifest["pictures"] == {}
    assert manifest["missing"] == [
        {"file": AB, "name": "logo.png", "renditions": ["en", "zh-hans"]}
    ]
    assert "1 file was missing already" in read("hello.zip", data).notes[0]


def test_an_email_without_a_text_part_gets_its_words():
    assert unpacked(shipped(two_languages(), {})[0])["en/message.txt"] == b"Dear you"


def test_an_email_with_a_text_part_keeps_it():
    document = two_languages()
    document["renditions"][0]["text"] = "As written"
    assert unpacked(shipped(document, {})[0])["en/message.txt"] == b"As written"


def test_files_of_one_name_are_numbered():
    files = unpacked(shipped(two_languages(), {AB: b"1", CD: b"2"})[0])
    assert (files["pictures/logo.png"], files["pictures/logo-2.png"]) == (b"1", b"2")


def test_files_go_in_one_by_one_and_never_as_a_whole():
    class Large(io.RawIOBase):
        """A file that refuses to be read at once."""

        left = 64 * CHUNK

        def read(self, size=-1):
            assert 0 < size <= CHUNK
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

    with tempfile.TemporaryFile() as target:
        files = Files({AB: "a.png"}, lambda _digest: Large(), {AB: ("en",)})
        pack(target, two_languages(), {}, files)
        with zipfile.ZipFile(target) as archive:
            assert archive.getinfo("pictures/a.png").file_size == 64 * CHUNK


def test_stored_pictures_are_found_however_they_are_written():
    body = (
        f"<img src=https://x.example/content/a/pictures/{AB}/?size=page>"
        f"![x](/content/b/pictures/{CD})"
    )
    assert stored_in(body) == {AB, CD}
    assert restored(body, {AB: "1", CD: "2"}.get) == "<img src=1>![x](2)"


@pytest.mark.real_data
def test_real_emails_come_in():
    paths = sorted(real_path("email").glob("*/*.html"))
    assert len(paths) == 16
    for path in paths:
        rendition = only(read(path.name, path.read_bytes()))
        assert rendition["body"]
        assert rendition["text"]


# --- what is made to do harm ---------------------------------------------------------------------


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_in_one_go_is_refused(method):
    with pytest.raises(Invalid) as refused:
        unpacked(zipped({"a.html": b"x" * 1_000}, compression=method))
    assert "packed in a way" in refused.value.errors["file"][0]


def test_a_bomb_is_left_at_the_limit():
    bomb = zipped({"a.html": bytes(130_000_000)}, compression=zipfile.ZIP_DEFLATED)
    tracemalloc.start()
    with pytest.raises(Invalid):
        unpacked(bomb)
    assert tracemalloc.get_traced_memory()[1] < 2 * 130_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "style", ["url(" + " " * 200_000, "url(" * 100_000, "url('" * 100_000, 'url("' * 100_000]
)
def test_styles_that_go_nowhere_are_read_once(style):
    assert addresses_of(f"<style>{style}</style>") == []


def test_many_addresses_are_changed_in_one_walk():
    names = [f"a.png?{number}" for number in range(20_000)]
    body = "".join(f'<img src="{name}">' for name in names)
    found = readdressed(body, {name: f"zip:{name}" for name in names})
    assert found == "".join(f'<img src="zip:{name}">' for name in names)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<img src="a b.png">', '<img src="NEW">'),
        ("<img src=' a b.png '>", "<img src=' NEW '>"),
        ('it\'s <img src="a b.png">', 'it\'s <img src="NEW">'),
        ("a{background:url(a b.png)}", "a{background:url(NEW)}"),
        ("a{background:url('a b.png')}", "a{background:url('NEW')}"),
        ('<img alt="an a b.png here">', '<img alt="an a b.png here">'),
    ],
)
def test_an_address_is_changed_where_it_stands_alone(before, after):
    assert readdressed(before, {"a b.png": "NEW"}) == after


def test_what_a_page_writes_for_markup_is_the_same_address():
    assert readdressed('<img src="a?x=1&amp;y=2">', {"a?x=1&y=2": "NEW"}) == '<img src="NEW">'


@pytest.mark.parametrize("charset", ["undefined", "unicode_escape", "idna", "rot13", "no-such"])
def test_what_is_no_encoding_of_texts_is_passed_over(charset):
    page = f"<meta charset='{charset}'><title>x</title><p>\\u0041 ".encode() + b"\xff</p>"
    assert "\\u0041" in only(read("a.html", page))["body"]


def test_pages_in_the_encoding_they_name_are_read():
    page = "<meta charset='gb2312'><title>您好</title><p>您好</p>".encode("gb2312")
    assert only(read("a.html", page))["subject"] == "您好"


@pytest.mark.parametrize("pictures", [{"/x": [1]}, {"/x": None}, {"/x": {}}, [1]])
def test_a_manifest_that_names_no_files_is_refused(pictures):
    manifest = {"format": "cjops-asset/1", "document": {}, "pictures": pictures}
    with pytest.raises(Invalid):
        read("a.zip", zipped({"manifest.json": json.dumps(manifest)}))
