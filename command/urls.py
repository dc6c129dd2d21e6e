from django.urls import path

from command.views import ground, home, overview, parts, whistles
from workflow.live_views import ticket

urlpatterns = [
    path("", home.home, name="home"),
    path("live/ticket/", ticket, name="live_ticket"),
    path("overview/", overview.overview, name="overview"),
    path("whistles/", whistles.whistles, name="whistles"),
    path("whistles/<slug:number>/", whistles.whistle, name="whistle"),
    path("whistles/<slug:number>/letter/", whistles.letter, name="whistle_letter"),
    path("map/", ground.grid_map, name="grid_map"),
    path("map/figures/", ground.map_figures, name="map_figures"),
    path("map/pins/", ground.map_pins, name="map_pins"),
    path("map/outline/", ground.map_outline, name="map_outline"),
    path("map/<slug:code>/", ground.map_card, name="map_card"),
    path("parts/", parts.parts, name="parts"),
    path("parts/<slug:name>.json", parts.sample_data),
]
