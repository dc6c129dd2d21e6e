from django.urls import path

from command.views import home, parts
from workflow.live_views import ticket

urlpatterns = [
    path("", home.home, name="home"),
    path("live/ticket/", ticket, name="live_ticket"),
    path("parts/", parts.parts, name="parts"),
    path("parts/<slug:name>.json", parts.sample_data),
]
