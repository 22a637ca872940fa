"""Pictures of assets by the API."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import content.services
import people.services
from content.models import Picture
from people.models import Team
from tests.api.conftest import V1, Bank, as_outermost, is_problem
from tests.bad_input import pictures
from tests.cast import email_document

ADDRESS = "/assets/onboarding-welcome/pictures/"
PNG = pictures.saved("PNG")

pytestmark = pytest.mark.usefixtures("media_root")


def send(client: Any, data: bytes = PNG, name: str = "logo.png", **more: Any) -> Any:
    path = more.pop("path", ADDRESS)
    kind = more.pop("kind", "image/png")
    sent = {"file": SimpleUploadedFile(name, data, content_type=kind), **more}
    with as_outermost():
        return client.post(f"{V1}{path}", sent)


def test_a_picture_is_uploaded_and_listed(bank: Bank) -> None:
    answer = send(bank.mei)

    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert (row["media_type"], row["width"], row["height"], row["frames"]) == (
        "image/png", 12, 8, 1,
    )  # fmt: skip
    assert row["uploaded_by"] == {"email": "mei@bank.example", "name": "Mei"}
    assert (
        answer["Location"] == row["url"] == f"/content/onboarding-welcome/pictures/{row['sha256']}/"
    )
    assert bank.zoe.read(ADDRESS).json()["results"] == [row]


def test_the_same_again_makes_nothing(bank: Bank) -> None:
    first = send(bank.mei)
    again = send(bank.tom, name="other.png")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


def test_pages_go_on_where_they_ended(bank: Bank) -> None:
    for side in (3, 4, 5):
        send(bank.mei, pictures.saved("PNG", (side, side)))
    page = bank.mei.read(f"{ADDRESS}?limit=2").json()
    rest = bank.mei.read(page["next"].partition("testserver")[2] or page["next"]).json()

    assert [row["width"] for row in (*page["results"], *rest["results"])] == [5, 4, 3]


def test_others_may_not_upload(bank: Bank) -> None:
    is_problem(send(bank.zoe), 403, "forbidden")
    assert not Picture.objects.exists()


def test_a_token_that_may_read_does_not_upload(bank: Bank) -> None:
    token = people.services.issue_token(user=bank.user("mei"), scopes=["read"])
    client = type(bank.mei)(token)

    is_problem(send(client), 403, "scope_missing")
    assert client.read(ADDRESS).status_code == 200


def test_a_hidden_asset_has_none(bank: Bank) -> None:
    content.services.create_asset(
        key="secret-offer", name="Secret", kind="email", team=Team.objects.get(key="web"),
        document=email_document(), actor=bank.user("zoe"), is_restricted=True,
    )  # fmt: skip
    answers = [
        *(send(bank.mei, path=f"/assets/{key}/pictures/") for key in ("secret-offer", "no-such")),
        *(bank.mei.read(f"/assets/{key}/pictures/") for key in ("secret-offer", "no-such")),
        # Nor does it tell by what is wrong with the file.
        *(send(bank.mei, b"x", path=f"/assets/{key}/pictures/") for key in ("secret-offer", "no")),
    ]
    told = [{**is_problem(one, 404, "not_found"), "request_id": ""} for one in answers]

    assert all(one == told[0] for one in told)


@pytest.mark.parametrize("name", ["svg", "empty", "html", "eps", "zip", "tiff"])
def test_what_is_no_picture_is_refused_at_its_field(
    bank: Bank, name: str, media_root: Path
) -> None:
    answer = send(bank.mei, pictures.no_pictures()[name])

    assert list(is_problem(answer, 400, "invalid")["errors"]) == ["file"]
    assert not list(media_root.rglob("*"))


def test_too_large_is_413(bank: Bank, settings: Any) -> None:
    settings.CJOPS = {**settings.CJOPS, "PICTURE_BYTES": 1024 * 1024}
    answer = send(bank.mei, PNG + bytes(1024 * 1024))

    assert "1 MB" in is_problem(answer, 413, "too_large")["detail"]


def test_far_too_large_is_refused_before_it_is_read(bank: Bank, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    answer = send(bank.mei, PNG + bytes(3 * 1024 * 1024))

    is_problem(answer, 413, "too_large")


def test_other_fields_are_refused(bank: Bank) -> None:
    errors = is_problem(send(bank.mei, uploaded_by="omar@bank.example"), 400)["errors"]

    assert list(errors) == ["uploaded_by"]


def test_no_file_is_refused(bank: Bank) -> None:
    with as_outermost():
        answer = bank.mei.post(f"{V1}{ADDRESS}", {"file": "words"})
    assert list(is_problem(answer, 400)["errors"]) == ["file"]


def test_what_is_no_form_is_refused(bank: Bank) -> None:
    is_problem(bank.mei.call(ADDRESS, {"file": "x"}), 415)
    for body in (b"", b"--x", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n"):
        with as_outermost():
            answer = bank.mei.generic(
                "POST", f"{V1}{ADDRESS}", body, content_type="multipart/form-data; boundary=x"
            )
        is_problem(answer, 400)
    with as_outermost():
        answer = bank.mei.generic(
            "POST", f"{V1}{ADDRESS}", b"x", content_type="multipart/form-data"
        )
    is_problem(answer, 400)
