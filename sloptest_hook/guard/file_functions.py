"""What functions do with files: which argument is the path, and whether it is written to."""

from sloptest_hook.guard.words import words
from sloptest_hook.values.records import dataclass


@dataclass(frozen=True, slots=True)
class Opener:
    """Where a function that opens files has its path and mode, and the mode it takes by itself."""

    path: int = 0
    mode: int = 1
    default: str = "r"
    names: tuple[str, ...] = ("file", "name", "filename", "path")


@dataclass(frozen=True, slots=True)
class Writer:
    """Which arguments of a function are written to, by place and by the names they have.

    ``may_miss``: without them it writes to a temporary place.
    """

    places: tuple[int, ...] = (0,)
    names: tuple[str, ...] = ("path", "name")
    may_miss: bool = False


def _all(module: str, names: str) -> list[str]:
    return sorted(f"{module}.{name}" for name in words(names))


OPENERS = {
    **dict.fromkeys(
        words(
            """
            builtins.open codecs.open bz2.BZ2File lzma.LZMAFile zipfile.ZipFile tarfile.open
            tarfile.TarFile tarfile.TarFile.open io.FileIO pathlib.Path.open
            """
        ),
        Opener(),
    ),
    **dict.fromkeys(
        words("tokenize.open gzip.open bz2.open lzma.open gzip.GzipFile wave.open io.open_code"),
        Opener(default="rb"),
    ),
}
_OS = (
    "remove unlink rmdir removedirs mkdir makedirs truncate chmod chown lchmod lchown utime mkfifo"
)
_COPIES = "copy copy2 copyfile copytree copymode copystat"
_PATH = (
    "write_text write_bytes unlink rmdir mkdir touch symlink_to hardlink_to chmod lchmod rename"
    " replace"
)
_LOGS = "RotatingFileHandler TimedRotatingFileHandler WatchedFileHandler BaseRotatingHandler"
WRITERS = {
    **dict.fromkeys(_all("os", f"{_OS} setxattr"), Writer()),
    **dict.fromkeys(_all("os", "rename renames replace"), Writer((0, 1), ("src", "dst"))),
    **dict.fromkeys(_all("os", "symlink link"), Writer((0, 1), ("src", "dst"))),
    **dict.fromkeys(_all("shutil", _COPIES), Writer((1,), ("dst",))),
    "shutil.move": Writer((0, 1), ("src", "dst")),
    "shutil.rmtree": Writer(),
    "shutil.chown": Writer(),
    "shutil.make_archive": Writer(names=("base_name",)),
    "shutil.unpack_archive": Writer((1,), ("extract_dir",)),
    "sqlite3.connect": Writer(names=("database",)),
    "logging.FileHandler": Writer(names=("filename",)),
    **dict.fromkeys(_all("logging.handlers", _LOGS), Writer(names=("filename",))),
    **dict.fromkeys(_all("pathlib.Path", _PATH), Writer(names=("self",))),
    **dict.fromkeys(
        _all("tempfile", "mkstemp mkdtemp TemporaryDirectory"),
        Writer((2,), ("dir",), may_miss=True),
    ),
    "tempfile.NamedTemporaryFile": Writer((99,), ("dir",), may_miss=True),
    "tracemalloc.Snapshot.dump": Writer((1,), ("filename",)),
}
READERS = words(
    """
    os.listdir os.scandir os.walk os.fwalk os.readlink os.stat os.lstat glob.glob glob.iglob
    shutil.copytree linecache.getline linecache.getlines shutil.copy shutil.copy2 shutil.copyfile
    """
)
# To hand these on is to hand on the right to change files.
HANDED_ON = (
    frozenset({*OPENERS, "os.open", *(name for name, each in WRITERS.items() if not each.may_miss)})
) - {"zipfile.ZipFile", "tarfile.TarFile"}
METHODS = words(
    "write_text write_bytes unlink rmdir touch symlink_to hardlink_to mksymlinkto mklinkto"
)
# Their argument is a place too: a link or a new name must not lead out.
LEADING_METHODS = words("symlink_to hardlink_to mksymlinkto mklinkto rename replace")
SAVING_METHODS = words(
    """
    dump export save savefig to_csv to_excel to_html to_json to_parquet to_pickle tofile write_csv
    write_json write_parquet
    """
)
CREATING_METHODS = frozenset({"mkdir", "chmod", "lchmod"})
MOVING_METHODS = frozenset({"rename", "replace"})
READING_METHODS = frozenset({"read_text", "read_bytes", "iterdir", "glob", "rglob"})
EXTRACTING_METHODS = {"extractall": 0, "extract": 1}
