"""The demo: names. Counties and offices are real public names; villages and people are invented."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

COUNTIES = ("庆城县", "环县", "华池县", "合水县", "正宁县", "宁县", "镇原县", "西峰区")
INITIALS = ("QC", "HX", "HC", "HS", "ZN", "NX", "ZY", "XF")
# Of a county 40 offices; its townships have the rest of the hundred units.
OFFICES = (
    "水务局", "教育局", "卫生健康局", "农业农村局", "自然资源局", "财政局", "审计局", "统计局",
    "司法局", "公安局", "民政局", "交通运输局", "文体广电和旅游局", "林业和草原局", "应急管理局",
    "市场监督管理局", "退役军人事务局", "住房和城乡建设局", "人力资源和社会保障局", "发展和改革局",
    "工业和信息化局", "医疗保障局", "信访局", "档案馆", "融媒体中心", "气象局", "税务局",
    "人民法院", "人民检察院", "总工会", "妇女联合会", "残疾人联合会", "工商业联合会", "供销合作社",
    "红十字会", "第一中学", "职业中等专业学校", "人民医院", "中医医院", "疾病预防控制中心",
)  # fmt: skip
OF_TOWNSHIP = ("中心小学", "初级中学", "卫生院", "财政所", "农业农村综合服务中心")
_HILLS = "柳杨石槐桐松桃杏榆枣竹梅"
_SURNAMES = "赵钱孙李周吴郑冯陈褚卫蒋沈韩朱秦尤许何吕施张孔曹严华金魏陶姜"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_LANDS = ("湾", "川", "塬", "沟", "坪", "掌", "台", "岭", "坡", "滩")
_DAYS = tuple(f"{_STEMS[n % 10]}{_BRANCHES[n % 12]}" for n in range(60))


def townships(number: int) -> list[str]:
    """So many names of townships."""
    return [f"{hill}{_LANDS[at % len(_LANDS)]}镇" for at, hill in enumerate(_HILLS[:number])]


def villages() -> Iterator[str]:
    """Names of villages; a hundred to a township would still be apart."""
    return (f"{name}家{land}村" for land, name in product(_LANDS, _SURNAMES))


def person(dice: np.random.Generator, number: int) -> str:
    """A name that no other person of the same unit has: it keeps its number in it."""
    return _SURNAMES[dice.integers(len(_SURNAMES))] + _DAYS[number % len(_DAYS)]
