#!/usr/bin/env bash
# Builds ServiceEval, prepares its database and serves it on http://127.0.0.1:5080 (ASPNETCORE_URLS wins).
# ./run.sh --simulate also sends citizens, so that the hall screen moves. Needs the .NET 10 SDK and Node 20.
set -euo pipefail

caller=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
simulate=false
case "${1:-}" in
  '') ;;
  --simulate) simulate=true ;;
  *) echo "usage: ./run.sh [--simulate]" >&2; exit 2 ;;
esac

for tool in dotnet npm; do
  command -v "$tool" > /dev/null || { echo "需要 .NET 10 SDK 和 Node 20：没有找到 $tool。" >&2; exit 1; }
done

cd "$root"
echo "正在构建大厅屏幕……" >&2
(cd kiosk && npm ci --no-audit --no-fund --silent && npm run build --silent) >&2
echo "正在构建服务……" >&2
dotnet build src/ServiceEval.Web -c Release -v quiet --nologo -clp:ErrorsOnly >&2

export ASPNETCORE_URLS=${ASPNETCORE_URLS:-http://127.0.0.1:5080}
export ServiceEval__LogFormat=${ServiceEval__LogFormat:-text}
cd "$caller"
serviceeval() { dotnet "$root/src/ServiceEval.Web/bin/Release/net10.0/ServiceEval.Web.dll" "$@"; }

serviceeval migrate
if [[ -z $(serviceeval windows) ]]; then serviceeval seed puyang; fi

base=${ASPNETCORE_URLS%%;*}
first=$(serviceeval windows | head -n 1)
hall=$(cut -f 1 <<< "$first")
cat <<TXT

  窗口评价页   $base/w/$(cut -f 4 <<< "$first" | sed 's|.*/||')
  选择窗口     $base/h/$hall
  大厅屏幕     $base/display/$hall
  周报         $base/reports
  全部窗口     dotnet run -c Release --project src/ServiceEval.Web -- windows
  模拟市民     ./run.sh --simulate，或另开一个终端：
               dotnet run -c Release --project src/ServiceEval.Web -- simulate --rate 5

TXT

if $simulate; then
  serviceeval serve &
  server=$!
  trap 'kill "$server" 2> /dev/null || true' EXIT
  until curl -fs "$base/healthz/ready" > /dev/null; do
    kill -0 "$server" 2> /dev/null || exit 1
    sleep 0.2
  done
  serviceeval simulate --rate 5 --for 24h
else
  serviceeval serve
fi
