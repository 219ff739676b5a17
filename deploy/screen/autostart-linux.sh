#!/usr/bin/env bash
# Makes the desktop of this account open a hall's screen in kiosk mode at every login. Run the script as that account.
set -euo pipefail
if [[ $# -ne 2 || ! $1 =~ ^https?://[^/?#[:space:]]+/?$ || ! $2 =~ ^[a-z0-9-]{1,40}$ ]]; then
  echo "用法：$0 服务器网址 大厅编码，如 $0 http://192.168.1.10:5080 example" >&2
  exit 2
fi
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for name in chromium chromium-browser google-chrome microsoft-edge; do
  browser=$(command -v "$name") && break
done
[[ -n ${browser:-} ]] || { echo "没有找到 Chromium、Chrome 或 Edge，请先安装其中之一。" >&2; exit 1; }

# The path is written as a URL, because a folder's name may contain spaces or Chinese. In an Exec line every percent
# sign is written twice.
encoded='' LC_ALL=C
for ((i = 0; i < ${#folder}; i++)); do
  letter=${folder:i:1}
  # printf gives a negative number for a byte above 127.
  [[ $letter == [a-zA-Z0-9/._~-] ]] || printf -v letter '%%%02X' "$(($(printf '%d' "'$letter") & 255))"
  encoded+=$letter
done
address="file://${encoded}/start.html?server=${1%/}&hall=$2"
autostart=${XDG_CONFIG_HOME:-$HOME/.config}/autostart
mkdir -p "$autostart"
cat > "$autostart/serviceeval-screen.desktop" <<DESKTOP
[Desktop Entry]
Type=Application
Name=大厅评价屏
Exec="$browser" --kiosk --no-first-run --noerrdialogs --disable-infobars --disable-session-crashed-bubble --user-data-dir="$HOME/.serviceeval-screen" "${address//%/%%}"
X-GNOME-Autostart-enabled=true
DESKTOP
echo "已设好，下次登录时自动打开屏幕：$autostart/serviceeval-screen.desktop"
