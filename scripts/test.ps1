# Install everything, run all tests (extra arguments go to pytest). Safe to run again.
$ErrorActionPreference = 'Stop'
$Root = Split-Path -Parent $PSScriptRoot
. (Join-Path $PSScriptRoot 'install.ps1')
Install-Onsite -Root $Root -Pins 'requirements-dev.txt'
if (-not $env:QT_QPA_PLATFORM) { $env:QT_QPA_PLATFORM = 'offscreen' }
$env:PYTHONDONTWRITEBYTECODE = '1'
$jobs = if ($env:ONSITE_JOBS) { $env:ONSITE_JOBS } else { '2' }
$ErrorActionPreference = 'Continue'
Push-Location -LiteralPath $Root
try {
    & (Join-Path $Root '.venv\Scripts\python.exe') -m pytest -n $jobs --dist loadfile -o faulthandler_timeout=900 @args
}
finally { Pop-Location }
exit $LASTEXITCODE
