"""Reading, the edge: a file becomes plain grids of cells; a file that cannot be read is refused."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from tracker.errors import ImportFileError
from tracker.ledger.written import Cell, blank

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et")
_IMPROBABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ue000-\uf8ff]")
_RESAVE = "请用 WPS 或 Excel 打开该文件，另存为 .xlsx 后再导入"
Rows = list[list[Cell]]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet from its cell A1 on, counted from 0. `written` is what each cell itself holds,
    `filled` the same with merged cells filled in. `masters`: covered cell -> the cell that holds
    its value. `knows_merging`: false for csv, which loses it."""

    sheet: str
    written: Rows
    filled: Rows
    masters: dict[Place, Place] = field(default_factory=dict)
    hidden: bool = False
    knows_merging: bool = True

    @property
    def width(self) -> int:
        """The number of columns."""
        return max(map(len, self.written), default=0)

    @property
    def empty(self) -> bool:
        """True where no cell shows anything."""
        return all(blank(cell) for row in self.written for cell in row)


def read_bytes(path: Path) -> bytes:
    """The content of a file. Raises ImportFileError where there is none."""
    if path.is_dir():
        raise ImportFileError(f"{path.name} 是文件夹，不是文件", fix="请指定文件夹里的一个表格文件")
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ImportFileError(f"找不到文件 {path.name}", fix="请核对文件名和所在文件夹") from None
    except OSError as error:
        raise ImportFileError(
            f"打不开文件 {path.name}：{error.strerror}",
            fix="请确认文件没有被占用，并且有读取权限",
        ) from None
    if not content.strip():
        raise ImportFileError(f"文件 {path.name} 是空的", fix="请核对是否选错了文件")
    return content


def read_grids(path: Path, content: bytes) -> list[Grid]:
    """The sheets of a workbook in their order, or the one table of a csv file.

    Raises ImportFileError, with one message, for anything that cannot be read as a whole.
    """
    if path.suffix.lower() in (".csv", ".txt"):
        return [_csv_grid(path.name, path.stem, decode(path.name, content))]
    if path.suffix.lower() not in _WORKBOOKS:
        raise ImportFileError(
            f"{path.name} 不是可导入的表格文件", fix="可导入的文件：.xlsx .xlsm .xls .csv"
        )
    grids = _workbook_grids(path.name, content)
    if all(grid.empty for grid in grids):
        raise ImportFileError(f"文件 {path.name} 里没有任何内容", fix="请核对是否选错了文件")
    return grids


def decode(name: str, content: bytes) -> str:
    """The text of a csv file in UTF-8 or GB18030. Raises ImportFileError for any other encoding.

    GB18030 decodes almost anything: characters of the private area, control characters and NUL
    betray a text that was written in another encoding.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _IMPROBABLE.search(text):
            return text
    raise ImportFileError(
        f"{name} 的文字编码不是 UTF-8 或 GB18030，读出来是乱码",
        fix="请另存为“CSV UTF-8（逗号分隔）”，或直接导入 .xlsx",
    )


def csv_rows(name: str, text: str) -> list[list[str]]:
    """The records of a csv text, separated by commas or, where there are more of them, tabs."""
    head = text[:4096]
    separator = "\t" if head.count("\t") > head.count(",") else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return list(reader)
    except csv.Error:
        raise ImportFileError(
            f"{name} 第{reader.line_num}行附近的引号没有成对，分不出列", fix=_RESAVE
        ) from None


def _csv_grid(name: str, sheet: str, text: str) -> Grid:
    records = csv_rows(name, text)
    width = max(map(len, records), default=0)
    rows: Rows = [[*record, *[""] * (width - len(record))] for record in records]
    return Grid(sheet, rows, rows, knows_merging=False)


def _workbook_grids(name: str, content: bytes) -> list[Grid]:
    if content.startswith(_OLE) and _ENCRYPTED in content:
        raise _protected(name)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        return [
            _sheet_grid(book, meta.name, meta.visible != SheetVisibleEnum.Visible)
            for meta in book.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet
        ]
    except PasswordError:
        raise _protected(name) from None
    except (CalamineError, XmlError, ZipError, OSError):
        raise ImportFileError(
            f"{name} 不是可读的工作簿（可能已损坏，或只是改了扩展名）", fix=_RESAVE
        ) from None


def _sheet_grid(book: CalamineWorkbook, name: str, hidden: bool) -> Grid:
    sheet = book.get_sheet_by_name(name)
    written: Rows = sheet.to_python(skip_empty_area=False)
    masters = _masters(sheet.merged_cell_ranges or [], written)
    filled = list(written)
    for (row, column), (top, left) in masters.items():
        if filled[row] is written[row]:
            filled[row] = written[row].copy()
        filled[row][column] = written[top][left]
    return Grid(name, written, filled, masters, hidden)


def _masters(ranges: list[tuple[Place, Place]], rows: Rows) -> dict[Place, Place]:
    """Covered cell -> master, within the used area (a merge may reach the sheet's last row)."""
    height, width = len(rows), len(rows[0]) if rows else 0
    return {
        (row, column): (top, left)
        for (top, left), (bottom, right) in ranges
        if top < height and left < width
        for row in range(top, min(bottom + 1, height))
        for column in range(left, min(right + 1, width))
        if (row, column) != (top, left)
    }


def _protected(name: str) -> ImportFileError:
    return ImportFileError(
        f"{name} 设有打开密码，读不出来", fix="请在 WPS 或 Excel 中取消密码，保存后再导入"
    )
