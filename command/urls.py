from django.urls import path

from command.views import parts

urlpatterns = [
    path("parts/", parts.parts, name="parts"),
    path("parts/<slug:name>.json", parts.sample_data),
]
