"""Bundles and files of journeys that were made to do harm to whoever reads them."""

import io
import json
import os
import stat
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cjops.core.sealing import verify
from journeys.importers import ImportRefused, read
from journeys.importers.parsing import MAX_DEPTH, parse_json, parse_yaml

Made = Callable[[zipfile.ZipFile], None]


def link(archive: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("ledger/key.pem")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    archive.writestr(entry, "/etc/passwd")


def twice(archive: zipfile.ZipFile) -> None:
    archive.writestr("manifest.json", "{}")
    archive.writestr("manifest.json", '{"files": {}}')


def bomb(archive: zipfile.ZipFile) -> None:
    with archive.open("manifest.json", "w", force_zip64=True) as file:
        for _ in range(600):
            file.write(bytes(1024 * 1024))


def many(archive: zipfile.ZipFile) -> None:
    for number in range(verify.MOST_FILES + 1):
        archive.writestr(f"{number}", b"")


def named(name: str) -> Made:
    return lambda archive: archive.writestr(zipfile.ZipInfo(name), b"x")


ARCHIVES: dict[str, Made] = {
    "slip": named("../../../tmp/slipped"),
    "slip-inside": named("a/../../slipped"),
    "absolute": named("/etc/cron.d/slipped"),
    "drive": named("C:/slipped"),
    "backslash": named("..\\..\\slipped"),
    "link": link,
    "twice": twice,
    "bomb": bomb,
    "many": many,
    "empty": lambda archive: None,
    "no-json": lambda archive: archive.writestr("manifest.json", b"\xff\xfe"),
    "list": lambda archive: archive.writestr("manifest.json", b"[]"),
    "deep": lambda archive: archive.writestr("manifest.json", b"[" * 100_000),
    "wrong-members": lambda archive: archive.writestr("manifest.json", b'{"files": {"a": {}}}'),
}


def archive_of(made: Made) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        made(archive)
    return target.getvalue()


def lying() -> bytes:
    """An archive whose file says that it is one byte, and unpacks to 30 million."""
    data = bytearray(archive_of(lambda one: one.writestr("manifest.json", bytes(30_000_000))))
    size = struct.pack("<I", 30_000_000)
    assert data.count(size) == 2
    return bytes(data.replace(size, struct.pack("<I", 1)))


def locked() -> bytes:
    """An archive that asks for a password."""
    data = bytearray(archive_of(lambda one: one.writestr("manifest.json", b"{}")))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def of_unknown_method() -> bytes:
    data = bytearray(archive_of(lambda one: one.writestr("manifest.json", b"{}")))
    data[8] = data[data.index(b"PK\x01\x02") + 10] = 99
    return bytes(data)


OTHERS: dict[str, Callable[[], bytes]] = {
    "lying": lying,
    "locked": locked,
    "unknown-method": of_unknown_method,
    "cut-off": lambda: archive_of(named("manifest.json"))[:-10],
    "no-bytes": lambda: b"",
    "gzip": lambda: zlib.compress(b"x"),
}


@pytest.fixture(params=[*ARCHIVES, *OTHERS])
def bundle(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "in" / "bundle.zip"
    path.parent.mkdir()
    name = request.param
    path.write_bytes(archive_of(ARCHIVES[name]) if name in ARCHIVES else OTHERS[name]())
    return path


def test_no_bundle_does_harm_to_the_ledger_s_check(db: None, bundle: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    tracemalloc.start()
    try:
        with pytest.raises(CommandError, match="no evidence bundle, or not whole"):
            call_command("verify_ledger", bundle=str(bundle))
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert sorted(tmp_path.rglob("*")) == before
    assert most < 60_000_000


def test_no_bundle_does_harm_to_its_own_check(bundle: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-B", verify.__file__, str(bundle)],
        capture_output=True, text=True, cwd=tmp_path, check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode == 2, done.stderr
    assert done.stdout.startswith("This is no evidence bundle, or not whole")
    assert done.stderr == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_an_unpacked_bundle_is_not_left_by_links(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "manifest.json").symlink_to(tmp_path / "secret")
    with pytest.raises(ValueError, match="link"):
        verify.files_of(folder)


def test_an_unpacked_bundle_with_what_is_no_file_does_not_wait_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "manifest.json")

    assert verify.files_of(tmp_path) == {}


# --- files of journeys --------------------------------------------------------------------------

JSON = {
    "twice": b'{"name": "a", "name": "b"}',
    "twice-inside": b'{"steps": [{"key": "a", "key": "b"}]}',
    "twice-escaped": b'{"name": 1, "n\\u0061me": 2}',
    "deep": b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2),
    "very-deep": b"[" * 1_000_000,
    "deep-objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "nan": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "too-large-number": b'{"a": 1e999}',
    "lone-surrogate": b'{"a": "\\ud800"}',
    "raw-surrogate": b'{"a": "\xed\xa0\x80"}',
    "not-utf-8": b'{"a": "\xff"}',
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "two-marks": b"\xef\xbb\xbf\xef\xbb\xbf{}",
    "comment": b'{"a": 1} // x',
    "two-values": b"{} {}",
    "control": b'{"a": "\x00"}',
    "wide": b"[" + b"0," * 600_000 + b"0]",
}


@pytest.mark.parametrize("name", JSON)
def test_no_odd_json_becomes_a_journey(name: str) -> None:
    for format_ in ("cjops", "salesforce"):
        with pytest.raises(ImportRefused):
            read(format_, JSON[name])
    with pytest.raises(ImportRefused):
        parse_json(JSON[name])


def test_one_mark_of_the_byte_order_is_passed_over() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


YAML = {
    "alias": b"a: &x 1\nb: *x",
    "laughs": b"a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]",
    "merge": b"a: &x {b: 1}\nc: {<<: *x}",
    "object": b"!!python/object/apply:os.system ['id']",
    "tag": b"a: !!str 1",
    "two-documents": b"a: 1\n---\nb: 2",
    "twice": b"a: 1\na: 2",
    "not-utf-8": b"a: \xff",
    "control": b"a: \x07",
    "deep": b"[" * 200 + b"]" * 200,
}


@pytest.mark.parametrize("name", YAML)
def test_no_odd_yaml_becomes_a_journey(name: str) -> None:
    with pytest.raises(ImportRefused):
        parse_yaml(YAML[name])
    with pytest.raises(ImportRefused):
        read("dittofeed", YAML[name])


def test_a_file_that_is_too_large_is_refused_before_it_is_parsed(monkeypatch: Any) -> None:
    monkeypatch.setattr("journeys.importers.parsing.orjson", None)
    with pytest.raises(ImportRefused, match="10 MB"):
        read("cjops", b" " * 10_000_001)


def test_unknown_members_are_refused() -> None:
    with pytest.raises(ImportRefused):
        read("cjops", json.dumps({"schema": "journey/1", "is_restricted": False}).encode())
