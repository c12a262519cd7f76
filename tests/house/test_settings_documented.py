import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READERS = re.compile(r"(?:env\.\w+|flag)\(\s*\"([A-Z][A-Z_]+)\"")


def test_every_variable_that_is_read_is_documented_and_no_other() -> None:
    sources = [ROOT / "config" / "env.py", ROOT / "config" / "settings" / "base.py"]
    read = {name for path in sources for name in READERS.findall(path.read_text("utf-8"))}
    page = (ROOT / "docs" / "how-to" / "settings.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))

    assert read == documented
