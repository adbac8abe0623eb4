"""Names that a test has no reason to say, and the rule that each breaks; ``*`` is all the rest."""

from collections.abc import Mapping

from sloptest_hook.guard.verdicts import Rule, Verdict

_OS = "import os\n\n\ndef test_it():\n    assert {}\n"
_DYNAMIC_CODE = Rule(
    "dynamic-code",
    Verdict.DENY,
    "runs code that it makes from text",
    "def test_it():\n    assert eval('1') == 1\n",
    "import ast\n\n\ndef test_it():\n    assert ast.literal_eval('1') == 1\n",
)
_BUILTINS = Rule(
    "builtins-access",
    Verdict.DENY,
    "reaches for the built-in names as a mapping",
    "import builtins\n\n\ndef test_it():\n    assert builtins.__dict__\n",
    "def test_it():\n    assert len('a') == 1\n",
)
_PROCESS = Rule(
    "process",
    Verdict.DENY,
    "starts or ends a process; patch what the code under test calls",
    "import subprocess\n\n\ndef test_it():\n    subprocess.run(['ls'])\n",
    "import subprocess\n\n\ndef test_it(monkeypatch):\n"
    "    done = subprocess.CompletedProcess([], 0)\n"
    "    monkeypatch.setattr(subprocess, 'run', lambda *a: done)\n",
)
_OS_CALL = Rule(
    "os-call",
    Verdict.DENY,
    "calls the operating system in a way that no unit test needs",
    _OS.format("os.setsid()"),
    _OS.format("os.path.exists('x')"),
)
_DESCRIPTOR = Rule(
    "descriptor",
    Verdict.FIX,
    "works on file descriptors; use open() on a file below tmp_path",
    _OS.format("os.write(1, b'x')"),
    _OS.format("os.fspath('x') == 'x'"),
)
_NETWORK = Rule(
    "network",
    Verdict.DENY,
    "talks to the network; patch what the code under test calls",
    "import socket\n\n\ndef test_it():\n    socket.create_connection(('host', 1))\n",
    "import socket\n\n\ndef test_it():\n    assert issubclass(socket.gaierror, OSError)\n",
)
_STATE = Rule(
    "process-state",
    Verdict.FIX,
    "changes the process for all later tests; use monkeypatch",
    "import locale\n\n\ndef test_it():\n    locale.setlocale(locale.LC_ALL, '')\n",
    "def test_it(monkeypatch):\n    monkeypatch.setenv('HOME', '/h')\n",
)
_INTERPRETER = Rule(
    "interpreter-hook",
    Verdict.DENY,
    "hooks into the interpreter",
    "import sys\n\n\ndef test_it():\n    sys.settrace(None)\n",
    "import sys\n\n\ndef test_it():\n    assert sys.maxsize > 0\n",
)
_IMPORT_MACHINERY = Rule(
    "import-machinery",
    Verdict.DENY,
    "loads code by other ways than an import",
    "import importlib.util\n\n\ndef test_it():\n"
    "    importlib.util.spec_from_file_location('a', 'b')\n",
    "import importlib\n\n\ndef test_it():\n    assert importlib.import_module('shop')\n",
)
_RELOAD = Rule(
    "reload",
    Verdict.STRONG_SANDBOX,
    "loads a module a second time",
    "import importlib\nimport shop\n\n\ndef test_it():\n    importlib.reload(shop)\n",
    "import shop\n\n\ndef test_it():\n    assert shop.total([]) == 0\n",
)
_UNPICKLE = Rule(
    "unpickler",
    Verdict.DENY,
    "unpickles by its own rules",
    "import io\nimport pickle\n\n\ndef test_it():\n    pickle.Unpickler(io.BytesIO(b''))\n",
    "import pickle\n\n\ndef test_it():\n    assert pickle.loads(pickle.dumps(1)) == 1\n",
)
_CODE_OBJECT = Rule(
    "code-object",
    Verdict.DENY,
    "makes code objects, frames or cells",
    "import types\n\n\ndef test_it():\n    assert types.CodeType()\n",
    "import types\n\n\ndef test_it():\n    assert isinstance(test_it, types.CodeType)\n",
)
_FRAMES = Rule(
    "frame-access",
    Verdict.DENY,
    "looks into other functions' frames or the garbage collector's lists",
    "import inspect\n\n\ndef test_it():\n    inspect.currentframe()\n",
    "import inspect\n\n\ndef test_it():\n    assert inspect.isfunction(test_it)\n",
)
_SOURCE = Rule(
    "reads-implementation",
    Verdict.FIX,
    "reads the source of the code under test; test what it does",
    "import inspect\nimport shop\n\n\ndef test_it():\n    assert inspect.getsource(shop.total)\n",
    "import inspect\nimport shop\n\n\ndef test_it():\n    assert inspect.signature(shop.total)\n",
)
_SIGNALS = Rule(
    "signals",
    Verdict.DENY,
    "sends or catches signals",
    "import signal\n\n\ndef test_it():\n    signal.alarm(1)\n",
    "import signal\n\n\ndef test_it():\n    assert signal.SIGTERM == 15\n",
)
_REGISTRY = Rule(
    "global-registry",
    Verdict.FIX,
    "registers something for the whole process",
    "import codecs\n\n\ndef test_it():\n    codecs.register(None)\n",
    "import codecs\n\n\ndef test_it():\n    assert codecs.lookup('utf-8')\n",
)
_PYTEST = Rule(
    "pytest-internals",
    Verdict.DENY,
    "runs, ends or rewires pytest",
    "import pytest\n\n\ndef test_it():\n    pytest.exit('x')\n",
    "import pytest\n\n\ndef test_it():\n    with pytest.raises(KeyError):\n        {}['a']\n",
)
_PYTEST_PRIVATE = Rule(
    "pytest-private",
    Verdict.FIX,
    "uses private parts of pytest",
    "import _pytest.runner\n\n\ndef test_it():\n    assert _pytest.runner.CallInfo\n",
    "import pytest\n\n\ndef test_it():\n    assert pytest.approx(1) == 1\n",
)
_INTERACTIVE = Rule(
    "interactive",
    Verdict.FIX,
    "waits for somebody at the keyboard",
    "def test_it():\n    assert input() == ''\n",
    "import pytest\n\n\n@pytest.mark.parametrize('input', [1])\ndef test_it(input):\n"
    "    assert input == 1\n",
)
_HOME = Rule(
    "home-path",
    Verdict.STRONG_SANDBOX,
    "asks where the user's home is",
    "from pathlib import Path\n\n\ndef test_it():\n    assert Path.home()\n",
    "from pathlib import Path\n\n\ndef test_it(monkeypatch, tmp_path):\n"
    "    monkeypatch.setattr(Path, 'home', lambda: tmp_path)\n",
)
_TEMPFILE = Rule(
    "tempfile-name",
    Verdict.FIX,
    "takes a name for a temporary file that may be another's by the time; use tmp_path",
    "import tempfile\n\n\ndef test_it():\n    tempfile.mktemp()\n",
    "import tempfile\n\n\ndef test_it():\n    with tempfile.TemporaryDirectory() as it:\n"
    "        assert it\n",
)
_LATER = Rule(
    "delayed-action",
    Verdict.FIX,
    "acts after the test has ended",
    "import threading\n\n\ndef test_it():\n    threading.Timer(9, print).start()\n",
    "import threading\n\n\ndef test_it():\n    it = threading.Thread(target=print)\n"
    "    it.start()\n    it.join()\n",
)
_EVALUATED_HINTS = Rule(
    "evaluated-annotations",
    Verdict.STRONG_SANDBOX,
    "evaluates annotations, which may be any code",
    "import typing\n\n\ndef test_it(a):\n    typing.get_type_hints(a)\n",
    "import inspect\n\n\ndef test_it(a):\n    inspect.get_annotations(a)\n",
)

