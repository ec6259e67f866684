# Install what is missing, then open Onsite (or run one of its commands). Safe to run again.
#   powershell -File scripts\run.ps1                 opens the window
#   powershell -File scripts\run.ps1 demo --json     runs a command
$ErrorActionPreference = 'Stop'
$Root = Split-Path -Parent $PSScriptRoot
. (Join-Path $PSScriptRoot 'install.ps1')
Install-Onsite -Root $Root -Pins 'requirements.txt'
$ErrorActionPreference = 'Continue'
& (Join-Path $Root '.venv\Scripts\python.exe') (Join-Path $Root 'main.py') @args
exit $LASTEXITCODE
