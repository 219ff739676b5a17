@echo off
rem Double-click, or: autostart-windows.cmd http://192.168.1.10:5080 example
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0autostart-windows.ps1" %*
pause
