# Runs a PostgreSQL cluster for the tests: cluster.sh BIN PORT FSYNC FOLDER. The script must not run as root.
# The script reads one command a line from standard input and answers each command with a line. When standard input
# ends, the script removes the cluster, so that no cluster remains even if the tests crashed.
set -eu
bin=$1 port=$2 fsync=$3
dir=$(mktemp -d "$4/serviceeval-postgresql-XXXXXX")
processes() { head -n 1 "$dir/data/postmaster.pid"; pgrep -P "$(head -n 1 "$dir/data/postmaster.pid")"; }
all() { for process in $(processes); do kill "-$1" "$process" || true; done; }
# Waits until the last process is gone, because a server that starts earlier finds the shared memory in use.
slay() { for process in $(processes); do kill -KILL "$process" || true; gone="${gone:-} $process"; done; for process in $gone; do while kill -0 "$process"; do sleep 0.01; done; done; gone=; }
finish() {
  trap "" INT TERM
  [ ! -f "$dir/data/postmaster.pid" ] || { all CONT; "$bin/pg_ctl" -D "$dir/data" -m immediate stop || true; } > /dev/null 2>&1
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 1' INT TERM
# The default collation is that of a language (ICU, en), so that a query that needs byte order has to ask for it.
"$bin/initdb" -D "$dir/data" -A trust -U postgres --locale=C.UTF-8 --locale-provider=icu --icu-locale=en -E UTF8 --no-sync > "$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
while read -r verb; do
  case $verb in
    start) "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=$fsync" start ;;
    stop) "$bin/pg_ctl" -D "$dir/data" -w -m fast stop ;;
    kill) slay ;;
    freeze) all STOP ;;
    thaw) all CONT ;;
  esac > /dev/null 2>&1 < /dev/null || { cat "$dir/log" >&2; exit 1; }
  echo "$verb"
done
