#!/usr/bin/env bash
# Writes artifacts/serviceeval-RID.tar.gz: everything a server needs, to be unpacked and run without SDK, Node or network.
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

# In a copy: what a runtime adds to the lock files is not for the checkout.
mkdir "$work/src"
git ls-files -z | tar --null --files-from=- -cf - | tar -xf - -C "$work/src"
cd "$work/src"

echo "正在构建大厅屏幕……" >&2
(cd kiosk && npm ci --no-audit --no-fund --silent && npm run build --silent) >&2

# ICU, for languages and time zones, travels along on Linux; Windows has its own.
icu=72.1
extra=()
[[ -z $debian ]] || extra+=("-p:AppLocalIcu=$icu")
echo "正在发布 $rid……" >&2
dotnet publish src/ServiceEval.Web -c Release -r "$rid" --self-contained -o "$folder" "${extra[@]}" -v quiet --nologo -clp:ErrorsOnly >&2

# The program bears the product's name; what it starts is written inside.
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

# Of the pages what a server's operator needs: the parts of the README that speak of running it, behind a beginning of their own.
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
# The same commit gives the same archive: names in order, one time, nobody's name.
tar --sort=name --mtime="@$(git log -1 --format=%ct)" --owner=0 --group=0 --numeric-owner -C "$work" -cf - serviceeval | gzip -n > "$archive"
(cd artifacts && sha256sum "serviceeval-$rid.tar.gz" > "serviceeval-$rid.tar.gz.sha256")
echo "$root/$archive"
