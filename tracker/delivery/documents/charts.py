"""Charts on a sheet: one small chart a target, the way to go beside what was reported.

They are the office program's own charts over a sheet of figures, so that a clerk can restyle or
copy them; nothing is a picture.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import Reference, ScatterChart
from openpyxl.chart.axis import NumericAxis
from openpyxl.chart.data_source import NumFmt
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.worksheet.worksheet import Worksheet

from tracker.ledger.pages import put

Points = Sequence[tuple[date, float]]
FIGURES = "图表数据"
_WIDTH, _HEIGHT = 16.4, 7.4  # centimetres: two beside each other on A4 across
_ROWS_A_CHART, _COLUMNS_A_CHART = 15, 8
_GREY, _PALE, _RED = "7F7F7F", "D9D9D9", "C00000"
_SMALL, _TITLE = 900, 1100  # hundredths of a point


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: lines by name, in the order drawn; the first is the way to go, dashed."""

    title: str
    unit: str
    lines: tuple[tuple[str, Points], ...]


def draw(book: Workbook, sheet: Worksheet, charts: Sequence[Chart], first_row: int) -> None:
    """Draw the charts two abreast from `first_row` on; their figures go to a sheet of their own."""
    figures = book.create_sheet(FIGURES)
    figures.sheet_state = "hidden"
    for number, chart in enumerate(charts):
        row = first_row + number // 2 * _ROWS_A_CHART
        column = "A" if number % 2 == 0 else chr(ord("A") + _COLUMNS_A_CHART)
        sheet.add_chart(_chart(figures, chart, number), f"{column}{row}")


def _chart(figures: Worksheet, told: Chart, number: int) -> ScatterChart:
    chart: Any = ScatterChart()  # its parts are typed as if any of them might be missing
    chart.title, chart.style = f"{told.title}（{told.unit}）", 2
    bold = CharacterProperties(sz=_TITLE, b=True)
    chart.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=bold)
    chart.width, chart.height = _WIDTH, _HEIGHT
    chart.visible_cells_only = False
    chart.legend = Legend(legendPos="b")
    chart.x_axis = _years(told)
    chart.y_axis.number_format, chart.y_axis.delete = "General", False
    chart.y_axis.txPr = _small()
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=_PALE))
    chart.layout = Layout(manualLayout=ManualLayout(x=0.1, y=0.16, w=0.86, h=0.58))
    for place, (name, points) in enumerate(told.lines):
        if points:
            chart.series.append(_series(figures, told, number, place, name, points))
    made: ScatterChart = chart
    return made


def _years(told: Chart) -> NumericAxis:
    """Whole years from the first point to the last; a tick is the end of its year."""
    days = [_year(day) for _, points in told.lines for day, _ in points]
    axis = NumericAxis(axId=10, crossAx=100, axPos="b", majorUnit=1, numFmt=NumFmt("0"))
    axis.scaling.min, axis.scaling.max = floor(min(days)), ceil(max(days))
    axis.delete, axis.txPr, axis.majorGridlines = False, _small(), None
    return axis


def _year(day: date) -> float:
    """A day as a point among years, 2015-12-31 as 2015."""
    return day.year - 1 + (day - date(day.year - 1, 12, 31)).days / (365 + isleap(day.year))


def _series(
    figures: Worksheet, told: Chart, number: int, place: int, name: str, points: Points
) -> Any:
    column = 1 + number * 5 + place * 2
    put(figures, 1, column, told.title)
    put(figures, 2, column + 1, name)
    for row, (day, value) in enumerate(points, 3):
        put(figures, row, column, _year(day))
        put(figures, row, column + 1, value)
    last = 2 + len(points)
    days = Reference(figures, min_col=column, min_row=3, max_row=last)
    values = Reference(figures, min_col=column + 1, min_row=2, max_row=last)
    series: Any = SeriesFactory(values, days, title_from_data=True)
    color = _RED if place else _GREY
    series.graphicalProperties.line.solidFill = color
    series.graphicalProperties.line.dashStyle = "solid" if place else "dash"
    series.marker.symbol = "circle" if place else "diamond"
    series.marker.graphicalProperties.solidFill = color
    series.marker.graphicalProperties.line.solidFill = color
    series.smooth = False
    return series


def _small() -> RichText:
    properties = ParagraphProperties(defRPr=CharacterProperties(sz=_SMALL))
    return RichText(p=[Paragraph(pPr=properties, endParaRPr=CharacterProperties(sz=_SMALL))])
