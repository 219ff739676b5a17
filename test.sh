#!/usr/bin/env bash
# Installs the tools that the tests need, runs all tests and writes their trx files to artifacts/tests.
# The last line is the count. ./test.sh ROOM runs only the tests of a room, a folder of tests/ServiceEval.Tests.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit

if (($# > 0)); then
  [[ $# -eq 1 && -d tests/ServiceEval.Tests/$1 ]] || { echo "usage: ./test.sh [ROOM]，ROOM 为 tests/ServiceEval.Tests 下的目录。" >&2; exit 2; }
  dotnet build tests/ServiceEval.Tests -c Release -v quiet --nologo -clp:ErrorsOnly || exit 1
  exec dotnet test --project tests/ServiceEval.Tests -c Release --no-build --filter-class "ServiceEval.Tests.${1//\//.}.*"
fi

# The script looks for the command of a tool, so that a tool from a package of another system is also accepted.
missing=()
need() { command -v "$1" > /dev/null || missing+=("$2"); }
need chromium chromium
need zbarimg zbar-tools
need strace strace
need pdffonts poppler-utils
need ip iproute2
need systemd-analyze systemd
need caddy caddy
need docker-compose docker-compose
need shellcheck shellcheck
need desktop-file-validate desktop-file-utils
command -v fc-list > /dev/null && fc-list :lang=zh | grep -q . || missing+=(fonts-wqy-microhei fontconfig)
need redis-server redis-server
need faketime faketime
# Debian installs the programs of a server outside PATH.
compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null || need initdb postgresql
[[ -x /usr/sbin/pgbouncer ]] || need pgbouncer pgbouncer
if ((${#missing[@]})); then
  command -v apt-get > /dev/null || { echo "测试需要 ${missing[*]}，请先安装。" >&2; exit 1; }
  sudo=$([[ $EUID -eq 0 ]] || echo sudo)
  echo "正在安装测试所需：${missing[*]}" >&2
  # The tests create their own clusters. The package would also create a cluster and start it at boot.
  clusters=/etc/postgresql-common/createcluster.conf
  [[ " ${missing[*]} " != *" postgresql "* || -e $clusters ]] || { $sudo mkdir -p "${clusters%/*}" && echo 'create_main_cluster = false' | $sudo tee "$clusters" > /dev/null; }
  { $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}"; } > /dev/null \
    || { echo "没有装上 ${missing[*]}。" >&2; exit 1; }
fi

src/build.sh --check || exit 1
rm -rf artifacts/tests
mkdir -p artifacts/tests
(cd tests/compatibility-lint && npm ci --no-audit --no-fund --loglevel=error) || { echo "兼容性检查工具没有装上。" >&2; exit 1; }
(cd tests/dockerfile-lint && npm ci --no-audit --no-fund --loglevel=error) || { echo "检查 Dockerfile 的工具没有装上。" >&2; exit 1; }
(cd tests/smtp-server && npm ci --no-audit --no-fund --loglevel=error) || { echo "测试用的邮件服务器没有装上。" >&2; exit 1; }
(cd kiosk && npm ci --no-audit --no-fund --loglevel=error && npm run build --silent) || { echo "大厅屏幕没有构建成功。" >&2; exit 1; }
src/format.sh --check || exit 1
dotnet build ServiceEval.sln -c Release -v quiet --nologo -clp:ErrorsOnly || exit 1

# The tests start the program some hundreds of times. Compiled ahead of time (ReadyToRun), it starts in half the time.
ahead=$(mktemp -d)
trap 'rm -rf "$ahead"' EXIT
dotnet publish src/ServiceEval.Web -c Release --use-current-runtime --self-contained false \
  -p:NuGetLockFilePath=obj/ahead.lock.json -o "$ahead" -v quiet --nologo -clp:ErrorsOnly || exit 1
for library in "$ahead"/*.{dll,pdb}; do
  for folder in tests/ServiceEval.{Tests,Browser.Tests,Benchmarks}/bin/Release/net10.0; do
    [[ ! -e $folder/${library##*/} ]] || cp "$library" "$folder"
  done
done
# As in run.sh: if a virtual machine hides the processor's caches, .NET collects garbage every 256 KiB.
export DOTNET_GCgen0size=${DOTNET_GCgen0size:-2000000}

dotnet test --solution ServiceEval.sln -c Release --no-build --results-directory artifacts/tests --report-xunit-trx --max-parallel-test-modules 1
code=$?

# The last line sums the trx files, so that it counts the tests that ran, not the tests that were printed.
count() { grep -rhoE "<Counters [^>]*" artifacts/tests --include='*.trx' | grep -oE " $1=\"[0-9]+\"" | tr -dc '0-9\n' | awk '{n += $1} END {print n + 0}'; }
total=$(count total) executed=$(count executed) passed=$(count passed)
failed=$((executed - passed)) skipped=$((total - executed))

# A test that holds on every database is a theory with one row for each engine. So the results show which engines ran.
engines() {
  local kind ran
  for kind in Sqlite PostgreSql SqlServer; do
    ran=$(grep -rhoE "<UnitTestResult [^>]*kind: $kind\)[^>]*>" artifacts/tests --include='*.trx' | grep -c 'outcome="Passed"')
    printf '%s %s  ' "$kind" "$([[ $ran -gt 0 ]] && echo "运行了 $ran 项" || echo 没有运行)"
  done
}
echo "数据库：$(engines)"
echo "$passed passed, $failed failed, $skipped skipped"
((code == 0 && failed == 0 && passed > 0))
