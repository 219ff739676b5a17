#!/usr/bin/env bash
# Writes random passwords for a compose file into deploy/secrets. Existing files stay unchanged.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
case "${1:-}" in
  postgresql) other='Server=database;' connection='Host=database;Database=serviceeval;Username=serviceeval;Password=%s' ;;
  sqlserver) other='Host=database;' connection='Server=database;Database=serviceeval;User Id=sa;Password=%s;TrustServerCertificate=true' ;;
  *) echo "usage: deploy/secrets.sh postgresql|sqlserver" >&2; exit 2 ;;
esac
if [[ -e secrets/connection && $(< secrets/connection) == "$other"* ]]; then
  echo "$PWD/secrets 是为另一种数据库建立的，没有改动；换用 $1 请先把整个目录移走，再运行一次。" >&2
  exit 1
fi

# Every account may read the files, because each container reads its files under a different account. The directory's
# mode protects the files.
install --directory --mode=0700 secrets
keep() { [[ -e secrets/$1 ]] || { printf '%s' "$2" > "secrets/$1.new" && chmod 0444 "secrets/$1.new" && mv "secrets/$1.new" "secrets/$1"; }; }
# SQL Server requires digits, lower-case letters and upper-case letters in a password.
draw() { printf 'Aa1%s' "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"; }

keep database_password "$(draw)"
keep redis_password "$(draw)"
# shellcheck disable=SC2059
keep connection "$(printf "$connection" "$(cat secrets/database_password)")"
keep reports_password "$(draw)"
keep redis "redis:6379,password=$(cat secrets/redis_password)"
echo "$PWD/secrets"
