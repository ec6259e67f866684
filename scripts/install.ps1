# Shared by run.ps1 and test.ps1: virtual environment and pinned Python packages.
function Install-Onsite([string]$Root, [string]$Pins) {
    $venv = Join-Path $Root '.venv'
    $python = Join-Path $venv 'Scripts\python.exe'
    $stamp = Join-Path $venv ('.pins-' + [IO.Path]::GetFileNameWithoutExtension($Pins))
    $file = Join-Path $Root $Pins
    $sum = (Get-FileHash -Algorithm SHA256 $file).Hash
    if ((Test-Path $python) -and (Test-Path $stamp) -and ((Get-Content $stamp) -eq $sum)) { return }
    if (-not (Test-Path $python)) {
        if (Get-Command py -ErrorAction SilentlyContinue) { & py -3 -m venv $venv }
        elseif (Get-Command python -ErrorAction SilentlyContinue) { & python -m venv $venv }
        else { throw 'Python 3.11 or newer is not installed; install it from the Microsoft Store.' }
    }
    & $python -m pip install -q --disable-pip-version-check uv
    & $python -m uv pip install -q --python $python --require-hashes -r $file
    if ($LASTEXITCODE -ne 0) { throw 'The Python packages could not be installed; see above.' }
    Set-Content -Path $stamp -Value $sum
}
