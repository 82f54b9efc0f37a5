"""Where things are. Everything that can be thrown away is in `.venv`, `node_modules` or `var`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
NODE_MODULES = ROOT / "node_modules"
VAR = ROOT / "var"
LOGS = VAR / "logs"
