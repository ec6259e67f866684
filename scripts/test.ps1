# Install everything, run all tests (extra arguments go to pytest).
$ErrorActionPreference = 'Stop'
$Root = Split-Path -Parent $PSScriptRoot
. (Join-Path $PSScriptRoot 'install.ps1')
Install-Onsite -Root $Root -Pins 'requirements-dev.txt'
$env:QT_QPA_PLATFORM = 'offscreen'
Set-Location $Root
& (Join-Path $Root '.venv\Scripts\python.exe') -m pytest -n 2 --dist loadfile -q @args
exit $LASTEXITCODE
