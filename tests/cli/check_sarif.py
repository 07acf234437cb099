#!/usr/bin/python3
"""Checks what `seaworthy check -o sarif` prints of manifests with every kind of trouble against the rules of SARIF 2.1.0.

    tests/cli/check_sarif.py SEAWORTHY

The rules that concern what we print are written out here, with the sections of the standard. Where SARIF_SCHEMA names the
schema file of the standard, and Python's jsonschema is there, that is asked too.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BAD_POD = """apiVersion: v1
kind: Pod
metadata: {name: bad, namespace: shop}
spec:
  hostPID: true
  containers:
    - name: web
      image: nginx:latest
      securityContext:
        privileged: true
  volumes:
    - name: host
      hostPath: {path: /}
"""
FILES = {
    "bad pod%.yaml": BAD_POD,
    "list.json": json.dumps({"apiVersion": "v1", "kind": "List", "items": [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "é"}, "spec": {"containers": [{"name": "a", "image": "x"}]}}]}),
    "broken.yaml": "a: [1\n",
    "other.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n",
}
LEVELS = {"none", "note", "warning", "error"}  # 3.27.10
# RFC 3986, relative reference or file: URI, without what would have to be escaped.
URI = re.compile(r"(file:///)?(?!/)([A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})+")


def fail(condition: bool, text: str) -> None:
    if not condition:
        raise AssertionError(text)


def only(fields: dict, required: set[str], optional: set[str] = frozenset()) -> None:
    fail(required <= fields.keys(), f"{required - fields.keys()} missing in {fields}")
    fail(fields.keys() <= required | optional, f"{fields.keys() - required - optional} unknown in {fields}")


def check_message(message: dict) -> None:
    only(message, {"text"}, {"markdown"})
    fail(bool(message["text"].strip()), "an empty message")


def check_location(location: dict) -> None:
    only(location, {"physicalLocation"}, {"logicalLocations"})
    physical = location["physicalLocation"]
    only(physical, {"artifactLocation"}, {"region"})
    only(physical["artifactLocation"], {"uri"}, {"description"})
    fail(URI.fullmatch(physical["artifactLocation"]["uri"]) is not None, f"{physical['artifactLocation']} is no URI reference")
    region = physical.get("region", {"startLine": 1})
    only(region, {"startLine"}, {"startColumn"})
    fail(all(isinstance(number, int) and number >= 1 for number in region.values()), f"{region}: from 1 on")  # 3.30.5, 3.30.6
    for logical in location.get("logicalLocations", []):
        only(logical, {"name", "fullyQualifiedName", "kind"})


def check_rule(rule: dict) -> None:
    only(rule, {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"})
    for name in ("shortDescription", "fullDescription", "help"):
        check_message(rule[name])
    fail(rule["defaultConfiguration"]["level"] in LEVELS, f"{rule['id']}: level")
    tags = rule["properties"]["tags"]
    fail(len(tags) == len(set(tags)), f"{rule['id']}: a tag twice")  # 3.8.2


def check_result(result: dict, rules: list[dict]) -> None:
    only(result, {"ruleId", "ruleIndex", "kind", "level", "message", "locations", "partialFingerprints", "properties"})
    fail(rules[result["ruleIndex"]]["id"] == result["ruleId"], f"{result['ruleId']} is not rule {result['ruleIndex']}")  # 3.27.6
    fail(result["kind"] == "fail" and result["level"] in LEVELS - {"none"}, f"{result['kind']}, {result['level']}")
    check_message(result["message"])
    fail(len(result["locations"]) == 1, "one location")
    check_location(result["locations"][0])
    fail(all(re.fullmatch(r"[0-9a-f]{16}", value) for value in result["partialFingerprints"].values()), "a fingerprint")


def check(log: dict) -> dict:
    only(log, {"$schema", "version", "runs"})
    fail(log["version"] == "2.1.0" and len(log["runs"]) == 1, "version and runs")
    run = log["runs"][0]
    only(run, {"tool", "columnKind", "invocations", "results"})
    fail(run["columnKind"] == "unicodeCodePoints", "columnKind")
    driver = run["tool"]["driver"]
    only(driver, {"name", "version", "semanticVersion", "rules"})
    fail(re.fullmatch(r"\d+\.\d+\.\d+", driver["semanticVersion"]) is not None, "semanticVersion")
    ids = [rule["id"] for rule in driver["rules"]]
    fail(len(ids) == len(set(ids)), "a rule twice")
    for rule in driver["rules"]:
        check_rule(rule)
    for result in run["results"]:
        check_result(result, driver["rules"])
    fail(len({json.dumps(result, sort_keys=True) for result in run["results"]}) == len(run["results"]), "a result twice")
    for invocation in run["invocations"]:
        only(invocation, {"executionSuccessful"}, {"toolExecutionNotifications"})
        for notification in invocation.get("toolExecutionNotifications", []):
            only(notification, {"level", "message"}, {"locations"})
            check_message(notification["message"])
            for location in notification.get("locations", []):
                check_location(location)
    ask_schema(log)
    return run


def ask_schema(log: dict) -> None:
    path = os.environ.get("SARIF_SCHEMA")
    if not path:
        return
    import jsonschema  # pylint: disable=import-outside-toplevel
    schema = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)


def run_check(binary: str, folder: pathlib.Path, *arguments: str, stdin: str = "") -> tuple[int, dict]:
    done = subprocess.run([binary, "check", "-o", "sarif", *arguments], cwd=folder, input=stdin, capture_output=True,
                          encoding="utf-8", check=False)
    return done.returncode, check(json.loads(done.stdout))


def place_of(run: dict, rule: str) -> tuple[str, int, int]:
    physical = next(result for result in run["results"] if result["ruleId"] == rule)["locations"][0]["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical["region"]["startLine"], physical["region"]["startColumn"]


def main() -> None:
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for file, text in FILES.items():
            (folder / file).write_text(text, encoding="utf-8")
        code, run = run_check(binary, folder, "./")
        fail(code == 2 and not run["invocations"][0]["executionSuccessful"], f"exit {code} of an unreadable file")
        fail(place_of(run, "no-privileged") == ("bad%20pod%25.yaml", 10, 9), f"no-privileged at {place_of(run, 'no-privileged')}")
        fail(place_of(run, "no-host-namespaces")[1:] == (5, 3), f"no-host-namespaces at {place_of(run, 'no-host-namespaces')}")
        fail(place_of(run, "no-host-path")[1:] == (13, 7), f"no-host-path at {place_of(run, 'no-host-path')}")
        code, run = run_check(binary, folder, "--mode", "audit", "-", stdin=BAD_POD)
        fail(code == 0 and run["invocations"][0]["executionSuccessful"], f"exit {code} under audit")
        fail(place_of(run, "no-privileged") == ("-", 10, 9), f"no-privileged at {place_of(run, 'no-privileged')}")
        fail({result["level"] for result in run["results"]} == {"note"}, "levels under audit")
        code, run = run_check(binary, folder, str(folder / "other.yaml"))
        fail(code == 0 and run["results"] == [] and len(run["tool"]["driver"]["rules"]) > 20, "nothing to report")


if __name__ == "__main__":
    main()
