"""Clean Debian roots, in which packaging/try and packaging/boot install the packages."""

import os
import pathlib
import shutil
import subprocess
import tempfile

ROOTS = pathlib.Path(os.environ.get("ROOTS", "/var/tmp/token-station-roots"))
MIRROR = os.environ.get("MIRROR", "http://deb.debian.org/debian")
# What a small box has besides the base: systemd as its manager, manuals, both shells.
INCLUDE = "systemd,systemd-sysv,dbus,udev,procps,man-db,bash-completion,zsh,perl"


class Wrong(Exception):
    pass


def ok(what, holds, found=""):
    if not holds:
        raise Wrong(f"{what}: {found}")
    print(f"  ok: {what}", flush=True)


class Root:
    """A copy of a bare root, with mounts of its own; its processes end with it."""

    def __init__(self, release, foreign):
        self.release = release
        # This machine's own architecture is not in the names.
        name = release + (f"-{foreign}" if foreign else "")
        base = ROOTS / f"base-{name}"
        if not (base / "etc/os-release").exists():
            print(f"debootstrap {name}", flush=True)
            ROOTS.mkdir(parents=True, exist_ok=True)
            part = ROOTS / f"part-{name}"
            shutil.rmtree(part, ignore_errors=True)
            subprocess.run(
                ["debootstrap", *([f"--arch={foreign}"] if foreign else []), "--variant=minbase",
                 f"--include={INCLUDE}", release, part, MIRROR],
                check=True, stdout=subprocess.DEVNULL)
            part.rename(base)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="r-", dir=ROOTS))
        self.path = self.folder / "r"
        subprocess.run(["cp", "-a", "--reflink=auto", base, self.path], check=True)
        # Nothing is started by maintainer scripts: there is no manager to start it.
        policy = self / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        shutil.copy("/etc/resolv.conf", self / "etc/resolv.conf")
        self.packages = ROOTS / f"apt-{name}"
        self.packages.mkdir(exist_ok=True)

    def __truediv__(self, path):
        return self.path / path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def words(self, *arguments):
        """As process 1 of namespaces of its own: whatever it leaves behind ends with it."""
        script = (f"mount --bind '{self.path}' '{self.path}'; cd '{self.path}'; "
                  "mount -t proc proc proc; mount -t tmpfs tmp run; "
                  "mount --rbind /dev dev; mount -t sysfs -o ro sys sys; "
                  f"mount --bind '{self.packages}' var/cache/apt/archives; "
                  f"exec chroot '{self.path}' \"$@\"")
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", script, "sh",
                "env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", *arguments]

    def run(self, *arguments, rc=0, stdin=None):
        result = subprocess.run(
            self.words(*arguments), capture_output=True, text=True, input=stdin or "", timeout=900)
        if rc is not None and result.returncode != rc:
            raise Wrong(f"{' '.join(arguments)}: {result.returncode}\n"
                        f"{result.stdout}{result.stderr}")
        return result.stdout + result.stderr

    def sh(self, script, rc=0, stdin=None):
        return self.run("sh", "-ec", script, rc=rc, stdin=stdin)

    def install(self, *packages, options=(), answer=None):
        for package in packages:
            shutil.copy(package, self / "root")
        names = [f"/root/{package.name}" for package in packages]
        return self.run("apt-get", "install", "-y", "-q", "--no-install-recommends",
                        *options, *names, stdin=answer)
