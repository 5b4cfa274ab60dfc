"""The units under a systemd of their own: a container (systemd-nspawn) on a copy-on-write view of
this machine's root. Nothing of the machine changes, and nothing of it is left afterwards.

    confined.run(share, job, files, binds, environment)

runs the Python script `job` with the words "inside" and `share`, a folder that is the same on both
sides, as the one service of that system. `files` is laid over the root before.
"""

import json
import pathlib
import shutil
import subprocess
import sys

from pcscd_lab import ROOT, PcscLab, as_root, tool

SOCKET = "/run/token-station/agent.sock"
STATE = pathlib.Path("/var/lib/token-station")
SYSTEM = pathlib.Path("/etc/systemd/system")

TARGET = "[Unit]\nRequires=basic.target station-job.service\nAfter=basic.target\n"
JOB = """[Unit]
After=basic.target
SuccessAction=exit
FailureAction=exit
[Service]
Type=oneshot
Environment={environment} PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8
ExecStart={python} {job} inside {share}
StandardOutput=file:{share}/log
StandardError=inherit
"""
# /run as well is of this moment: nspawn leaves marks there.
BOOT = """
share=$1
shift
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs "$share/view"
mkdir "$share/view/upper" "$share/view/work" "$share/view/root"
mount -t overlay -o "lowerdir=/,upperdir=$share/view/upper,workdir=$share/view/work" view \
    "$share/view/root"
cp -r "$share/files/." "$share/view/root"
: >"$share/view/root/etc/fstab"
exec timeout --kill-after=10 300 env SYSTEMD_SECCOMP=0 UNIFIED_CGROUP_HIERARCHY=yes \
    systemd-nspawn --quiet --directory="$share/view/root" --register=no --keep-unit \
    --link-journal=no --uuid=00000000000000000000000000000001 --private-network \
    --capability=CAP_IPC_LOCK --bind="$share" "$@" --console=pipe --boot -- \
    systemd.unit=station-job.target
"""


def install(share, agent):
    """The agent's units and a configuration, as the package lays them down."""
    files = share / "files"
    system = files / SYSTEM.relative_to("/")
    for folder in (files / "usr/bin", files / "etc/token-station", system):
        folder.mkdir(parents=True)
    shutil.copy(agent, files / "usr/bin/token-agent")
    (files / "etc/token-station/agent.json5").write_text(json.dumps({
        "mode": "office", "socket": SOCKET, "state": str(STATE), "readers": {"pcsc": True}}))
    for unit in (ROOT / "systemd").glob("token-*"):
        if "kiosk" not in unit.name:
            shutil.copy(unit, system)
    libraries = {
        str(pathlib.Path(line.split("=>")[1].split("(")[0].strip()).resolve().parent)
        for line in subprocess.run(["ldd", agent], capture_output=True, text=True)
        .stdout.splitlines() if "=> /" in line}
    # Where the programs are no static ones, Swift's libraries may lie anywhere.
    for unit in ("token-agent.service", "token-holders@.service"):
        (system / f"{unit}.d").mkdir()
        (system / f"{unit}.d/libraries.conf").write_text(
            f"[Service]\nExecPaths={' '.join(sorted(libraries))}\n")
    # The job starts a pcscd of its own.
    (system / "pcscd.socket").symlink_to("/dev/null")


