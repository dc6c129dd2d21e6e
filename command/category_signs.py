"""Which sign a category carries on lists and pins: by a word of its name, else by its class."""

from whistle.models import Category

WORDS = (
    ("井盖", "manhole"), ("箅", "manhole"), ("路灯", "lamp"), ("照明", "lamp"), ("垃圾", "trash"),
    ("渣土", "trash"), ("公厕", "door"), ("厕所", "door"), ("噪", "noise"), ("扰民", "noise"),
    ("烧烤", "fire"), ("焚烧", "fire"), ("消防", "fire"), ("火灾", "fire"), ("燃气", "gas"),
    ("热力", "pipe"), ("供水", "pipe"), ("排水", "pipe"), ("漏水", "drop"), ("积水", "drop"),
    ("水域", "drop"), ("线缆", "wire"), ("电力", "bolt"), ("充电", "bolt"), ("机动车", "bike"),
    ("停车", "car"), ("车轮", "car"), ("护栏", "grid"), ("树", "tree"), ("绿", "tree"),
    ("花", "tree"), ("犬", "paw"), ("动物", "paw"), ("广告", "poster"), ("牌匾", "poster"),
    ("宣传", "megaphone"), ("标语", "megaphone"), ("搭", "build"), ("房", "build"),
    ("电梯", "lift"),
    ("工地", "build"), ("施工", "wrench"), ("路面", "road"), ("道路", "road"), ("掘路", "road"),
    ("盲道", "walk"), ("人行", "walk"), ("天桥", "walk"), ("占道", "store"), ("店外", "store"),
    ("无照", "store"), ("食品", "store"), ("油烟", "store"), ("矛盾", "users"), ("求助", "hand"),
    ("物业", "home"), ("监控", "camera"), ("信号灯", "lamp"),
)  # fmt: skip
MAJOR = {
    "component": {"01": "manhole", "02": "road", "03": "trash", "04": "tree"},
    "event": {"01": "trash", "02": "poster", "03": "wrench", "04": "store", "05": "alert"},
}


def category_icon(category: Category | None) -> str:
    if category is None:
        return "flag"
    by_word = next((sign for word, sign in WORDS if word in category.name), None)
    return by_word or MAJOR[category.kind].get(category.major_code, "flag")
