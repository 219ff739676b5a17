#!/usr/bin/env bash
# Builds ServiceEval, prepares its database and serves it on http://127.0.0.1:5080, or on ASPNETCORE_URLS if it is set.
# ./run.sh --simulate also simulates citizens, so that the figures on the hall screen change.
# Needs the .NET 10 SDK and Node 20.19. The first run also needs the network.
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

# If a virtual machine hides the processor's caches, .NET collects garbage every 256 KiB. Collecting every 32 MiB
# instead saves a tenth of the cost.
export DOTNET_GCgen0size=${DOTNET_GCgen0size:-2000000}
export ServiceEval__LogFormat=${ServiceEval__LogFormat:-text}
program=(dotnet "$root/src/ServiceEval.Web/bin/Release/net10.0/ServiceEval.Web.dll")
# These commands use the address of this server, not the public address that citizens use.
here=(env -u ServiceEval__PublicUrl "${program[@]}")
simulator=(dotnet "$root/src/ServiceEval.Simulator/bin/Release/net10.0/ServiceEval.Simulator.dll")

# `seed` writes the sample county completely or not at all. So a database with windows has a complete seed, or its own
# data, and stays unchanged.
"${here[@]}" migrate
windows=$("${here[@]}" windows --json)
if [[ $windows == '[]' ]]; then
  "${here[@]}" seed puyang
  # In a demonstration the screens and the reports look as they do after five weeks of use.
  if $simulate; then
    past=$(mktemp -d)
    env -u ServiceEval__PublicUrl "${simulator[@]}" --history 5w --out "$past/past.csv"
    "${here[@]}" import ratings "$past/past.csv" --source past --made-up
    rm -rf "$past"
  fi
  windows=$("${here[@]}" windows --json)
fi
[[ $windows =~ \"hall\":\"([^\"]+) ]] && hall=${BASH_REMATCH[1]}
[[ $windows =~ \"url\":\"([^\"]+) ]] && page=${BASH_REMATCH[1]}
base=${page%/w/*}

# The commands printed below must work in another terminal and in another directory.
data=${ServiceEval__DataDirectory:-data}
[[ $data == /* ]] || data=$caller/$data
elsewhere=$(printf 'ServiceEval__DataDirectory=%q ' "$data")
# The connection string of a database server contains the password. So only the name of its variable is printed.
# shellcheck disable=SC2016
if [[ ${ServiceEval__Database:-sqlite} == sqlite ]]; then connection=ConnectionStrings__ServiceEval
else connection='' elsewhere+='ConnectionStrings__ServiceEval="$ConnectionStrings__ServiceEval" '; fi
for setting in ServiceEval__Database $connection ASPNETCORE_URLS ASPNETCORE_HTTP_PORTS; do
  [[ -z ${!setting:-} ]] || elsewhere+=$(printf '%s=%q ' "$setting" "${!setting}")
done

cat <<TXT

  窗口评价页   $page
  选择窗口     $base/h/$hall
  大厅屏幕     $base/display/$hall
  周报         $base/reports
  全部窗口     $elsewhere$(printf '%q ' "${program[@]}")windows
  模拟市民     $elsewhere$(printf '%q ' "${simulator[@]}")--rate 5

TXT

# exec replaces this script with the server, so that a signal to this script stops the server.
$simulate || exec "${program[@]}" serve

# Both programs run in the background, because a shell handles no signal until its foreground program ends.
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

# If another server already has the port, the simulated citizens must not start, because they would rate there. Our
# server then reports that the port is in use, and ends.
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
env -u ServiceEval__PublicUrl "${simulator[@]}" --rate 5 --for 24h &
children+=("$!")
# If one of the two programs ends, the script stops the other.
wait -n "${children[@]}"
