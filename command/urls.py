from django.urls import path

from command.views import home, parts

urlpatterns = [
    path("", home.home, name="home"),
    path("parts/", parts.parts, name="parts"),
    path("parts/<slug:name>.json", parts.sample_data),
]
