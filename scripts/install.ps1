# Shared by run.ps1 and test.ps1: virtual environment and pinned Python packages.

function Test-Python([string]$Python) {
    # The store's stand-in for a missing Python fails here too.
    try { & $Python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>$null | Out-Null }
    catch { return $false }
    return $LASTEXITCODE -eq 0
}

function New-Environment([string]$Venv) {
    $arguments = @('-m', 'venv', '--clear', $Venv)
    if ((Get-Command py -ErrorAction SilentlyContinue) -and (Test-Python 'py')) { & py @arguments }
    elseif ((Get-Command python -ErrorAction SilentlyContinue) -and (Test-Python 'python')) { & python @arguments }
    else { throw 'Python 3.11 or newer is not installed; install it from the Microsoft Store, then try again.' }
    if ($LASTEXITCODE -ne 0) { throw "The environment in $Venv could not be made; see above." }
}

function Install-Onsite([string]$Root, [string]$Pins) {
    $venv = Join-Path $Root '.venv'
    $python = Join-Path $venv 'Scripts\python.exe'
    $stamp = Join-Path $venv ('.pins-' + [IO.Path]::GetFileNameWithoutExtension($Pins))
    $file = Join-Path $Root $Pins
    $sum = (Get-FileHash -Algorithm SHA256 -LiteralPath $file).Hash
    if ((Test-Path -LiteralPath $python) -and (Test-Path -LiteralPath $stamp) -and
        ((Get-Content -LiteralPath $stamp) -eq $sum)) { return }
    # Native programs may write to the error stream without failing; only exit codes count here.
    $ErrorActionPreference = 'Continue'
    if (-not ((Test-Path -LiteralPath $python) -and (Test-Python $python))) { New-Environment $venv }
    [Console]::Error.WriteLine('onsite: installing the pinned Python packages')
    & $python -m pip install -q --disable-pip-version-check uv
    if ($LASTEXITCODE -ne 0) { throw 'The installer uv could not be installed; see above.' }
    & $python -m uv pip install -q --python $python --require-hashes -r $file
    if ($LASTEXITCODE -ne 0) { throw 'The Python packages could not be installed; see above.' }
    Set-Content -LiteralPath $stamp -Value $sum
}
