"""A small district's folder, to be bent by the tests."""

import csv
import io
import json

from shapely.geometry import mapping

from tests.grids.ground import square

FILES = {
    "units.csv": """\
code,kind,name,short,parent,organ,template,duty_phone,valid_from
320104000000,district,秦淮区,,,,,,2020-01-01
320104B01000,department,区指挥中心,,320104000000,centre,,02500000001,
320104B02000,department,区水务局,水务局,320104000000,,,02500000002,
320104B02K01,section,管网科,,320104B02000,,,,
320104001000,street,秦虹街道,秦虹,320104000000,,小模板,,
320104001001,community,秦虹社区,,320104001000,,,,
""",
    "organ_templates.csv": """\
template,serial,organ,name
小模板,Q01,city,城市管理部
小模板,Q02,centre,社会治理综合指挥中心
""",
    "posts.csv": """\
code,unit,name,head,leader,duties
secretary,320104001000,党工委书记,yes,yes,view confirm
operator,320104001Q02,受理派遣员,,,view@320104001000 dispatch@320104001000 dispatch
liaison,320104B02000,联络员,,,view handle
warden,320104001001Z001,专职网格员,,,view report handle
magistrate,320104000000,副区长,,,view
""",
    "people.csv": """\
username,name,phone,demo,login,engineer
real,王真,02500000009,,,
warden,白示例,12000000001,yes,yes,
liaison,苏示例,12000000002,yes,,
""",
    "postings.csv": """\
post,username,deputy,valid_from,valid_to
secretary,real,,2024-01-01,
warden,warden,,2024-01-01,
liaison,liaison,,2024-01-01,
operator,real,yes,2024-01-01,2024-12-31
""",
    "relations.csv": """\
kind,post,unit,valid_from,valid_to
paired,magistrate,320104001000,2024-01-01,
分管,magistrate,320104B02000,2024-01-01,
""",
    "working_hours.csv": """\
unit,season_from,season_to,periods,valid_from,valid_to
,0101,1231,09:00-12:00 14:00-18:00,2024-01-01,
320104B02000,0601,0930,08:30-12:00 15:00-18:00,2024-01-01,
""",
    "categories.csv": """\
类别,大类代码,大类名称,小类代码,小类名称,立案条件,处置时限,结案条件
部件,01,公用设施,01,上水井盖,缺失,2紧急工作时,补装
,,,,,破损,4工作时,更换
事件,01,市容环境,28,商业噪音,高音喇叭,2工作时,停止
""",
    "checklists.csv": """\
category,n,text,required,valid_from,valid_to
component-01-01,1,井盖已复位,yes,2024-01-01,
""",
    "time_limits.csv": """\
flow,clock,kind,area,amount,unit,valid_from,sample
workorder,triage,,,2,工作时,2024-01-01,yes
response,sign,emergency,A,0.5,urgent_hour,2024-01-01,
""",
    "ladders.csv": """\
flow,clock,kind,n,percent,after,unit,does,valid_from,sample
response,sign,,1,80,,,提醒承办人,2024-01-01,yes
response,sign,,2,100,,,head,2024-01-01,yes
response,sign,,3,,1,工作时,red,2024-01-01,yes
""",
    "reporter_texts.csv": """\
verb,category,text,valid_from,sample
register,,您反映的{kind}（{number}）将于{due}前办结,2024-01-01,yes
register,component-01-01,井盖已受理，{due}前办结,2024-01-01,yes
""",
    "silence_rules.csv": """\
kind,outcome,valid_from,sample
return,视为同意,2024-01-01,yes
survey,closed,2024-01-01,yes
""",
    "score_schemes.csv": """\
name,valid_from,platform_points,caller_points,sample
一哨一考核,2024-01-01,50,50,yes
""",
    "score_rules.csv": """\
scheme,fact,name,points
2024-01-01,late,sign,10
2024-01-01,verb,redo,5
""",
}


def feature(code, name, shape):
    properties = {"code": code, "name": name, "valid_from": "2024-01-01"}
    return {"type": "Feature", "properties": properties, "geometry": mapping(shape)}


def grids():
    return [
        feature("320104001001Z001", "秦虹第1网格", square(0, 0)),
        feature("320104001001X001", "秦虹小学", square(1, 0)),
    ]


def write_folder(path, **changes):
    """Write the small district; a change gives a file (dots as `_`) another text, None drops it."""
    for name, text in FILES.items():
        text = changes.pop(name.replace(".", "_"), text)
        if text is not None:
            (path / name).write_text(text, encoding="utf-8")
    features = changes.pop("grids_geojson", grids())
    if features is not None:
        body = {"type": "FeatureCollection", "sample": True, "features": features}
        (path / "grids.geojson").write_text(json.dumps(body, ensure_ascii=False))
    assert not changes, changes
    return path


def bent(name, row, column, value):
    """A file's text with one cell changed; rows count as in a spreadsheet."""
    lines = list(csv.reader(io.StringIO(FILES[name])))
    lines[row - 1][lines[0].index(column)] = value
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue()


def lengthened(name, *lines):
    return FILES[name] + "\n".join(lines) + "\n"
