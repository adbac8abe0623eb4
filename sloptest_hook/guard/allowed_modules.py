"""Which modules a test may import: lists of the standard library and of test libraries."""

from sloptest_hook.guard.words import words

# Nothing a unit test has a reason for: processes, native code, other people's memory, mail.
DENIED = words(
    """
    _aix_support _ast_unparse _ctypes _imp _interpchannels _interpqueues _interpreters _io
    _osx_support _pickle _posixshmem _posixsubprocess _pyrepl _socket _testcapi _thread _winapi
    _xxinterpchannels _xxsubinterpreters antigravity atexit bdb boto3 botocore cProfile cffi
    cloudpickle code codeop compileall concurrent.interpreters crypt ctypes dbm dill distutils
    docker ensurepip eventlet fabric faulthandler fcntl fileinput ftplib gevent idlelib imaplib imp
    invoke jsonpickle keyring kubernetes marshal mmap modulefinder msvcrt multiprocessing nntplib nt
    paramiko pdb pexpect pip pkgutil plumbum poplib posix profile psutil pty pyautogui pycurl pydoc
    pynput pywintypes readline resource runpy scapy sh shelve sitecustomize site smtpd smtplib
    socketserver spwd telethon telnetlib termios timeit trace tty turtle usercustomize venv
    webbrowser websocket websockets win32api winreg xmlrpc zipapp zipimport
    """
)
# Of socket, urllib.request and http.client every attribute is judged by itself.
NETWORK = words(
    """
    aiohttp asyncio.streams http.server httpx requests ssl urllib3 wsgiref
    """
)
STANDARD = words(
    """
    __future__ abc argparse array ast asyncio base64 binascii bisect builtins bz2 calendar cmath
    codecs collections colorsys concurrent configparser contextlib contextvars copy copyreg csv
    dataclasses datetime decimal difflib dis email encodings enum errno filecmp fnmatch fractions
    functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html
    http importlib inspect io ipaddress itertools json keyword linecache locale logging lzma math
    mimetypes netrc ntpath numbers opcode operator optparse os pathlib pickle pickletools platform
    plistlib posixpath pprint pwd queue quopri random re reprlib sched secrets select selectors
    shlex shutil signal socket sqlite3 sre_constants sre_parse stat statistics string stringprep
    struct subprocess symtable sys sysconfig tabnanny tarfile tempfile textwrap threading time token
    tokenize tomllib traceback tracemalloc types typing unicodedata unittest urllib uuid warnings
    wave weakref wsgiref xml zipfile zlib zoneinfo
    """
)
TEST_LIBRARIES = words(
    """
    _pytest anyio factory faker freezegun hypothesis mock pytest pytest_asyncio pytest_mock
    pytest_subtests requests_mock respx responses time_machine trio typing_extensions
    """
)
# Their attributes are judged one by one, and the whole module is nothing to hand around.
SENSITIVE = words(
    """
    builtins ctypes importlib marshal multiprocessing os pickle pty runpy shutil socket subprocess
    sys
    """
)
