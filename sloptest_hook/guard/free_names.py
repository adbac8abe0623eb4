"""What may be said of modules of which the rest is refused."""

from collections.abc import Mapping

from sloptest_hook.guard.words import words

# What writes or reads files is judged call by call.
FREE: Mapping[str, frozenset[str]] = {
    "os": words(
        """
        path environ environb getenv getenvb getcwd getcwdb sep linesep pathsep altsep extsep curdir
        pardir devnull name fspath fsencode fsdecode PathLike stat lstat listdir walk scandir getpid
        getppid cpu_count process_cpu_count urandom access strerror error stat_result DirEntry
        terminal_size get_terminal_size get_exec_path uname getlogin getuid geteuid getgid getegid
        supports_bytes_environ supports_fd supports_follow_symlinks supports_dir_fd isatty readlink
        times times_result uname_result WNOHANG remove unlink rmdir removedirs mkdir makedirs rename
        renames replace symlink link truncate chmod lchmod chown lchown utime mkfifo open setxattr
        fwalk
        """
    ),
    "shutil": words(
        """
        copy copy2 copyfile copytree move rmtree make_archive unpack_archive copymode copystat chown
        copyfileobj which get_terminal_size disk_usage Error SameFileError ignore_patterns ReadError
        RegistryError SpecialFileError get_archive_formats get_unpack_formats
        """
    ),
    "subprocess": words(
        """
        CompletedProcess CalledProcessError TimeoutExpired SubprocessError PIPE DEVNULL STDOUT
        list2cmdline
        """
    ),
    "urllib": words("error parse response"),
    "socket": words(
        """
        gaierror herror timeout error has_ipv6 inet_aton inet_pton inet_ntoa inet_ntop ntohs ntohl
        htons htonl AddressFamily SocketKind AddressInfo MsgFlag setdefaulttimeout getdefaulttimeout
        gethostname
        """
    ),
}
