import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.whistle.paces import Paces
from workflow.attachments import MAX_BYTES, Photo, make_thumb


def picture(kind="JPEG", size=(1200, 900), **options):
    content = io.BytesIO()
    Image.new("RGB", size, "teal").save(content, kind, **options)
    return content.getvalue()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def photo(content, name="a.jpg"):
    return Photo(SimpleUploadedFile(name, content), "near")


def test_the_type_is_judged_by_content_and_the_file_kept_under_its_hash(folder):
    kept = photo(picture("PNG"), "really.jpg")
    assert kept.facts["media_type"] == "image/png" and kept.facts["file"].endswith(".png")
    assert (folder / kept.facts["file"]).read_bytes()
    assert photo(picture("PNG")).facts["file"] == kept.facts["file"]
    assert not list(folder.rglob("*.part"))


def test_place_camera_and_owner_stay_behind(folder):
    exif = Image.Exif()
    exif[0x9286] = "secret"
    exif.get_ifd(0x8825)[2] = (32.0, 1.0, 2.0)
    kept = photo(picture(exif=exif))
    with Image.open(folder / kept.facts["file"]) as image:
        assert not image.getexif()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\0" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        picture()[:200],
        b"\xff\xd8\xff" + b"x" * MAX_BYTES,
        picture("PNG", (9000, 9000), compress_level=9),
    ],
    ids=["empty", "gif", "svg", "cut", "large", "bomb"],
)
def test_what_is_no_photo_or_too_large_is_refused(content):
    with pytest.raises(ValidationError):
        photo(content)


def test_small_pictures_are_made_once(district, folder):
    order = Paces(district).reported()
    kept = order.attachments.get()
    assert make_thumb(kept) and not make_thumb(kept)
    assert (folder / kept.thumb).exists()


def test_a_lost_photo_does_not_stop_the_others(district, folder):
    kept = Paces(district).reported().attachments.get()
    (folder / kept.file).unlink()
    assert make_thumb(kept) and kept.thumb == kept.file
