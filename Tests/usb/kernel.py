"""The kernel of the guests: Debian's own image, unpacked and never installed.

    kernel, initramfs = fetch()

The first call takes the image's package with `apt-get download`, keeps the kernel and the few
modules a guest needs, and packs them with busybox and guest_init.sh into an initramfs. All of it
stays in the tools' folder, under a name made of this file's and the script's text; later calls
only look. `python3 kernel.py` does the same and prints the folder.
"""

import fcntl
import hashlib
import os
import pathlib
import platform
import re
import shutil
import struct
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TOOLS = pathlib.Path(os.environ.get("TOOLS_FOLDER", ROOT / ".tools")).absolute()

# Loaded before the guest has its root, when udevd runs there, and when a USB/IP device is wanted:
# vhci's sixteen root hubs take their time.
STAGES = {
    "early": ("virtio_pci", "9pnet_virtio", "9p", "overlay", "virtio_console"),
    "late": ("xhci_pci",),
    "usbip": ("vhci_hcd",),
}


def tool(name):
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        raise RuntimeError(f"{name} is not installed")
    return found


def said(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def fetch():
    """The kernel image and the initramfs, made where they are not there yet."""
    if platform.machine() != "x86_64":
        raise RuntimeError(
            f"the guests of Tests/usb are amd64 only, as their programs are the host's own; this "
            f"machine is {platform.machine()}")
    recipe = b"".join((HERE / name).read_bytes() for name in ("kernel.py", "guest_init.sh"))
    folder = TOOLS / f"usb-guest-{hashlib.sha256(recipe).hexdigest()[:12]}"
    if not folder.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        with open(TOOLS / "usb-guest.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                for old in TOOLS.glob("usb-guest-*"):
                    shutil.rmtree(old)
                make(folder)
    return folder / "vmlinuz", folder / "initramfs"


def make(folder):
    with tempfile.TemporaryDirectory(prefix="usb-guest.", dir=TOOLS) as work:
        work = pathlib.Path(work)
        unpacked, made, tree = work / "unpacked", work / "made", work / "tree"
        made.mkdir()
        said(tool("dpkg-deb"), "-x", package(work), unpacked)
        [image] = unpacked.glob("boot/vmlinuz-*")
        version = image.name.removeprefix("vmlinuz-")
        shutil.copy(image, made / "vmlinuz")
        # Newer images keep their modules below /usr.
        if not (unpacked / "lib").exists():
            (unpacked / "lib").symlink_to("usr/lib")
        said(tool("depmod"), "-b", unpacked, version)
        for name in ("bin", "dev", "proc", "sys", *STAGES):
            (tree / name).mkdir(parents=True)
        shutil.copy(busybox(), tree / "bin" / "busybox")
        shutil.copy(HERE / "guest_init.sh", tree / "init")
        (tree / "init").chmod(0o755)
        seen = set()
        for stage, names in STAGES.items():
            files = [file for name in names for file in with_dependencies(unpacked, version, name)]
            files = [file for file in dict.fromkeys(files) if file not in seen]
            seen.update(files)
            for number, file in enumerate(files):
                module, data = plain(file)
                (tree / stage / f"{number:02d}-{module}").write_bytes(data)
        listed = sorted(str(path.relative_to(tree)) for path in tree.rglob("*"))
        (made / "initramfs").write_bytes(said(
            tool("cpio"), "--quiet", "-o", "-H", "newc", "-R", "0:0", cwd=tree,
            input="\n".join(listed).encode()))
        made.rename(folder)


def package(work):
    """The file of the package that linux-image-amd64 stands for."""
    depends = said(tool("apt-cache"), "depends", "linux-image-amd64").decode()
    found = re.search(r"Depends: (linux-image-\S+)", depends)
    if not found:
        raise RuntimeError("apt knows no linux-image-amd64; apt-get update?")
    said(tool("apt-get"), "download", "-q", found[1], cwd=work)
    [file] = work.glob("*.deb")
    return file


def busybox():
    """Debian's static build; the other one cannot run without the guest's root."""
    file = pathlib.Path(tool("busybox"))
    data = file.read_bytes()
    [table], (size, count) = struct.unpack_from("<Q", data, 32), struct.unpack_from("<HH", data, 54)
    interpreter = 3
    if any(struct.unpack_from("<I", data, table + size * n)[0] == interpreter
           for n in range(count)):
        raise RuntimeError("busybox-static is not installed: this busybox needs libraries")
    return file


def with_dependencies(root, version, name):
    """The module's file behind those it needs, in the order of loading."""
    words = said(
        tool("modprobe"), "-d", root, "-S", version, "--show-depends", name).decode()
    return [
        pathlib.Path(line.split()[1]) for line in words.splitlines() if line.startswith("insmod ")]


def plain(file):
    """A module's name and bytes as insmod takes them."""
    if file.suffix == ".xz":
        import lzma
        return file.stem, lzma.decompress(file.read_bytes())
    if file.suffix == ".zst":
        return file.stem, said(tool("zstd"), "-dc", file)
    return file.name, file.read_bytes()


if __name__ == "__main__":
    print(fetch()[0].parent)
