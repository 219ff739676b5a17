#!/usr/bin/env bash
# Builds ServiceEval, prepares its database and serves it on http://127.0.0.1:5080, or on ASPNETCORE_URLS if it is set.
# ./run.sh --simulate also simulates citizens, so that the figures on the hall screen change.
# Needs the .NET 10 SDK and Node (20.19 or later in version 20, or 22.12 and later). Only the first run needs the network.
set -euo pipefail

caller=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
simulate=false
case "${1:-}" in
  '') ;;
  --simulate) simulate=true ;;
  *) echo "usage: ./run.sh [--simulate]" >&2; exit 2 ;;
esac

"$root/src/build.sh" --if-needed

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
  windows=$("${here[@]}" windows --json)
fi

data=${ServiceEval__DataDirectory:-data}
[[ $data == /* ]] || data=$caller/$data

# In a demonstration the screens and the reports look as they do after five weeks of use. The file stays until the whole
# import has succeeded, so that an interrupted import is completed at the next start.
if $simulate; then
  past=$data/past.csv
  (umask 077; mkdir -p "$data")
  if [[ ! -e $past ]]; then
    trap 'rm -f "$past.part"' EXIT
    rm -f "$past.part"
    env -u ServiceEval__PublicUrl "${simulator[@]}" --history 5w --unless-imported --out "$past.part" > /dev/null
    [[ ! -e $past.part ]] || mv "$past.part" "$past"
  fi
  if [[ -e $past ]]; then
    "${here[@]}" import ratings "$past" --source past --made-up
    rm "$past"
  fi
fi
[[ $windows =~ \"hall\":\"([^\"]+) ]] && hall=${BASH_REMATCH[1]}
[[ $windows =~ \"url\":\"([^\"]+) ]] && page=${BASH_REMATCH[1]}
base=${page%/w/*}

# Reports answer only on a loopback address, and only its requests are not limited. So the server also listens on one.
parts() {
  [[ $1 =~ ^(https?)://(.+):([0-9]+)$ ]] || [[ $1 =~ ^(https?)://(.+)()$ ]]
  scheme=${BASH_REMATCH[1]} host=${BASH_REMATCH[2]} port=${BASH_REMATCH[3]}
  [[ -n $port ]] || { port=80; [[ $scheme != https ]] || port=443; }
}
local=
IFS=';' read -ra addresses <<< "${ASPNETCORE_URLS:-$base}"
for address in "${addresses[@]}"; do
  parts "${address%/}"
  case $host in
    localhost | 127.* | '[::1]') local=${address%/} ;;
    + | '*' | 0.0.0.0 | '[::]') local=$scheme://127.0.0.1:$port ;;
    *) continue ;;
  esac
  break
done
if [[ -z $local ]]; then
  local=http://127.0.0.1:$port
  export ASPNETCORE_URLS="${ASPNETCORE_URLS:-$base};$local"
fi

# The commands printed below must work in another terminal and in another directory.
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
  周报         $local/reports
  全部窗口     $elsewhere$(printf '%q ' "${program[@]}")windows
  模拟群众     ${elsewhere}ASPNETCORE_URLS=$(printf '%q ' "$local" "${simulator[@]}")--rate 5

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

parts "$local"
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
ASPNETCORE_URLS=$local env -u ServiceEval__PublicUrl "${simulator[@]}" --rate 5 --for 24h &
children+=("$!")
# If one of the two programs ends, the script stops the other.
wait -n "${children[@]}"
