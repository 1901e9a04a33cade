"""Records what PyYAML's safe_load_all makes of snippets: `pip install pyyaml`, then `python3 test/services/record-yaml.py`."""
import datetime
import json
import pathlib

import yaml

SCALARS = """yes Yes YES no No NO on On ON off Off OFF true True TRUE false False FALSE y n Y N yEs tRue
~ null Null NULL nULL none None
0 1 -1 +1 007 0644 08 09 0o17 0x1F 0xdeadBEEF 0b101 1_000 1_000_000 _1 12_ 1: 1:30 190:20:30 1:60 -1:30 1:30.5
1.0 1. .5 -.5 +.5 1e5 1E5 1e+5 1.0e5 1.0e+5 1.5E-3 1_0.5 .inf -.inf .nan .Inf .NaN .INF 6.8523015e+5 685.230_15e+03
1.10 2.0.1 v1.2 1,000 12e03 0.1.2 123456789012345 '0644' "yes" '' "" ! = << a=b
2001-12-14 2001-12-14t21:59:43.10-05:00 12:30:45 10:00 00:30 0:0""".split()

TEXTS = [
    "a: 1\nb: 2", "a: 1\na: 2", "- a\n- b", "[1, 2, {a: b}]", "{a: 1, b: [x, y]}", "a: &x {b: 1}\nc: *x",
    "base: &b {x: 1, y: 2}\nd:\n  <<: *b\n  y: 3", "d:\n  <<: [{x: 1}, {x: 2, z: 3}]", "a: |\n  line\n  two\n", "a: |-\n  line\n",
    "a: |+\n  line\n\n", "a: >\n  one\n  two\n\n  three\n", "a: 'it''s'", 'a: "t\\tb\\n\\u00fc\\x41"', "---\na: 1\n---\nb: 2\n", "---\n---\na: 1\n",
    "# only a comment\n", "", "---\n...\n", "a: 1\n...\n---\nb: 1", "a:\n  - b\n  -   c: 1\n      d: 2\n", "a:\n- b\n- c\n", "? a\n: b", "1: a", "true: x",
    "a: \n", "a: ~\nb:\n", "\"a b\": c", "a: b: c", "a: [1, 2", "a: {b", "\ta: 1", "a:\n\tb: 1", "a: 'x", "a: *nope", "a: !foo bar", "a: !!str 1",
    "a: !!int '3'", "a: !!float 1", "a: @x", "a: `x", "a: %x", "a: x # c", "a: x#y", "a: 'x' # c", "key with space: 1", "a: -1", "a: - b",
    "a: \"{{ x }}\"", "a: http://x/y?z", "a: [a b, c]", "- - a\n  - b\n- c", "a: \"multi\n  line\"", "a: plain\n  folded\n", "%YAML 1.1\n---\na: yes",
    # The end of the text cuts a block text: what Jinja2 leaves when a template ends with one.
    "a: |\n  x\n  y", "a: >\n  x\n  y", "a: |-\n  x", "a: |+\n  x", "a: |\n  x\n  ", "- |\n  x", "a: |\n  x\n\n", "a: |\n  x\n---\nb: |\n  y", "|\n x",
    "{k: v}: 1", "[k]: 1", "{[k]: 1}", "a: b\tc", "a: 'b\tc'", "a: b\t# c", "a\n...\nb", "a\n...\n---\nb", "a: \x07", "a: x\x85y", "~: 1", ": 1", "a: \ufeffx",
]


def plain(value):
    """Timestamps stay text in the operator: what they are in PyYAML is no matter here."""
    if isinstance(value, (datetime.date, datetime.datetime)):
        return {"$timestamp": True}
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {"$none": True}
    if isinstance(value, dict):
        return {key_of(key): plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def key_of(key):
    return key if isinstance(key, str) else json.dumps(key)


cases = []
for text in [f"a: {scalar}" for scalar in SCALARS] + TEXTS:
    try:
        cases.append({"text": text, "documents": [plain(each) for each in yaml.safe_load_all(text)]})
    except yaml.YAMLError as error:
        cases.append({"text": text, "refused": type(error).__name__})
    except ValueError as error:
        cases.append({"text": text, "refused": "ValueError"})

target = pathlib.Path(__file__).parent / "data" / "yaml-cases.json"
target.write_text(json.dumps({"source": f"PyYAML {yaml.__version__}", "cases": cases}, indent=1) + "\n")
print(len(cases), "cases")
