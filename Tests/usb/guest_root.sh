#!/bin/sh
# The guest's first program in its final root, and its process 1: udevd with the project's rules,
# USB only then, so that every device is an event to udevd too, and guest_agent.py until it ends.
share=$1
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
# The group that the station's package makes.
grep -q ^token-station: /etc/group || echo token-station:x:970: >>/etc/group
mkdir -p /etc/udev/rules.d
cp "$share"/rules/*.rules /etc/udev/rules.d/
SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_LEVEL=info /lib/systemd/systemd-udevd \
    >"$share/udevd.log" 2>&1 &
# It says hello when this has made /run/ready.
python3 -I -S "$share/guest_agent.py" "$share" &
agent=$!
until [ -S /run/udev/control ]; do sleep 0.02; done
for module in /run/late/*; do /run/busybox insmod "$module" || echo "guest: no $module"; done
: >/run/ready
wait $agent
echo "guest: its agent ended with $?"
dmesg >"$share/dmesg.log"
/run/busybox poweroff -f
