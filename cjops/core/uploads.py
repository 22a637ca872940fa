"""Uploaded files on their way in: bounded, before anything looks at them."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# What a form has beside its file.
AROUND = 1024 * 1024


class BoundedUploadHandler(FileUploadHandler):
    """Refuses a form with files that is larger than any may be; Django bounds its other fields."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0

    @property
    def most(self) -> int:
        """How many bytes a form with files may have."""
        return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) + AROUND

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - as Django calls it
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Refuse what says that it is too large, before a byte of it is read."""
        if content_length > self.most:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Refuse what is larger than it said; all files together count."""
        self.received += len(raw_data)
        if self.received > self.most:
            raise RequestDataTooBig
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one make the file."""
