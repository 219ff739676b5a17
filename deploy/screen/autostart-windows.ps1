# Has this account open a hall's screen, without frame and keys, whenever it logs in.
param(
    [string]$Server = (Read-Host '服务器网址，如 http://192.168.1.10:5080'),
    [string]$Hall = (Read-Host '大厅编码')
)
$ErrorActionPreference = 'Stop'

$Server = $Server.TrimEnd('/')
if ($Server -notmatch '^https?://[^/?#\s]+$') { Write-Host "服务器网址“$Server”不对，应如 http://192.168.1.10:5080。"; exit 2 }
if ($Hall -cnotmatch '^[a-z0-9-]{1,40}$') { Write-Host "大厅编码“$Hall”不对，应为小写字母、数字和连字符。"; exit 2 }

$browser = @(
    "${env:ProgramFiles(x86)}\Microsoft\Edge\Application\msedge.exe",
    "$env:ProgramFiles\Microsoft\Edge\Application\msedge.exe",
    "$env:ProgramFiles\Google\Chrome\Application\chrome.exe",
    "${env:ProgramFiles(x86)}\Google\Chrome\Application\chrome.exe"
) | Where-Object { Test-Path $_ } | Select-Object -First 1
if (-not $browser) { Write-Host '没有找到 Edge 或 Chrome，请先安装其中之一。'; exit 1 }

# A folder's name may have blanks or Chinese in it: as an address it has neither.
$page = ([Uri](Join-Path $PSScriptRoot 'start.html')).AbsoluteUri
$address = "${page}?server=$Server&hall=$Hall"
$shortcut = (New-Object -ComObject WScript.Shell).CreateShortcut((Join-Path ([Environment]::GetFolderPath('Startup')) 'ServiceEval screen.lnk'))
$shortcut.TargetPath = $browser
$shortcut.Arguments = "--kiosk `"$address`" --edge-kiosk-type=fullscreen --no-first-run --user-data-dir=`"$env:LOCALAPPDATA\ServiceEval screen`""
$shortcut.Save()
Write-Host "已设好，下次登录时自动打开屏幕：$($shortcut.FullName)"
