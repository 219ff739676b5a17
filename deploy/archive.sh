#!/usr/bin/env bash
# Writes artifacts/serviceeval-RID.tar.gz. The archive contains everything that a server needs. The unpacked program
# runs without SDK, Node or network.
set -euo pipefail
rid=${1:-}
case "$rid" in
  linux-x64) debian=amd64 ;;
  linux-arm64) debian=arm64 ;;
  win-x64) debian= ;;
  *) echo "usage: deploy/archive.sh linux-x64|linux-arm64|win-x64" >&2; exit 2 ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=$work/serviceeval

# The build runs in a copy, because a build for a runtime adds entries to the lock files. The checkout must not change.
mkdir "$work/src"
git ls-files -z | tar --null --files-from=- -cf - | tar -xf - -C "$work/src"
cd "$work/src"

echo "正在构建大厅屏幕……" >&2
(cd kiosk && npm ci --no-audit --no-fund --silent && npm run build --silent) >&2

# The program needs ICU for languages and time zones. The archive for Linux contains ICU. Windows has its own ICU.
icu=72.1
extra=()
[[ -z $debian ]] || extra+=("-p:AppLocalIcu=$icu")
echo "正在发布 $rid……" >&2
dotnet publish src/ServiceEval.Web -c Release -r "$rid" --self-contained -o "$folder" "${extra[@]}" -v quiet --nologo -clp:ErrorsOnly >&2

# The program file gets the product's name. The name of the assembly that it starts is stored inside the file.
if [[ $rid == win-* ]]; then mv "$folder/ServiceEval.Web.exe" "$folder/serviceeval.exe"; else mv "$folder/ServiceEval.Web" "$folder/serviceeval"; fi
rm -f "$folder"/*.pdb "$folder"/web.config

if [[ -n $debian ]]; then
  echo "正在取 ICU $icu……" >&2
  if ! ls "$folder"/libicuuc.so.$icu > /dev/null 2>&1; then
    dpkg --print-foreign-architectures | grep -qx "$debian" || [[ $(dpkg --print-architecture) == "$debian" ]] || {
      dpkg --add-architecture "$debian"
      apt-get update -qq > /dev/null
    }
    (cd "$work" && apt-get download -qq "libicu72:$debian" > /dev/null && dpkg-deb -x libicu72_*.deb icu)
    for library in data i18n uc; do cp -L "$work"/icu/usr/lib/*/libicu$library.so.72 "$folder/libicu$library.so.$icu"; done
  fi
fi

node deploy/archive/notices.mjs "$folder" "$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')" kiosk
[[ ! -d $work/icu ]] || cp "$work/icu/usr/share/doc/libicu72/copyright" "$folder/licenses/ICU.txt"

# Writes a page for the operator of a server. It has an introduction of its own and then the sections of the README
# about operation.
page() {
  cat "deploy/archive/$1"
  awk -v wanted="|$2|" '/^## / { on = index(wanted, "|" substr($0, 4) "|") } on' "$1" | sed -E 's#\[([^]]*)\]\(src/[^)]*\)#\1#g'
}
page README.md "Commands|Settings|History from older systems|What the ledger can and can't show" > "$folder/README.md"
page README.zh-CN.md "命令|设置|导入历史评价|账本能证明什么，不能证明什么" > "$folder/README.zh-CN.md"
mkdir -p "$folder/deploy"
cp seeds/README.md "$folder/seeds/"
cp -r deploy/README.md deploy/README.zh-CN.md deploy/CAPACITY.md deploy/drawings deploy/screen deploy/serviceeval.service deploy/Caddyfile "$folder/deploy/"
(cd "$folder" && find . -type f ! -name SHA256SUMS -print0 | LC_ALL=C sort -z | xargs -0 sha256sum > SHA256SUMS)

cd "$root"
mkdir -p artifacts
archive=artifacts/serviceeval-$rid.tar.gz
# The same commit gives the same archive, because names are sorted, all files have one time, and no owner is stored.
tar --sort=name --mtime="@$(git log -1 --format=%ct)" --owner=0 --group=0 --numeric-owner -C "$work" -cf - serviceeval | gzip -n > "$archive"
(cd artifacts && sha256sum "serviceeval-$rid.tar.gz" > "serviceeval-$rid.tar.gz.sha256")
echo "$root/$archive"
