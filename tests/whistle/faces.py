"""The API in the hands of an office of the cast, and the ground under its grid."""

import io

from PIL import Image
from rest_framework.test import APIClient

from grids.models import Grid
from tests.grids.ground import draw, square

PLACE = {"lng": 118.785, "lat": 32.005}


def lay_ground(district):
    """The cast's grid is the square around PLACE."""
    d = district
    grid = Grid.objects.create(
        unit=d.grid, kind=Grid.Kind.GENERAL, community=d.community, street=d.street, serial=1
    )
    draw(grid, square(0, 0))


def picture(name="photo.jpg", colour="grey", size=(64, 48)):
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, "JPEG")
    content.seek(0)
    content.name = name
    return content


class Office:
    """One person's API client: `post` and `get` take the path after /api/."""

    def __init__(self, user):
        self.user = user
        self.client = APIClient()

    def begin(self):
        self.user.__dict__.pop("grants", None)
        self.client.force_authenticate(self.user)

    def get(self, path, **query):
        self.begin()
        return self.client.get(f"/api/{path}", query)

    def post(self, path, data=None, key="", **extra):
        self.begin()
        files = any(
            hasattr(v, "read") or isinstance(v, list) and v and hasattr(v[0], "read")
            for v in (data or {}).values()
        )
        headers = {"Idempotency-Key": key} if key else {}
        kind = "multipart" if files else "json"
        return self.client.post(f"/api/{path}", data or {}, format=kind, headers=headers, **extra)

    def take(self, path, **data):
        """Take a step that must go well; the answer is the paper."""
        answer = self.post(path, data)
        assert answer.status_code in (200, 201), answer.json()
        return answer.json()
