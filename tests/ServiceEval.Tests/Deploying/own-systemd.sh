#!/usr/bin/env bash
# Becomes a separate systemd, which is process 1 of a namespace and runs the script STEPS. It ends when STEPS has ended.
# usage: own-systemd.sh PROGRAM_FOLDER STORAGE STEPS. The steps may keep files in STORAGE. They print into STORAGE/said.
set -euo pipefail
program=$1 storage=$2 steps=$3

# The steps must not change this machine. Accounts and units go into a copy of /etc.
# Empty folders cover the other folders.
mount --make-rprivate /
mount -t tmpfs tmpfs /srv
mkdir /srv/etc /srv/storage /srv/serviceeval
mount --bind "$storage" /srv/storage
mount --bind "$program" /srv/serviceeval
cp "$steps" /srv/steps.sh
cp -a /etc/. /srv/etc/
mount --bind /srv/etc /etc
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /var/log
mount -t tmpfs tmpfs /usr/local/bin
rm -rf /etc/systemd/system && mkdir -p /run/lock /etc/systemd/system
: > /etc/machine-id
ip link set lo up

cat > /etc/systemd/system/steps.service <<'UNIT'
[Unit]
SuccessAction=exit
FailureAction=exit
[Service]
Type=oneshot
TimeoutStartSec=4min
ExecStart=/bin/bash /srv/steps.sh
Environment=PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WorkingDirectory=/srv/storage
StandardOutput=append:/srv/storage/said
StandardError=append:/srv/storage/said
UNIT
printf '[Unit]\nWants=steps.service\n' > /etc/systemd/system/steps.target
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=steps.target --log-target=console --show-status=no
