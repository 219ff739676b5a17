#!/usr/bin/env bash
# Formats C# with CSharpier and the kiosk with Prettier, both at 120 columns.
# With --check the script only lists the files that are not formatted.
set -euo pipefail
case "${1:-}" in
  '') csharp=format web=--write ;;
  --check) csharp=check web=--check ;;
  *) echo "usage: src/format.sh [--check]" >&2; exit 2 ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/.."

dotnet tool restore > /dev/null || { echo "格式化工具没有装上，请检查网络。" >&2; exit 1; }
[[ -d kiosk/node_modules ]] || (cd kiosk && npm ci --no-audit --no-fund --loglevel=error)
code=0
dotnet csharpier "$csharp" . || code=1
(cd kiosk && npx --no-install prettier "$web" --log-level warn .) || code=1
((code == 0)) || echo "有文件没有按统一格式书写，请运行 src/format.sh。" >&2
exit "$code"
