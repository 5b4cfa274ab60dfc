#!/bin/busybox sh
# The guest's first program. Its root becomes the host's / behind a tmpfs; what it does there is
# in guest_agent.py. From the kernel's command line: lab.bound, seconds until the guest ends by
# itself whatever happens; lab.share, the folder that is the same on both sides, with
# guest_root.sh in it.
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t devtmpfs dev /dev
exec </dev/console >/dev/console 2>&1
for word in $($b cat /proc/cmdline); do
    case $word in
    lab.bound=*) bound=${word#*=} ;;
    lab.share=*) share=${word#*=} ;;
    esac
done

# The watchdog holds open what it needs: this root is gone soon.
(
    exec 8>/proc/sysrq-trigger 9>/dev/console
    $b sleep "$bound"
    echo "guest: its bound of $bound s is over" >&9
    echo o >&8
) &

fail() {
    echo "guest: $1"
    $b poweroff -f
}
for module in /early/*; do $b insmod "$module" || fail "no $module"; done
$b mkdir -p /host /top /root
# Nothing on the host's side of / changes while a guest runs, but for the share: cache it.
$b mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=507904,cache=loose host /host ||
    fail "no root of the host"
$b mount -t tmpfs top /top
$b mkdir /top/upper /top/work
$b mount -t overlay -o lowerdir=/host,upperdir=/top/upper,workdir=/top/work root /root ||
    fail "no root"
$b mount -t proc proc /root/proc
$b mount -t sysfs sys /root/sys
$b mount -t devtmpfs dev /root/dev
$b mkdir -p /root/dev/pts /root/dev/shm
$b mount -t devpts pts /root/dev/pts
$b mount -t tmpfs -o mode=1777 shm /root/dev/shm
$b mount -t tmpfs -o mode=755 run /root/run
$b mkdir -p "/root$share" /root/run/lock /root/run/udev
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=507904 share "/root$share" ||
    fail "no share"
$b cp -r /late /usbip $b /root/run/
$b hostname guest
$b ip link set lo up
exec $b switch_root /root /bin/sh "$share/guest_root.sh" "$share"
