"""virtual-token as a USB reader in a guest: USB/IP inside it, so the kernel's USB stack is real.

    with UsbReader(guest, "--level", "tpdu") as reader:
        reader.control("fault msg=6F,kind=seq")
        assert reader.complaints() == []
"""

import itertools
import json

from guest import GuestError
from pcscd_lab import virtual_token
from station import code

# Numbers libccid has in its list, of readers it treats by the book.
USB_ID = "04e6:5810"


class UsbReader:
    ports = itertools.count(3240)

    def __init__(self, guest, *arguments, usb_id=USB_ID, key="9a=rsa1024"):
        self.guest, self.usb_id = guest, usb_id
        self.port = next(UsbReader.ports)
        self.path = f"/run/usb-reader-{self.port}"
        self.pin, self.puk = code(6), code(8)
        self.process = guest.start(
            [virtual_token(), "usb", "--listen", f"127.0.0.1:{self.port}", "--stay",
             "--control", self.path, "--usb-id", usb_id, "--key", key, "--pin", self.pin,
             "--puk", self.puk, *map(str, arguments)], name="virtual-token")
        guest.wait_for(lambda: "USB/IP" in self.process.log() or self.ended(), "a USB reader", 60)
        self.place = None
        self.plug()

    def ended(self):
        if self.process.poll() is not None:
            raise GuestError("virtual-token ended: " + self.process.log())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def plug(self):
        self.place = self.guest.attach_usbip(self.port)
        [self.device] = self.guest.wait_usb(self.usb_id)

    def unplug(self):
        """The host's pull: the device goes with its card."""
        self.guest.detach_usbip(self.place)
        self.place = None
        self.guest.wait_usb(self.usb_id, present=False)

    def control(self, line):
        with self.guest.connect(self.path) as end:
            end.settimeout(20)
            end.sendall(line.encode() + b"\n")
            reply = b""
            while not reply.endswith(b"\n"):
                part = end.recv(65536)
                if not part:
                    break
                reply += part
        text = reply.decode().strip()
        if text.startswith("error: "):
            raise RuntimeError(text)
        return text

    def complaints(self):
        """What the driver did that it must not do."""
        return json.loads(self.control("complaints"))

    def counters(self, slot=0):
        return json.loads(self.control(f"slot {slot} counters"))

    def spent(self, slot=0):
        counters = self.counters(slot)
        return counters["pinSpent"], counters["pukSpent"]

    def close(self):
        if self.place is not None and self.place in self.guest.usbip_ports():
            self.unplug()
        if self.process.poll() is None:
            self.process.stop()
