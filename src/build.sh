#!/usr/bin/env bash
# Builds the hall screen and the host, and reports the progress.
# With --if-needed the script builds a part only if it is older than its sources.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
host=src/ServiceEval.Web/bin/Release/net10.0/ServiceEval.Web.dll
screen=src/ServiceEval.Web/wwwroot/kiosk/display.html
network='第一次构建要联网，从 npm 和 NuGet 下载依赖。没有外网时请用单位的镜像：npm 用 npm config set registry 镜像地址，NuGet 用 dotnet nuget add source 镜像地址；经代理上网的设 HTTPS_PROXY。'

fail() { echo "$*" >&2; exit 1; }

check_tools() {
  local tool version
  for tool in dotnet node npm; do
    command -v "$tool" > /dev/null || fail "没有找到 $tool。构建需要 .NET 10 SDK 和 Node 20.19 或更新版本，请先安装。"
  done
  version=$(node --version)
  [[ $version =~ ^v([0-9]+)\.([0-9]+) ]] || fail "node --version 的输出 $version 无法识别，请检查 Node 的安装。"
  ((BASH_REMATCH[1] > 20 || (BASH_REMATCH[1] == 20 && BASH_REMATCH[2] >= 19))) || fail "Node 是 $version，构建需要 20.19 或更新版本，请先升级 Node。"
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

# Succeeds if the file exists and none of its sources is newer.
is_new() {
  [[ -e $1 && -z $(find "${@:2}" \( -name obj -o -name bin -o -name node_modules -o -name wwwroot \) -prune -o -type f -newer "$1" \
    \( -name '*.cs' -o -name '*.razor' -o -name '*.csproj' -o -name '*.props' -o -name '*.ts' -o -name '*.css' -o -name '*.html' -o -name '*.csv' -o -name 'package*.json' \) -print -quit) ]]
}

only_needed=false
[[ ${1:-} != --if-needed ]] || only_needed=true
$only_needed && is_new "$screen" kiosk && is_new "$host" src seeds Directory.Build.props Directory.Packages.props && exit 0

check_tools
if ! $only_needed || ! is_new "$screen" kiosk; then
  step '正在下载大厅屏幕的依赖' "$network" install_screen
  step '正在构建大厅屏幕' '' build_screen
fi
step '正在构建服务，第一次要下载依赖，需要两三分钟' "$network" build_host
