#!/usr/bin/env bash
# Builds the hall screen and the host, and reports the progress.
# With --if-needed the script builds a part only if it is older than its sources. With --check it only checks the tools.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
host=src/ServiceEval.Web/bin/Release/net10.0/ServiceEval.Web.dll
screen=src/ServiceEval.Web/wwwroot/kiosk/display.html
network='第一次构建要联网，从 npm 和 NuGet 下载依赖。没有外网时请用单位的镜像：npm 用 npm config set registry 镜像地址，NuGet 用 dotnet nuget add source 镜像地址；经代理上网的设 HTTPS_PROXY。'

fail() { echo "$*" >&2; exit 1; }

nodes='20.19 起的 20 版，或 22.12 及以后的版本'

check_tools() {
  local tool version major minor
  for tool in dotnet node npm; do
    command -v "$tool" > /dev/null || fail "没有找到 $tool。构建需要 .NET 10 SDK 和 Node（$nodes），请先安装。"
  done
  version=$(node --version)
  [[ $version =~ ^v([0-9]+)\.([0-9]+) ]] || fail "node --version 的输出 $version 无法识别，请检查 Node 的安装。"
  major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
  # The versions that Vite accepts.
  ((major == 20 && minor >= 19 || major == 22 && minor >= 12 || major > 22)) \
    || fail "Node 是 $version，构建需要 $nodes，请先升级 Node。"
  version=$(dotnet --version 2> /dev/null) || fail "没有可用的 .NET SDK：需要 10.0.100 或更新的 10.0 版，现在装有：$(dotnet --list-sdks 2> /dev/null | cut -d ' ' -f 1 | paste -sd ' ')。"
}

# Runs a command and shows its output only if it fails. Every 15 seconds a line says that the command is still running.
step() {
  local what=$1 advice=$2 output began=$SECONDS told=0
  shift 2
  output=$(mktemp)
  echo "$what……" >&2
  "$@" > "$output" 2>&1 < /dev/null &
  trap 'kill "$!" 2> /dev/null || true; rm -f "$output"; exit 130' INT TERM
  while kill -0 "$!" 2> /dev/null; do
    sleep 0.2
    ((SECONDS - began - told < 15)) || { told=$((SECONDS - began)); echo "$what……已用 $told 秒" >&2; }
  done
  if ! wait "$!"; then
    cat "$output" >&2
    rm -f "$output"
    fail "$what没有成功，原因见上面。$advice"
  fi
  trap - INT TERM
  rm -f "$output"
}

install_screen() { cd kiosk && npm ci --no-audit --no-fund --loglevel=error; }
build_screen() { cd kiosk && npm run build --silent; }
# The simulator contains the host, so this builds both. A compiler does not write a file that would not change, so touch
# notes the time of the build.
build_host() { dotnet build src/ServiceEval.Simulator -c Release -v quiet --nologo -clp:ErrorsOnly && touch "$host"; }

# Succeeds if the file exists and none of its sources is newer. A copied file keeps its old time of change (mtime), but
# its inode is new (ctime).
is_new() {
  [[ -e $1 && -z $(find "${@:2}" \( -name obj -o -name bin -o -name node_modules -o -name wwwroot \) -prune \
    -o -type f ! -name '*.md' \( -newer "$1" -o -cnewer "$1" \) -print -quit) ]]
}
has_new_screen() { is_new "$screen" kiosk; }
has_new_host() { is_new "$host" src seeds deploy/serviceeval.service Directory.*.props BannedSymbols.txt global.json; }

only_needed=false
case "${1:-}" in
  --if-needed) only_needed=true ;;
  --check) check_tools; exit ;;
esac
$only_needed && has_new_screen && has_new_host && exit 0

check_tools
if ! $only_needed || ! has_new_screen; then
  # npm ci removes node_modules first, so without a network it would leave nothing.
  if ! $only_needed || ! is_new kiosk/node_modules/.package-lock.json kiosk/package.json kiosk/package-lock.json; then
    step '正在下载大厅屏幕的依赖' "$network" install_screen
  fi
  step '正在构建大厅屏幕' '' build_screen
fi
step '正在构建服务，第一次要下载依赖，需要两三分钟' "$network" build_host
