#!/usr/bin/env python3
"""Check an evidence bundle of CJOps, offline and without CJOps.

    pip install cryptography
    python verify.py [BUNDLE] [--key PUBLIC_KEY.pem] [--anchor TREE_HEADS]

BUNDLE is the zip file or the folder that it was unpacked into; without it, the folder of this file.
Get the public key, and tree heads that were kept elsewhere, from somebody else than whoever gave
you the bundle: the key inside proves only that the bundle is in one piece.

Exit code 0: all of it holds. 1: what is printed does not hold. 2: it could not be read.
"""

import argparse
import json
import stat
import sys
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
# What stands before the manifest where it is signed, so that no head passes for one.
PURPOSE = b"cjops evidence manifest\n"
LIVE = ("publish", "break_glass")
# What unpacks to more was made to fill somebody's memory.
MOST_FILES, MOST_BYTES = 20_000, 512 * 1024 * 1024
# What reading a file raises that is no bundle, or not whole: also where it asks for a password.
BROKEN = (
    *(OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, EOFError),
    *(RuntimeError, zlib.error, zipfile.BadZipFile),
)

Files = Mapping[str, bytes]


def check(files: Files, key: bytes = b"", anchors: str = "") -> Iterator[str]:
    """What does not hold, a sentence each. `key` is a public key in PEM, `anchors` one tree head in
    each line; both from elsewhere."""
    yield from check_manifest(files)
    known = load_key(key or files.get("ledger/key.pem", b""))
    if known is None:
        yield "There is no Ed25519 public key to check signatures with."
    elif SIGNATURE not in files or not is_signed(
        known, files[SIGNATURE], PURPOSE + files[MANIFEST]
    ):
        yield "The manifest is not signed by the key."
    head = read(files, "ledger/head.json")
    if known is not None:
        yield from check_head(known, head, "The tree head")
    entries = read(files, "ledger/entries.json")
    yield from check_entries(entries, head)
    yield from check_documents(files, bodies_of(entries))
    yield from check_content(files)
    yield from check_consistency(files, head)
    if anchors:
        yield from check_anchors(files, known, head, anchors)


# --- the files ------------------------------------------------------------------------------------


def check_manifest(files: Files) -> Iterator[str]:
    """Each file is there, and is what the manifest says."""
    listed = read(files, MANIFEST)["files"]
    for name, digest in sorted(listed.items()):
        if name not in files:
            yield f"{name} is missing."
        elif hex_of(files[name]) != digest:
            yield f"{name} is not what the manifest names."
    for name in sorted(files.keys() - listed.keys() - {MANIFEST, SIGNATURE}):
        yield f"{name} is not in the manifest."


def check_documents(files: Files, bodies: list[dict[str, Any]]) -> Iterator[str]:
    """Each document is the one that the ledger names by its digest."""
    documents = read(files, "documents/index.json")
    for name, said in sorted(documents.items()):
        if said["file"] not in files:
            yield f"The {name} document is missing."
        elif hex_of(files[said["file"]]) != said["digest"]:
            yield f"The {name} document is not the one of its digest."
    named = named_by(bodies)
    for name, digests in sorted(named.items()):
        if name in documents and documents[name]["digest"] not in digests:
            yield f"The {name} document is not the one that the ledger names."
    if "published" in named and "published" not in documents:
        yield "The ledger says that it was published, and the published document is not here."


