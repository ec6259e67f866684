# Install what is missing, then open Onsite (or run one of its commands). Safe to run again.
$ErrorActionPreference = 'Stop'
$Root = Split-Path -Parent $PSScriptRoot
. (Join-Path $PSScriptRoot 'install.ps1')
Install-Onsite -Root $Root -Pins 'requirements.txt'
& (Join-Path $Root '.venv\Scripts\python.exe') (Join-Path $Root 'main.py') @args
exit $LASTEXITCODE
