"""The bundle as a zip file: the same files give the same bytes."""

import json
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from cjops.core.sealing import verify
from cjops.core.sealing.keys import Signer

FORMAT = "cjops-evidence"
VERSION = 1
# The earliest that a zip file can say.
NO_TIME = (1980, 1, 1, 0, 0, 0)


def as_json(value: object) -> bytes:
    """JSON to be read by people too."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def packed(files: Mapping[str, bytes], about: Mapping[str, Any], signer: Signer | None) -> bytes:
    """The zip file of these files, with the manifest, its signature and what checks it all."""
    whole = {**files, "verify.py": Path(verify.__file__).read_bytes()}
    digests = {name: sha256(data).hexdigest() for name, data in whole.items()}
    manifest = as_json({"format": FORMAT, "version": VERSION, "about": about, "files": digests})
    whole[verify.MANIFEST] = manifest
    if signer is not None:
        whole[verify.SIGNATURE] = signer.sign(verify.PURPOSE + manifest)
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
        for name in sorted(whole):
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            bundle.writestr(entry, whole[name])
    return target.getvalue()