def named_by(bodies: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Digests of documents that entries name."""
    named: dict[str, set[str]] = {}
    changes = [body for body in bodies if body.get("change") and body["digest"]]
    if changes:
        named["proposed"] = {changes[-1]["digest"]}
    for body in changes:
        if body["action"] in LIVE:
            named["published"] = {body["data"]["version_digest"]}
            named["before"] = {body["data"]["parent_digest"]}
    if bodies:
        named["version"] = {body["digest"] for body in bodies} | named.get("published", set())
    return named


def check_content(files: Files) -> Iterator[str]:
    """Content is of the versions that the documents show, by their digests."""
    documents = b"".join(data for name, data in files.items() if name.startswith("documents/"))
    for one in read(files, "content/index.json"):
        if hex_of(files.get(one["document"], b"")) != one["digest"]:
            yield f"{one['document']} is not the content of its digest."
        if one["digest"].encode() not in documents:
            yield f"No document shows {one['document']}."


# --- the ledger -----------------------------------------------------------------------------------


def check_head(key: Ed25519PublicKey, head: Mapping[str, Any], name: str) -> Iterator[str]:
    """A tree head is signed by the key."""
    if head["key"] != key_id(key):
        yield f"{name} over {head['size']} entries is of another key ({head['key'] or 'none'})."
    elif not is_signed(key, b64decode(head["signature"]), signed_text(head)):
        yield f"{name} over {head['size']} entries is not signed by the key."


def check_entries(entries: list[dict[str, Any]], head: Mapping[str, Any]) -> Iterator[str]:
    """Each entry is under the head, at its place, once."""
    before = -1
    for entry in entries:
        place = entry["position"]
        if place <= before:
            yield f"The entry at position {place} is out of order or comes twice."
        before = place
        leaf = bytes.fromhex(entry["leaf"])
        if entry.get("body") is not None and leaf_hash(entry["body"].encode()) != leaf:
            yield f"The entry at position {place} is not the one that was sealed."
        path = [bytes.fromhex(one) for one in entry["path"]]
        root = root_over(leaf, place, head["size"], path)
        if root is None or root.hex() != head["root"]:
            yield f"The entry at position {place} is not under the tree head."


def check_consistency(files: Files, head: Mapping[str, Any]) -> Iterator[str]:
    """The head goes on from the earlier ones that come along."""
    for earlier in read(files, "ledger/consistency.json"):
        if not goes_on(earlier["size"], earlier["root"], head, earlier["proof"]):
            yield f"The tree head does not go on from the one over {earlier['size']} entries."


def check_anchors(
    files: Files, key: Ed25519PublicKey | None, head: Mapping[str, Any], text: str
) -> Iterator[str]:
    """The log of the head is that of heads which were kept elsewhere."""
    earlier = {one["size"]: one["proof"] for one in read(files, "ledger/consistency.json")}
    anchors = [json.loads(line) for line in text.splitlines() if line.strip()]
    compared = 0
    for anchor in anchors:
        if key is not None:
            yield from check_head(key, anchor, "The anchor")
        if anchor["size"] == head["size"]:
            compared += 1
            if anchor["root"] != head["root"]:
                yield f"The anchor over {anchor['size']} entries is of another log."
        elif anchor["size"] in earlier:
            compared += 1
            if not goes_on(anchor["size"], anchor["root"], head, earlier[anchor["size"]]):
                yield f"The anchor over {anchor['size']} entries is of another log."
    if not compared:
        most = max((anchor["size"] for anchor in anchors), default=0)
        yield (
            "None of the anchors can be compared with this bundle: "
            + (
                f"its head is over {head['size']} entries, and they know {most}. Ask for a newer "
                "bundle, or for an explanation if there is none."
                if most > head["size"]
                else "it holds no proof that leads from them to its head."
            )
        )


def bodies_of(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the entries say."""
    return [json.loads(entry["body"]) for entry in entries if entry.get("body") is not None]


# --- RFC 6962 and RFC 9162 ------------------------------------------------------------------------


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


def root_over(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that a path leads to from the leaf at `index`; None where it fits no such tree."""
    if not 0 <= index < size:
        return None
    last, found = size - 1, leaf
    for other in path:
        if not last:
            return None
        if index % 2 or index == last:
            found = node_hash(other, found)
            while not index % 2 and index:
                index, last = index // 2, last // 2
        else:
            found = node_hash(found, other)
        index, last = index // 2, last // 2
    return found if not last else None


def goes_on(first: int, root: str, head: Mapping[str, Any], proof: list[str]) -> bool:
    """Whether the tree under `head` begins with the one of `first` leaves and that root."""
    size, path = head["size"], [bytes.fromhex(one) for one in proof]
    if first == size:
        return not path and root == head["root"]
    if not 0 < first < size or not path:
        return False
    if not first & (first - 1):
        # A complete tree is a subtree of the larger one as it stands.
        path.insert(0, bytes.fromhex(root))
    roots = roots_over(first, size, path)
    return roots is not None and roots[0].hex() == root and roots[1].hex() == head["root"]


def roots_over(first: int, size: int, path: list[bytes]) -> tuple[bytes, bytes] | None:
    """The roots of the smaller and the larger tree by a proof; None where it fits no such trees."""
    index, last = first - 1, size - 1
    while index % 2:
        index, last = index // 2, last // 2
    old = new = path[0]
    for other in path[1:]:
        if not last:
            return None
        if index % 2 or index == last:
            old, new = node_hash(other, old), node_hash(other, new)
            while not index % 2 and index:
                index, last = index // 2, last // 2
        else:
            new = node_hash(new, other)
        index, last = index // 2, last // 2
    return None if last else (old, new)


# --- keys and signatures --------------------------------------------------------------------------


def load_key(pem: bytes) -> Ed25519PublicKey | None:
    """The public key; None where there is none."""
    try:
        key = load_pem_public_key(pem)
    except ValueError:
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def key_id(key: Ed25519PublicKey) -> str:
    """What heads name it by."""
    return sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def signed_text(head: Mapping[str, Any]) -> bytes:
    """What the signature of a head is over."""
    members = {name: head[name] for name in ("at", "root", "size")}
    return json.dumps(members, sort_keys=True, separators=(",", ":")).encode()


def is_signed(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether the key signed the message."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


# --- reading --------------------------------------------------------------------------------------


def hex_of(data: bytes) -> str:
    """SHA-256, in hex."""
    return sha256(data).hexdigest()


def read(files: Files, name: str) -> Any:
    """The JSON of a file of the bundle."""
    return json.loads(files[name])


def files_of(path: Path) -> dict[str, bytes]:
    """All files of a bundle, zipped or unpacked; `ValueError` for one made to do harm."""
    if path.is_dir():
        inside = [p for p in path.rglob("*") if "__pycache__" not in p.parts]
        if any(p.is_symlink() for p in inside):
            raise ValueError("there is a link in it")
        found = {p.relative_to(path).as_posix(): p for p in inside if p.is_file()}
        refuse_unwieldy(list(found), sum(p.stat().st_size for p in found.values()))
        return {name: p.read_bytes() for name, p in found.items()}
    with zipfile.ZipFile(path) as bundle:
        entries = bundle.infolist()
        if any(stat.S_ISLNK(one.external_attr >> 16) for one in entries):
            raise ValueError("there is a link in it")
        names = [one.filename for one in entries]
        refuse_unwieldy(names, sum(one.file_size for one in entries))
        return {one.filename: unpacked(bundle, one) for one in entries}


def unpacked(bundle: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """As many bytes as it says and no more: `ZipFile.read` would unpack all that there are."""
    with bundle.open(entry) as file:
        return file.read(entry.file_size + 1)


def refuse_unwieldy(names: list[str], size: int) -> None:
    """Names that come twice or would lead elsewhere once unpacked, and more than a bundle has."""
    if len(names) != len(set(names)):
        raise ValueError("a name comes twice")
    if any(name.startswith("/") or set(name) & set("\\:\0") for name in names):
        raise ValueError("a name is no path inside the bundle")
    if any(".." in name.split("/") for name in names):
        raise ValueError("a name leads out of the bundle")
    if len(names) > MOST_FILES or size > MOST_BYTES:
        raise ValueError("it would unpack to more than a bundle holds")


def main() -> int:
    """Print what does not hold."""
    parser = argparse.ArgumentParser(description="Check an evidence bundle of CJOps.")
    parser.add_argument("bundle", nargs="?", default=Path(__file__).resolve().parent, type=Path)
    parser.add_argument("--key", type=Path, help="the portal's public key, in PEM")
    parser.add_argument("--anchor", type=Path, help="tree heads kept elsewhere, one in each line")
    options = parser.parse_args()
    try:
        files = files_of(options.bundle)
        key = options.key.read_bytes() if options.key else b""
        anchors = options.anchor.read_text("utf-8") if options.anchor else ""
        found = list(check(files, key, anchors))
        head = read(files, "ledger/head.json")
        count = len(read(files, "ledger/entries.json"))
    except BROKEN as error:
        sys.stdout.write(f"This is no evidence bundle, or not whole: {error!r}\n")
        return 2
    for line in found:
        sys.stdout.write(f"DOES NOT HOLD: {line}\n")
    if not found:
        sys.stdout.write(
            f"Holds: {len(files)} files, {count} entries under a head over {head['size']} "
            f"entries of {head['at']}, key {head['key']}.\n"
        )
        if not options.key:
            sys.stdout.write("The key came with the bundle: compare it, or give yours by --key.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
