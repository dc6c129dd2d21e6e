"""Everything a folder says, checked together before anything is written."""

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from grids import load as ground
from grids.load import Drawing
from organization.loading import check, files
from organization.loading.files import Files
from organization.tables import Problem, Refused
from whistle import load as policy
from whistle.load import Policies

KNOWN = (
    *(f"{name}.csv" for name in (*files.COLUMNS, *policy.COLUMNS)),
    *policy.CATEGORIES,
    ground.GRIDS,
    ground.OUTLINES,
)


@dataclass
class Contents:
    files: Files
    grids: Drawing
    outlines: Drawing
    policies: Policies
    strangers: list[str]

    @property
    def problems(self) -> list[Problem]:
        parts = (self.files, self.grids, self.outlines, self.policies)
        return [problem for part in parts for problem in part.problems]

    @property
    def ignored(self) -> list[str]:
        """What the folder holds beside the documented files and columns."""
        return self.strangers + self.policies.categories.ignored

    @property
    def rows(self) -> int:
        """About how many rows there are to write, for the progress bar."""
        organization = sum(len(table.rows) for table in self.files.tables)
        return organization + 3 * len(self.grids.features) + len(self.policies.categories.filings)


def read_folder(folder: Path) -> Contents:
    """Read and check a folder against itself and the database; refuses with every problem."""
    if not folder.is_dir():
        raise Refused([Problem(str(folder), _("there is no such folder"))])
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    if not set(names) & set(KNOWN):
        message = _("none of the documented files is in the folder: %s") % ", ".join(KNOWN)
        raise Refused([Problem(str(folder), message)])
    contents = Contents(
        files=files.read_files(folder),
        grids=ground.read_grids(folder),
        outlines=ground.read_outlines(folder),
        policies=policy.read_policies(folder),
        strangers=[name for name in names if name not in KNOWN],
    )
    known = check.Known.stored()
    known.units |= {feature["code"]: "grid" for feature in contents.grids}
    check.check(contents.files, known)
    check.check_unit_column(contents.policies.phrases, known)
    ground.check_ground(contents.grids, contents.outlines, known.units)
    if contents.problems:
        raise Refused(contents.problems)
    return contents
