"""A sign for each class of problem, read from its name: cities add classes of their own."""

SIGNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("manhole", ("井盖", "箅子")),
    ("fire", ("消防", "火灾", "焚烧", "烧烤")),
    ("poster", ("广告", "标语", "牌匾", "指示牌", "路名牌", "宣传", "警示牌")),
    ("trash", ("垃圾", "渣土", "废弃", "废品", "不洁", "脏乱", "遗撒", "堆物", "保洁")),
    ("bike", ("非机动车", "电动车", "飞线", "存车")),
    ("car", ("机动车", "停车", "车轮", "地锁", "交通", "公交")),
    ("paw", ("犬", "动物")),
    ("noise", ("噪", "扰民")),
    ("store", ("店外", "占道经营", "无照", "商业", "食品")),
    ("drop", ("积水", "供水", "漏水", "积雪", "水域")),
    ("lamp", ("路灯", "信号灯", "景观灯")),
    ("wire", ("线缆", "电力", "通讯", "电视", "电话")),
    ("gas", ("燃气", "热力")),
    ("pipe", ("管道", "排水", "污水", "雨水")),
    ("tree", ("树", "绿地", "花", "喷灌", "园林")),
    ("road", ("道路", "路面", "掘路", "人行道", "盲道", "天桥", "通道", "桥")),
    ("lift", ("电梯",)),
    ("build", ("房", "搭", "坠物", "施工", "工地", "物业", "公厕", "公共厕所")),
    ("users", ("纠纷", "求助", "欠薪")),
)
OTHER = "flag"


def kind_sign(name: str) -> str:
    """The sign of the first word found in the name of a class."""
    return next((sign for sign, words in SIGNS if any(word in name for word in words)), OTHER)