def run(share, job, binds, environment):
    """What the job said; it has ended well, or this fails with it."""
    system = share / "files" / SYSTEM.relative_to("/")
    (system / "station-job.target").write_text(TARGET)
    (system / "station-job.service").write_text(JOB.format(
        environment=environment, python=f"{sys.base_prefix}/bin/python3", job=job, share=share))
    (share / "view").mkdir()
    done = subprocess.run(
        [*as_root(), "unshare", "--mount", "--propagation", "private", "sh", "-ec", BOOT, "sh",
         share, *(f"--bind-ro={folder}" for folder in binds)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    log = share / "log"
    said = log.read_text() if log.exists() else ""
    if done.returncode != 0:
        raise RuntimeError(f"the container ended with {done.returncode}: {done.stdout}{said}")
    return said


# In the container.

class HereLab(PcscLab):
    """The network and /run are the container's own already."""

    def start_pcscd(self):
        self.socket = self.env["PCSCLITE_CSOCK_NAME"] = "/run/pcscd/pcscd.comm"
        pathlib.Path("/run/pcscd").mkdir(exist_ok=True)
        self.log_file = open(self.folder / "pcscd.log", "a")
        self.process = subprocess.Popen(
            [tool("pcscd"), "--foreground"], stdout=self.log_file, stderr=self.log_file)
        self.wait(self.is_up, "pcscd")

    def inside(self):
        return []


def systemctl(*words):
    done = subprocess.run(["systemctl", *words], capture_output=True, text=True)
    if done.returncode != 0:
        journal = subprocess.run(["journalctl", "--no-pager", "--lines=20"], capture_output=True,
                                 text=True).stdout
        raise RuntimeError(f"systemctl {' '.join(words)}: {done.stderr}{journal}")
    return done.stdout


def shown(unit, *names):
    """Properties of a unit."""
    lines = systemctl("show", unit, *(f"--property={name}" for name in names)).splitlines()
    return dict(line.split("=", 1) for line in lines)


def confinement(pid):
    """What the kernel says of a process."""
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    status = {name: words.split() for name, _, words in (line.partition(":") for line in lines)}
    may_have = int(status["CapEff"][0], 16) | int(status["CapBnd"][0], 16)
    mounts = pathlib.Path(f"/proc/{pid}/ns/mnt").readlink()
    return {
        "user": int(status["Uid"][1]), "capabilities": bin(may_have).count("1"),
        "no_new_privileges": status["NoNewPrivs"] == ["1"],
        "filters": int(status["Seccomp_filters"][0]),
        "mounts": mounts != pathlib.Path("/proc/self/ns/mnt").readlink(),
    }


# Tries in the place of a process, without a capability: which of the folders take a file, which of
# the files open for writing and for reading, which of the sockets take a connection, and which of
# the files may be executed.
REACH = """
import ctypes, json, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
pid, folders, files, sockets = json.loads(sys.argv[1])
space = os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY)
assert libc.setns(space, 0x20000) == 0, ctypes.get_errno()
# PR_SET_SECUREBITS: root is nobody special; then the capabilities go.
assert libc.prctl(28, 1, 0, 0, 0) == 0
header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
assert libc.capset(header, none) == 0
def does(act, *what):
    try:
        act(*what)
        return True
    except OSError:
        return False
def put(folder):
    name = os.path.join(folder, ".reach")
    os.close(os.open(name, os.O_CREAT | os.O_WRONLY, 0o600))
    os.unlink(name)
def call(path):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        with socket.socket(socket.AF_UNIX, kind) as one:
            try:
                return one.connect(path)
            except OSError as error:
                last = error
    raise last
def opens(path, flags):
    os.close(os.open(path, flags))
def executes(path):
    if os.statvfs(path).f_flag & os.ST_NOEXEC:
        raise PermissionError(path)
writes = [f for f in folders if does(put, f)]
print(json.dumps([writes,
                  [f for f in files if does(opens, f, os.O_WRONLY)],
                  [f for f in files if does(opens, f, os.O_RDONLY)],
                  [s for s in sockets if does(call, s)],
                  [f for f in files + writes if does(executes, f)]]))
"""


def reach(pid, folders, files, sockets):
    """Of folders those that the process may write in, of files those that it may write and those that
    it may read, of sockets those that it may talk to; and of files, and what lies in folders that it
    may write in, what it may execute."""
    said = subprocess.run(
        [sys.executable, "-I", "-c", REACH, json.dumps([pid, folders, files, sockets])],
        capture_output=True, text=True)
    assert said.returncode == 0, said
    return json.loads(said.stdout)
