"""What is said about a file that cannot be used, and about a cell."""

from django.utils.translation import gettext as _

from enrollment.spreadsheets import limits


def of_file(code: str, **params) -> str:
    return _files()[code] % params


def of_cell(code: str) -> str:
    return _cells()[code]


def _files() -> dict[str, str]:
    return {
        "too_large": _(
            "The file is larger than %(megabytes)s MB. Leave out pictures, or divide it into several files."
        ),
        "empty": _("The file is empty."),
        "encrypted": _(
            "The file is protected by a password, or is an Excel file of before 2007. "
            "Save it as XLSX without a password."
        ),
        "damaged": _("The file is damaged: it cannot be opened as a workbook. Save it again as XLSX, or as CSV."),
        "damaged_part": _("The file is damaged (%(part)s). Save it again as XLSX, or as CSV."),
        "damaged_row": _("Sheet “%(sheet)s” is damaged near row %(row)s. Save the file again as XLSX, or as CSV."),
        "no_workbook": _("This is no XLSX workbook. Save the spreadsheet as XLSX, or as CSV."),
        "macros": _("The file contains macros. Save it as XLSX, which has none."),
        "too_many_entries": _("The file has more than %(most)s parts inside. Copy the rows into our template."),
        "too_large_unpacked": _(
            "Unpacked, the file is larger than %(megabytes)s MB. Copy the rows alone into our template."
        ),
        "too_compressed": _(
            "A part of the file unpacks to more than %(most)s times its size, as no plain list does. "
            "Copy the rows alone into our template."
        ),
        "entities": _("The file defines entities of its own, which no spreadsheet needs. It was not opened."),
        "wrong_sheet": _(
            "No sheet has our headings: there must be a column “Family name”. Looked at: %(sheets)s. "
            "Download the template and copy the rows into it."
        ),
        "too_many_rows": _("There are more than %(most)s rows. Divide them into several files."),
        "too_many_columns": _("Row %(row)s has more than %(most)s columns. Copy the columns of our template alone."),
        "too_much_text": _(
            "The cells hold more than %(most)s characters altogether. Divide the rows into several files."
        ),
        "column_twice": _("The columns “%(one)s” and “%(other)s” mean the same. Leave one of them out."),
        "no_rows": _("Sheet “%(sheet)s” has headings, and no row below them."),
        "encoding": _(
            "The letters of the file cannot be read (at byte %(place)s). Save it as “CSV UTF-8”, or as XLSX."
        ),
        "quotes": _(
            "Row %(row)s cannot be read: a quotation mark is opened and not closed. "
            "Mend the row, or save the file as XLSX."
        ),
        "memory": _("The file takes more memory to read than is allowed. Copy the rows alone into our template."),
        "time": _("The file took longer than %(seconds)s seconds to read. Copy the rows alone into our template."),
        "broke_down": _("The file could not be read. Copy the rows alone into our template."),
    }


def _cells() -> dict[str, str]:
    return {
        "formula": _("The cell holds a formula. Write the value itself: copy it, and paste it as a value."),
        "error_value": _("The cell shows an error of the spreadsheet program. Write the value itself."),
        "too_long": _("The cell holds more than %(most)s characters.") % {"most": limits.LONGEST_CELL},
        "control": _("The cell holds characters that cannot be written, such as a null."),
        "no_heading": _("There is something in a column without a heading. Give it one, or leave it out."),
    }
