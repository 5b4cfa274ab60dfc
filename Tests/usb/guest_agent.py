"""What does in the guest as guest.py on the host says: one JSON object a line, both ways.

A request has an id and an op, and gets one answer with that id. Bytes are base64. When the host
hangs up, the guest ends.
"""

# Few modules: each costs a start in a slow guest.
import base64
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time

SHARE = sys.argv[1]


def words(path):
    with open(path) as file:
        return file.read().strip()


def port():
    end = time.monotonic() + 10
    while time.monotonic() < end:
        for name in os.listdir("/sys/class/virtio-ports"):
            if words(f"/sys/class/virtio-ports/{name}/name") == "lab":
                if os.path.exists(f"/dev/{name}"):
                    return os.open(f"/dev/{name}", os.O_RDWR)
        time.sleep(0.02)
    sys.exit("guest: there is no port to the host")


class Agent:
    def __init__(self):
        self.port = port()
        self.sending = threading.Lock()
        self.processes = {}
        self.tunnels = {}

    def serve(self):
        while not os.path.exists("/run/ready"):
            time.sleep(0.02)
        self.send({"hello": os.uname().release})
        held = b""
        while part := os.read(self.port, 1 << 16):
            *lines, held = (held + part).split(b"\n")
            for line in lines:
                message = json.loads(line)
                if "tunnel" in message and "op" not in message:
                    self.carry(message)
                else:
                    threading.Thread(target=self.answer, args=(message,), daemon=True).start()

    def send(self, message):
        data = json.dumps(message).encode() + b"\n"
        with self.sending:
            while data:
                data = data[os.write(self.port, data):]

    def answer(self, message):
        try:
            result = getattr(self, "op_" + message["op"])(**message.get("with", {}))
            self.send({"id": message["id"], "result": result})
        except Exception as error:
            self.send({"id": message["id"], "error": f"{type(error).__name__}: {error}"})

    # Programs.

    def op_run(self, command, env, input, timeout):
        process = subprocess.Popen(
            command, shell=isinstance(command, str), env={**os.environ, **env},
            stdin=subprocess.DEVNULL if input is None else subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        late = False
        try:
            out, err = process.communicate(
                None if input is None else base64.b64decode(input), timeout)
        except subprocess.TimeoutExpired:
            late = True
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
        return {"rc": process.returncode, "late": late, "out": base64.b64encode(out).decode(),
                "err": base64.b64encode(err).decode()}

    def op_start(self, command, env, log, notify, timeout):
        """Starts a program that stays; with notify, answers when it has said READY=1."""
        more = {}
        if notify:
            teller = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            path = f"/run/notify.{threading.get_native_id()}.{time.monotonic_ns()}"
            teller.bind(path)
            more["NOTIFY_SOCKET"] = path
        with open(f"{SHARE}/{log}", "ab") as file:
            process = subprocess.Popen(
                command, shell=isinstance(command, str), env={**os.environ, **env, **more},
                stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True)
        self.processes[process.pid] = process
        end = time.monotonic() + timeout
        while notify:
            if select.select([teller], [], [], 0.1)[0]:
                if "READY=1" in teller.recv(4096).decode().split("\n"):
                    break
            elif process.poll() is not None:
                raise RuntimeError(f"it ended with {process.returncode}")
            elif time.monotonic() > end:
                process.kill()
                raise RuntimeError("it never said READY=1")
        return process.pid

    def op_poll(self, pid):
        return self.processes[pid].poll()

    def op_wait(self, pid, timeout):
        try:
            return self.processes[pid].wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def op_signal(self, pid, number):
        if self.processes[pid].poll() is None:
            os.kill(pid, number)

    # Connections to sockets of the guest.

    def op_connect(self, to, tunnel):
        if isinstance(to, str):
            end = socket.socket(socket.AF_UNIX)
            end.connect(to)
        else:
            end = socket.create_connection(tuple(to))
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.tunnels[tunnel] = end
        threading.Thread(target=self.fetch, args=(tunnel, end), daemon=True).start()

    def fetch(self, tunnel, end):
        """Brings what comes to the host, and closes the socket: nobody else may, or another
        one could get its number while this is about to read."""
        try:
            while part := end.recv(1 << 15):
                self.send({"tunnel": tunnel, "data": base64.b64encode(part).decode()})
        except OSError:
            pass
        end.close()
        self.send({"tunnel": tunnel, "data": None})

    def carry(self, message):
        end = self.tunnels.get(message["tunnel"])
        try:
            if end is None:
                pass
            elif message["data"] is None:
                del self.tunnels[message["tunnel"]]
                end.shutdown(socket.SHUT_RDWR)
            else:
                end.sendall(base64.b64decode(message["data"]))
        except OSError:
            pass

    # USB.

    def op_usb(self):
        """The devices the kernel has, root hubs left out."""
        found = []
        for name in os.listdir("/sys/bus/usb/devices"):
            folder = f"/sys/bus/usb/devices/{name}"
            try:
                id = words(f"{folder}/idVendor") + ":" + words(f"{folder}/idProduct")
                bus, number = (int(words(f"{folder}/{n}")) for n in ("busnum", "devnum"))
                speed = words(f"{folder}/speed")
            except OSError:
                continue  # an interface, or gone
            if not id.startswith("1d6b"):
                found.append({"id": id, "name": name, "speed": speed,
                              "node": f"/dev/bus/usb/{bus:03d}/{number:03d}"})
        return found


Agent().serve()
