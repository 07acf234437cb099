#!/usr/bin/python3
"""Fails on an include, or a link in a CMakeLists.txt, that the module table of ARCHITECTURE.md does not allow.

    tests/layers/check_layers.py ROOT        checks the tree
    tests/layers/check_layers.py --self-test tries the check itself on made-up trees

The table is the one source: a row is `| name | purpose | may include | outside libraries |`; "all above" means every row
before it. A module may always include itself. Files longer than LINES_MAX are reported too.
"""

import pathlib
import re
import sys
import tempfile

LINES_MAX = 450
INCLUDE = re.compile(r'^\s*#\s*include\s+"(?:seaworthy/)?(\w+)/', re.MULTILINE)
DEPS = re.compile(r"\bDEPS\s+((?:\w+\s+)*?\w+)\s*(?=\bLIBRARIES\b|\bPRIVATE_LIBRARIES\b|\))")


def read_table(architecture: str) -> dict[str, set[str]]:
    """Modules in order, each with what it may include."""
    allowed: dict[str, set[str]] = {}
    for line in architecture.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) < 3 or not re.fullmatch(r"`?\w+`?( ◇)?", cells[0]) or cells[0] in ("module",):
            continue
        name = cells[0].removesuffix(" ◇").strip("`")
        words = set(re.findall(r"\w+", cells[2]))
        allowed[name] = set(allowed) if cells[2] == "all above" else words & set(allowed)
        unknown = words - set(allowed) - {"all", "above"}
        if unknown and cells[2] not in ("–", "all above"):
            allowed[name] |= {f"unknown module {word}" for word in unknown}
    return allowed


def module_of(path: pathlib.Path, root: pathlib.Path) -> str:
    parts = path.relative_to(root).parts
    return parts[2] if parts[0] == "include" else parts[1]


def check(root: pathlib.Path) -> list[str]:
    allowed = read_table((root / "ARCHITECTURE.md").read_text(encoding="utf-8").split("## Modules", 1)[-1].split("\n## ", 1)[0])
    problems = [f"ARCHITECTURE.md: row {name}: {word}" for name, words in allowed.items() for word in words if " " in word]
    folders = {path.name for path in (root / "src").iterdir() if path.is_dir()}
    problems += [f"ARCHITECTURE.md: module {name} has no folder in src/" for name in sorted(set(allowed) - folders)]
    problems += [f"src/{name}: not in ARCHITECTURE.md's module table" for name in sorted(folders - set(allowed))]
    sources = sorted(path for top in ("src", "include/seaworthy") for path in (root / top).rglob("*")
                     if path.suffix in (".h", ".cc") and len(path.relative_to(root).parts) > 2)
    for path in sources:
        module, text = module_of(path, root), path.read_text(encoding="utf-8")
        for used in INCLUDE.findall(text):
            if used != module and used in allowed and used not in allowed.get(module, set()):
                problems.append(f"{path.relative_to(root)}: {module} may not include {used}")
        if (lines := text.count("\n")) > LINES_MAX:
            problems.append(f"{path.relative_to(root)}: {lines} lines; a file is one noun, under {LINES_MAX}")
    for module in sorted(folders & set(allowed)):
        cmake = (root / "src" / module / "CMakeLists.txt").read_text(encoding="utf-8")
        for group in DEPS.findall(cmake):
            for used in set(group.split()) - allowed[module]:
                problems.append(f"src/{module}/CMakeLists.txt: {module} may not link {used}")
    return problems


def self_test() -> None:
    table = "## Modules\n| module | purpose | may include | libs |\n|---|---|---|---|\n| base ◇ | x | – | |\n| a | x | base | |\n| top | x | all above | |\n"
    cases = [("a", '#include "seaworthy/base/x.h"\n', []),
             ("a", '#include "seaworthy/top/x.h"\n', ["src/a/x.cc: a may not include top"]),
             ("base", '#include "a/x.h"\n', ["src/base/x.cc: base may not include a"]),
             ("top", '#include "seaworthy/a/x.h"\n#include "seaworthy/base/x.h"\n', []),
             ("a", "\n" * (LINES_MAX + 1), [f"src/a/x.cc: {LINES_MAX + 1} lines; a file is one noun, under {LINES_MAX}"])]
    for module, text, expected in cases:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "ARCHITECTURE.md").write_text(table, encoding="utf-8")
            (root / "include" / "seaworthy").mkdir(parents=True)
            for name in ("base", "a", "top"):
                (root / "src" / name).mkdir(parents=True)
                (root / "src" / name / "CMakeLists.txt").write_text("seaworthy_module(x\n  SOURCES y.cc)\n", encoding="utf-8")
            (root / "src" / module / "x.cc").write_text(text, encoding="utf-8")
            found = check(root)
            assert found == expected, (module, text[:40], found)
            (root / "src" / "base" / "CMakeLists.txt").write_text("seaworthy_module(base\n  SOURCES y.cc\n  DEPS a\n  LIBRARIES z)\n", encoding="utf-8")
            assert "src/base/CMakeLists.txt: base may not link a" in check(root)


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        sys.exit(0)
    found_problems = check(pathlib.Path(sys.argv[1]))
    print("\n".join(found_problems))
    sys.exit(1 if found_problems else 0)
