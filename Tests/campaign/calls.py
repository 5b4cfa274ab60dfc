"""Every system call that the agent makes in a restore fails once, one after the other."""

import collections
import contextlib
import pathlib
import re
import subprocess

from counter import SERIAL, Counter
from pcscd_lab import tool

# How each call fails in life; of several, each in turn.
ERRORS = {
    "accept4": ["EMFILE", "ECONNABORTED"], "brk": ["ENOMEM"],
    "clock_adjtime": ["EPERM"],
    "epoll_ctl": ["ENOMEM"], "epoll_wait": ["EINTR"], "fallocate": ["ENOSPC", "EIO"],
    "fcntl": ["EINVAL"], "fdatasync": ["EIO", "ENOSPC"], "flock": ["ENOLCK"], "fstat": ["EIO"],
    "fsync": ["EIO"], "ftruncate": ["EIO"], "getrandom": ["EINTR"], "getsockopt": ["ENOMEM"],
    "lstat": ["EIO"], "mkdir": ["ENOSPC"], "mlock": ["ENOMEM"], "mlock2": ["ENOMEM"],
    "mmap": ["ENOMEM"], "mprotect": ["ENOMEM"], "newfstatat": ["EIO"], "openat": ["EMFILE", "EIO"],
    "poll": ["EINTR", "ENOMEM"], "pread64": ["EIO"], "pwrite64": ["ENOSPC", "EIO"],
    "read": ["EIO"], "recvfrom": ["ECONNRESET", "EINTR"], "recvmsg": ["ECONNRESET"],
    "rename": ["ENOSPC"], "sendmsg": ["ENOBUFS"], "sendto": ["EPIPE", "EINTR", "ENOBUFS"],
    "setsockopt": ["ENOMEM"], "socket": ["EMFILE"], "statx": ["EIO"], "unlink": ["EIO"],
    "write": ["ENOSPC", "EROFS", "EIO"],
}
# Calls that cannot fail, or whose failure tells a program nothing it could act on.
LEFT_OUT = {
    "close": "the descriptor is gone whatever it answers; made to fail, it is never made",
    "futex": "a lock has no way to fail; glibc ends the process",
    "gettid": "cannot fail", "getpid": "cannot fail", "getuid": "cannot fail",
    "madvise": "advice", "munmap": "made to fail, it is never made",
    "restart_syscall": "the end of a call that was interrupted by strace",
    "rt_sigprocmask": "cannot fail", "sched_yield": "cannot fail", "shutdown": "ends a connection",
}
CALL = re.compile(r"^(\d+)\s+(?:<\.\.\. )?(\w+)(?:\(| resumed)", re.M)


def threads(pid):
    """By name: the service's own, each reader's, the clock's, the clerk's."""
    found = {}
    for number in sorted(int(task.name) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()):
        with contextlib.suppress(FileNotFoundError):
            name = pathlib.Path(f"/proc/{pid}/task/{number}/comm").read_text().strip()
            # Two have the same work and the same name.
            found[name if name not in found else name + " 2"] = number
    return found


@contextlib.contextmanager
def strace(output, *words):
    """Attached before what is inside begins."""
    process = subprocess.Popen(
        [tool("strace"), "-o", str(output), *words], stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True)
    line = process.stderr.readline()
    if "attached" not in line:
        process.wait()
        raise RuntimeError(line + process.stderr.read())
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


def profile(counter, token):
    """How often each thread makes each call in one restore."""
    output = counter.station.folder / "calls"
    pid = counter.station.pid
    names = {number: name for name, number in threads(pid).items()}
    visit = counter.visit(token, lambda: strace(output, "-f", "-p", str(pid)), is_right=True)
    if not visit.result or visit.result["outcome"] != "restored":
        counter.sheet.note("wrong answers", f"watched, a restore came to {visit.result}")
    counted = collections.Counter()
    for number, call in re.findall(r"^(\d+)\s+(\w+)\(", output.read_text(), re.M):
        counted[names[int(number)], call] += 1
    return counted


def cells(counted):
    """What to let fail: thread, call, which of them, and how."""
    for (thread, call), count in sorted(counted.items()):
        for error in ERRORS.get(call, []):
            yield from ((thread, call, n, error) for n in range(1, count + 1))


def each(sheet, chance, rounds):
    with Counter(sheet, chance) as counter:
        token = counter.token("--serial", SERIAL)
        counter.undisturbed(token)
        counted = profile(counter, token)
        unknown = {call for _, call in counted} - set(ERRORS) - set(LEFT_OUT)
        if unknown:
            sheet.note("wrong answers", f"calls this campaign does not know: {sorted(unknown)}")
        planned = list(cells(counted))
        chance.shuffle(planned)
        # One of each thread's each call comes first.
        seen = set()
        planned.sort(key=lambda cell: cell[:2] in seen or seen.add(cell[:2]) or False)
        planned = planned[:rounds]
        output = counter.station.folder / "failed"
        for thread, call, n, error in planned:
            number = threads(counter.station.pid)[thread]
            sheet.where = f"{thread}: {call} {n} {error}"
            visit = counter.visit(token, lambda: strace(
                output, "-p", str(number), "-e", f"trace={call}",
                "-e", f"inject={call}:error={error}:when={n}"))
            if "(INJECTED)" in output.read_text():
                sheet.faults += 1
            else:
                counter.expect_undisturbed(visit)
            sheet.where = ""
