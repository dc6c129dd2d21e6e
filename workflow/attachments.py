"""Files that come with a step: checked by content, stripped of metadata, kept under their hash."""

import hashlib
import io
import logging
import secrets
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

if TYPE_CHECKING:
    from workflow.actions import Act

logger = logging.getLogger(__name__)

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_PHOTOS = 9
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
SUFFIX = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
THUMB_SIDE = 480


def keep(act: "Act") -> None:
    """Store the photos given with a step and hang them on its event."""
    photos = act.given.get("photos")
    if not photos:
        return
    kept = act.paper.attachments
    same = {"paper": act.paper, "event": act.event, "by": act.actor, "created": act.now}
    kept.bulk_create(
        kept.model(label=getattr(photo, "label", "other"), **same, **photo.facts)
        for photo in photos
    )


class Photo:
    """A checked photo, written to the store under its hash; `facts` are its columns.

    Raises ValidationError if the upload is no photo, too large, or a decompression bomb.
    """

    def __init__(self, upload: Any, label: str = "other") -> None:
        self.label = label
        image, media_type = open_photo(upload)
        content = encode(image, media_type)
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.facts = {
            "name": str(getattr(upload, "name", ""))[-120:],
            "media_type": media_type,
            "sha256": self.sha256,
            "size": len(content),
            "width": image.width,
            "height": image.height,
            "file": write(content, self.sha256, SUFFIX[media_type]),
        }


def open_photo(upload: Any) -> tuple[Image.Image, str]:
    """The decoded image and its true type; the header is judged before a pixel is read."""
    size = getattr(upload, "size", None)
    if size is not None and size > MAX_BYTES:
        raise ValidationError(_("A photo may have at most 15 MB."))
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=list(KINDS))
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError(_("A photo may have at most 50 million pixels."))
            image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ValidationError(_("This file is not a photo (JPEG, PNG or WebP).")) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_("A photo may have at most 50 million pixels.")) from error
    return image, KINDS[str(image.format)]


def encode(image: Image.Image, media_type: str) -> bytes:
    """The picture upright and without EXIF (place, camera, owner): personal data stays behind."""
    upright = ImageOps.exif_transpose(image)
    out = io.BytesIO()
    if media_type == "image/jpeg":
        upright.convert("RGB").save(out, "JPEG", quality=88)
    else:
        upright.info.clear()
        upright.save(out, media_type.removeprefix("image/").upper())
    return out.getvalue()


def write(content: bytes, sha256: str, suffix: str) -> str:
    """Put the content into the store under its hash (once) and return its relative path."""
    relative = Path("attachments") / sha256[:2] / f"{sha256}{suffix}"
    target = Path(settings.MEDIA_ROOT) / relative
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{secrets.token_hex(8)}.part")  # others may write it too
        partial.write_bytes(content)
        partial.replace(target)
    return str(relative)


def make_thumb(attachment: Any) -> bool:
    """Make the small picture of a photo, once; returns whether there was work.

    A photo that cannot be read stands in for itself, so that it is not tried for ever.
    """
    if attachment.thumb or not attachment.is_photo:
        return False
    try:
        content = shrink(Path(settings.MEDIA_ROOT) / attachment.file)
        attachment.thumb = write(content, hashlib.sha256(content).hexdigest(), ".jpg")
    except (OSError, SyntaxError, ValueError):
        logger.exception("No small picture of %s %s", type(attachment).__name__, attachment.pk)
        attachment.thumb = attachment.file
    attachment.save(update_fields=["thumb"])
    return True


def shrink(path: Path) -> bytes:
    with Image.open(path) as image:
        image.thumbnail((THUMB_SIDE, THUMB_SIDE))
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
