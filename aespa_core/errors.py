"""What can go wrong, by name.

Every class here is an input that the user can mend; the command line prints its one sentence and
exits with 2. Anything else that is raised is a defect of the program.
"""

from typing import Any, Self


class AespaError(Exception):
    """A sentence that says what was wrong, where, and what would be right.

    Attributes
    ----------
    problem, remedy
        The last two as parts, where the sentence was made of them; empty otherwise.
    faults
        All that an examination found, where the sentence tells the first; empty otherwise.
    """

    problem: str = ""
    remedy: str = ""
    faults: tuple[Any, ...] = ()

    @classmethod
    def of(cls, subject: object, problem: str, remedy: str) -> Self:
        """Make the sentence of its parts; it has no subject where that is empty."""
        error = cls(f"{subject} {problem}: {remedy}.".lstrip())
        error.problem, error.remedy = problem, remedy
        return error


class MirrorError(AespaError):
    """``AESPA_DATA_MIRROR`` is unset, is no folder, or lacks or garbles a file."""


class UnknownMetroError(AespaError):
    """A metro id that the project does not know."""


class StudyError(AespaError):
    """A study folder that cannot be read: missing, not a folder, or a file in it is garbled."""


class ManifestError(StudyError):
    """A study's files are not the ones that its manifest lists."""


class ConfigError(AespaError):
    """A settings file or name that holds something unknown or out of range."""


class MissingExtraError(AespaError):
    """A command needs packages that this environment was made without."""


class ArtifactError(AespaError):
    """A declared output is missing or unreadable; the sentence names the command that makes it."""


class FileError(AespaError):
    """A file or folder that the system does not let us read or write; the sentence says why."""


class WorkerError(AespaError):
    """A worker process that died: killed by someone, or for want of memory."""