MENTION_RULES: Mapping[Rule, str] = {
    _DYNAMIC_CODE: """
        builtins.eval builtins.exec builtins.compile builtins.__import__ builtins.breakpoint
        builtins.help builtins.__build_class__ builtins.copyright builtins.license builtins.credits
        timeit.* runpy.* code.* codeop.* cProfile.* profile.* trace.* bdb.* pdb.* doctest.*
        marshal.* ctypes.* dataclasses._create_fn importlib.util._LazyModule inspect._eval
    """,
    _BUILTINS: """
        builtins.__dict__ builtins.__builtins__ builtins.__loader__ builtins.__spec__
        builtins.<dynamic> builtins.__getattribute__
    """,
    _PROCESS: """
        subprocess.* pty.* multiprocessing.* concurrent.futures.ProcessPoolExecutor
        concurrent.futures.process asyncio.create_subprocess_exec asyncio.create_subprocess_shell
        asyncio.subprocess_exec asyncio.subprocess_shell builtins.exit builtins.quit
        platform.popen distutils.* ensurepip.* venv.* pydoc.* webbrowser.*
    """,
    _OS_CALL: "os.* shutil.*",
    _DESCRIPTOR: """
        os.fdopen os.close os.write os.read os.pipe os.fstat os.dup os.dup2 os.lseek os.fsync
        os.get_blocking os.set_blocking os.pread os.pwrite os.ftruncate os.sendfile os.closerange
    """,
    _NETWORK: """
        socket.* urllib.request.* urllib.robotparser.* xml.sax.parse http.client.HTTPConnection
        http.client.HTTPSConnection http.server.* asyncio.open_connection asyncio.start_server
        asyncio.open_unix_connection asyncio.start_unix_server wsgiref.simple_server.*
        logging.handlers.SocketHandler logging.handlers.DatagramHandler
        logging.handlers.SysLogHandler logging.handlers.SMTPHandler logging.handlers.HTTPHandler
        logging.config.listen xmlrpc.* ssl.get_server_certificate ssl.wrap_socket
    """,
    _STATE: """
        os.chdir os.fchdir os.putenv os.unsetenv os.umask os.nice os.setpriority sys.exit
        sys.setrecursionlimit sys.setswitchinterval sys.set_int_max_str_digits locale.setlocale
        time.tzset time.clock_settime socket.setdefaulttimeout threading.excepthook
        threading.stack_size logging.disable logging.shutdown logging.basicConfig logging.config.*
        logging.captureWarnings logging.setLoggerClass logging.setLogRecordFactory
        warnings.resetwarnings random.setstate gc.disable gc.freeze gc.set_threshold gc.set_debug
        decimal.setcontext gc.callbacks asyncio.set_event_loop_policy tracemalloc.start
    """,
    _INTERPRETER: """
        sys.settrace sys.setprofile sys._getframe sys._current_frames sys._current_exceptions
        sys.addaudithook sys.meta_path sys.path_hooks sys.path_importer_cache sys.breakpointhook
        sys.call_tracing sys._clear_type_cache sys.set_asyncgen_hooks sys.setdlopenflags
        sys.activate_stack_trampoline sys.remote_exec sys.monitoring sys._getframemodulename
        sys.set_coroutine_origin_tracking_depth sys.unraisablehook sys.<dynamic> sys.__dict__
        threading.settrace threading.setprofile threading.settrace_all_threads
        threading.setprofile_all_threads faulthandler.* atexit.* site.*
    """,
    _IMPORT_MACHINERY: """
        importlib.machinery importlib._bootstrap importlib._bootstrap_external importlib.abc
        importlib.__import__ importlib.util.spec_from_file_location importlib.<dynamic>
        importlib.util.module_from_spec importlib.util.spec_from_loader importlib.util.LazyLoader
        importlib.__dict__ pkgutil.* zipimport.* imp.* modulefinder.*
    """,
    _RELOAD: "importlib.reload",
    _UNPICKLE: "pickle.Unpickler pickle._Unpickler pickle.Pickler pickle._Pickler pickle.<dynamic>",
    _CODE_OBJECT: "types.CodeType types.FrameType types.CellType",
    _FRAMES: """
        inspect.currentframe inspect.stack inspect.getouterframes inspect.getinnerframes
        inspect.trace gc.get_objects gc.get_referrers gc.get_referents traceback.walk_stack
        traceback.walk_tb
    """,
    _SOURCE: "inspect.getsource inspect.getsourcelines inspect.getsourcefile inspect.getfile",
    _SIGNALS: """
        signal.signal signal.alarm signal.setitimer signal.pause signal.raise_signal
        signal.pthread_kill signal.pthread_sigmask signal.siginterrupt signal.set_wakeup_fd
        signal.sigwait signal.sigwaitinfo signal.sigtimedwait signal.pidfd_send_signal
        signal.default_int_handler
    """,
    _REGISTRY: """
        codecs.register codecs.register_error codecs.unregister copyreg.pickle copyreg.constructor
        copyreg.add_extension sqlite3.register_adapter sqlite3.register_converter
        shutil.register_archive_format shutil.register_unpack_format
    """,
    _PYTEST: """
        pytest.main pytest.exit pytest.hookimpl pytest.hookspec pytest.register_assert_rewrite
        pytest.PytestPluginManager pytest.Config pytest.console_main pytest.Session
        _pytest.config.* _pytest.main.* unittest.main unittest.defaultTestLoader unittest.TestLoader
        unittest.TextTestRunner unittest.TestProgram unittest.loader.* unittest.runner.*
        coverage.Coverage coverage.process_startup
    """,
    _PYTEST_PRIVATE: "_pytest.*",
    _INTERACTIVE: "builtins.input getpass.getpass netrc.netrc",
    _HOME: """
        pathlib.Path.home os.path.expanduser pathlib.PosixPath.home sysconfig.get_paths
        sysconfig.get_path site.getsitepackages pwd.* grp.*
    """,
    _TEMPFILE: "tempfile.mktemp",
    _LATER: "threading.Timer sched.scheduler",
    _EVALUATED_HINTS: "typing.get_type_hints typing_extensions.get_type_hints",
}
