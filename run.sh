#!/usr/bin/env bash
# Builds ServiceEval, prepares its database and serves it on http://127.0.0.1:5080 (ASPNETCORE_URLS wins).
# ./run.sh --simulate also sends citizens, so that the hall screen moves. Needs the .NET 10 SDK, Node 20.19 and, the first time, the network.
set -euo pipefail

caller=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
simulate=false
case "${1:-}" in
  '') ;;
  --simulate) simulate=true ;;
  *) echo "usage: ./run.sh [--simulate]" >&2; exit 2 ;;
esac

"$root/src/build.sh"

# A virtual machine that hides its processor's caches has .NET collect its garbage every 256 KiB; in steps of 32 MiB it costs a tenth less.
export DOTNET_GCgen0size=${DOTNET_GCgen0size:-2000000}
export ServiceEval__LogFormat=${ServiceEval__LogFormat:-text}
program=(dotnet "$root/src/ServiceEval.Web/bin/Release/net10.0/ServiceEval.Web.dll")
# What is opened and simulated here goes to this server itself, whatever address citizens are given.
here=(env -u ServiceEval__PublicUrl "${program[@]}")

# An empty database gets the sample county whole or not at all, so that windows are the sign of a seeding that ended; one that
# has any is left alone.
"${here[@]}" migrate
windows=$("${here[@]}" windows --json)
if [[ $windows == '[]' ]]; then
  "${here[@]}" seed puyang
  # Screens and reports of a demonstration look as after five weeks of use.
  if $simulate; then
    past=$(mktemp -d)
    "${here[@]}" simulate --history 5w --out "$past/past.csv"
    "${here[@]}" import ratings "$past/past.csv" --source past --made-up
    rm -rf "$past"
  fi
  windows=$("${here[@]}" windows --json)
fi
[[ $windows =~ \"hall\":\"([^\"]+) ]] && hall=${BASH_REMATCH[1]}
[[ $windows =~ \"url\":\"([^\"]+) ]] && page=${BASH_REMATCH[1]}
base=${page%/w/*}

# The commands below work in another terminal and directory.
data=${ServiceEval__DataDirectory:-data}
[[ $data == /* ]] || data=$caller/$data
elsewhere=$(printf 'ServiceEval__DataDirectory=%q ' "$data")
# A server's connection string has its password in it, which is not for the screen.
# shellcheck disable=SC2016
if [[ ${ServiceEval__Database:-sqlite} == sqlite ]]; then connection=ConnectionStrings__ServiceEval
else connection='' elsewhere+='ConnectionStrings__ServiceEval="$ConnectionStrings__ServiceEval" '; fi
for setting in ServiceEval__Database $connection ASPNETCORE_URLS ASPNETCORE_HTTP_PORTS; do
  [[ -z ${!setting:-} ]] || elsewhere+=$(printf '%s=%q ' "$setting" "${!setting}")
done
elsewhere+=$(printf '%q ' "${program[@]}")

cat <<TXT

  窗口评价页   $page
  选择窗口     $base/h/$hall
  大厅屏幕     $base/display/$hall
  周报         $base/reports
  全部窗口     ${elsewhere}windows
  模拟市民     ${elsewhere}simulate --rate 5

TXT

# Replaced by the server, so that whoever stops this script stops it.
$simulate || exec "${program[@]}" serve

# Both in the background: a shell that waits for a program in front hears no signal until that ends.
children=()
stop() {
  trap '' INT TERM
  kill "${children[@]}" 2> /dev/null || true
  wait || true
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

host=${base#*://} port=80
[[ $base != https:* ]] || port=443
if [[ $host =~ ^(.+):([0-9]+)$ ]]; then host=${BASH_REMATCH[1]} port=${BASH_REMATCH[2]}; fi
host=${host//[\[\]]/}
answers() { (exec 3<> "/dev/tcp/$host/$port") 2> /dev/null; }

# Citizens would go to another server that has the port already; ours then says so, and ends.
taken=false
! answers || taken=true
"${program[@]}" serve &
server=$!
children+=("$server")
if $taken; then wait "$server"; exit; fi
until answers; do
  if ! kill -0 "$server" 2> /dev/null; then wait "$server"; exit; fi
  sleep 0.2
done
"${here[@]}" simulate --rate 5 --for 24h &
children+=("$!")
# With one of them the other ends.
wait -n "${children[@]}"
