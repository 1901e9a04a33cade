"""Records what Jinja2 makes of mutated templates: `pip install 'jinja2==3.1.*'`, then

    python3 test/services/mutate-jinja.py SEED CASES FILE RECORDED…

Takes the cases of recorded files and changes each in one to three places: other values, filters, tests, methods and arguments, two
expressions joined, a template put into another or into a statement, other signs at tags, other options. `npm run conformance -- FILE` compares.
"""
import importlib.util
import json
import pathlib
import random
import re
import resource
import signal
import sys
import warnings

import jinja2

HERE = pathlib.Path(__file__).parent
spec = importlib.util.spec_from_file_location("record_jinja", HERE / "record-jinja.py")
recorder = importlib.util.module_from_spec(spec)
spec.loader.exec_module(recorder)

TOKEN = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\d[\w.]*|[A-Za-z_]\w*|\{[{%#=][-+]?|[-+]?[}%#=]\}|\s+|[^\w\s]""")
PRINTED = re.compile(r"(\{[{=]-?)(.*?)(-?[}=]\})", re.S)
ARGUMENTS = re.compile(r"\(([^()]*)\)")
TEXTS = """'a' '' '%s' '%5.2f|%-5s' '{}' '{:>10}' '{0!r}' 'a,b,,c' ' x ' 'ÄÖß' '10' '-7' '1.50' '0x1F' 'a\\nb\\r\\nc' '<a href="x">' '%' '%%' '%(a)s' '{a}' '$x"' '\\\\' '\\t' 'é' 'İ' 'ŉ' 'ﬁ' 'Σας' 'true' '\\x1f' '\\u2028' '🎉' '1e3' 'nan' 'inf' '_' '.' '١٢' '²'""".split(" ")
NUMBERS = "0 1 2 3 -1 7 10 100 255 1000000 2**31 2**53 2**64 10**30 0.0 -0.0 0.1 1.5 2.5 -2.5 1e16 1e15 123456789.123456789 1e-5 1e300 3.0 1/3 1_000 0xff 0b1".split()
OTHERS = """none true false [] () {} [1,2,3] (1,) {'a':1} missing missing.x range(5) [[1,'b'],[2,'a']] {'b':2,'a':1} [none,1] ['b','A','c'] [1.0,1,true] namespace(x=1) dict(a=1) '<'|e '<'|safe [{'a':1},{'a':2}] {1:2} joiner() cycler(1,2) loop self varargs (1,2)|list range 'a'.upper {'a':{'b':[1]}} 1[:2] (-3)""".split()
FILTERS = sorted(set(jinja2.Environment().filters) - {"random"}) + ["quote", "ini_escape", "b64enc", "sha256sum"]
TESTS = sorted(jinja2.Environment().tests)
METHODS = sorted({name for kind in (str, list, dict, tuple, set, int, float) for name in dir(kind) if not name.startswith("_")})
OPERATORS = "+ - * / // % ** ~ == != < > <= >= and or".split()
NAMES = "x n width case_sensitive attribute reverse by default first indent sep maxsplit key blank".split()
WORDS = set("if for in set endif endfor is not else elif block macro endmacro call endcall filter endfilter with endwith import include extends from endblock endset and or recursive raw endraw".split())
AROUND = ["{% for i in [1,2] %}§{% endfor %}", "{% if true %}§{% endif %}", "{% macro q(x=1) %}§{% endmacro %}{{ q() }}", "{% set z %}§{% endset %}{{ z }}", "{% filter upper %}§{% endfilter %}", "{% with name=1 %}§{% endwith %}", "{% block zz %}§{% endblock %}", "{% block zz scoped %}§{% endblock %}{{ self.zz() }}",
          "{% macro w() %}{{ caller() }}{% endmacro %}{% call w() %}§{% endcall %}", "{% for i in [[1,[2]]] recursive %}§{% endfor %}", "{% raw %}§{% endraw %}", "  {% if true %}\n  §\n  {% endif %}\n", "{%- if true -%}\n § \n{%- endif -%}", "{% autoescape true %}§{% endautoescape %}"]
OPTIONS = [{"trim_blocks": True}, {"lstrip_blocks": True}, {"trim_blocks": True, "lstrip_blocks": True}, {"keep_trailing_newline": True}, {"autoescape": True}, {"newline_sequence": "\r\n"}, {"extensions": ["jinja2.ext.do", "jinja2.ext.loopcontrols"]}, {"line_statement_prefix": "#"}, {"line_statement_prefix": "%", "line_comment_prefix": "%%"}]
# What is random, too long, printed with an address, or derived from what is not in the file.
LEFT_OUT = re.compile(r"lipsum|derive_password|\brandom\b|__(?!class__)|\*\*\s*\(?(10\*\*30|1e300|2\*\*)")


class Mutator:
    def __init__(self, seed, cases):
        self.r = random.Random(seed)
        self.of = self.r.choice
        self.expressions = [m[1].strip() for c in cases for m in re.finditer(r"\{[{=]-?(.*?)-?[}=]\}", c["src"], re.S) if 0 < len(m[1].strip()) < 80]
        self.templates = [c["src"] for c in cases if len(c["src"]) < 200 and "{%" in c["src"]]

    def mutated(self, source):
        tokens = TOKEN.findall(source)
        if "".join(tokens) != source or not tokens: return source + self.of(self.templates)
        return self.r.choices([self.value, self.joined, self.arguments, self.appended, self.inserted, self.wrapped, self.signs], [45, 15, 8, 8, 8, 8, 8])[0](source, tokens)

    def value(self, _, tokens):
        for _ in range(self.of([1, 1, 2, 3])):
            places = [at for at, token in enumerate(tokens) if re.match(r"""['"\d]|[A-Za-z_]""", token)]
            if not places: break
            at = self.of(places)
            token, before = tokens[at], "".join(tokens[max(0, at - 2):at]).strip()
            if before.endswith("|"): tokens[at] = self.of(FILTERS)
            elif before.endswith("."): tokens[at] = self.of(METHODS)
            elif at > 1 and tokens[at - 2] in ("is", "not"): tokens[at] = self.of(TESTS)
            elif token[0] in "'\"": tokens[at] = self.of(TEXTS + TEXTS + NUMBERS[:6] + OTHERS)
            elif token[0].isdigit(): tokens[at] = self.of(NUMBERS + NUMBERS + TEXTS[:6] + OTHERS)
            elif token in WORDS: tokens[at] = self.of([token] * 9 + ["if", "for", "in", "set", "is", "not", "else", "and", "or"][:1])
            else: tokens[at] = self.of(OTHERS + TEXTS + NUMBERS + [token] * 20)
        return "".join(tokens)

    def joined(self, source, _):
        found = list(PRINTED.finditer(source))
        if not found or not self.expressions: return source
        m = self.of(found)
        one, other = m[2].strip(), self.of(self.expressions)
        text = self.of([f"({one})|{self.of(FILTERS)}", f"({one})|{self.of(FILTERS)}({other})", f"({one}) is {self.of(TESTS)}", f"({one}) is {self.of(TESTS)}({other})", f"{one} if {other}", f"{one} if {other} else {self.of(self.expressions)}",
                        f"[{one},{other}]", f"({one})[{other}]", f"({one}).{self.of(METHODS)}()", f"({one}).{self.of(METHODS)}({other})"] + [f"({one}) {self.of(OPERATORS)} ({other})"] * 6)
        return f"{source[:m.start()]}{m[1]} {text} {m[3]}{source[m.end():]}"

    def arguments(self, source, _):
        found = list(ARGUMENTS.finditer(source))
        if not found: return source
        m = self.of(found)
        given, value = [each for each in m[1].split(",") if each.strip()], self.of(OTHERS + TEXTS + NUMBERS)
        kind = self.r.random()
        if kind < 0.4 or not given: given.append(value)
        elif kind < 0.6: given.pop()
        elif kind < 0.8: given[self.r.randrange(len(given))] = value
        elif kind < 0.9: given.append(f"{self.of(NAMES)}={value}")
        else: self.r.shuffle(given)
        return f"{source[:m.start()]}({','.join(given)}){source[m.end():]}"

    def appended(self, source, _):
        return source + self.of(["", "\n", " "]) + self.of(self.templates)

    def inserted(self, source, _):
        at = self.of([m.start() for m in re.finditer(r"\{%|\{\{|$", source)])
        return source[:at] + self.of(self.templates) + source[at:]

    def wrapped(self, source, _):
        return self.of(AROUND).replace("§", source)

    def signs(self, _, tokens):
        places = [at for at, token in enumerate(tokens) if re.match(r"\{[{%#]|[%}#]\}", token)]
        for at in self.r.choices(places, k=self.r.randint(1, 3)) if places else []:
            token = tokens[at]
            tokens[at] = self.of([token[:2] + self.of("-+"), "\n" + token, "  " + token]) if token[0] == "{" else self.of([self.of("-+") + token[-2:], token + "\n", token + "  \n"])
        return "".join(tokens)


def late(*_):
    raise TimeoutError


KNOWN = set(jinja2.Environment.__init__.__code__.co_varnames)


def whole(template):
    return template if isinstance(template, str) else {"src": template["src"], "opts": {name: option for name, option in template.get("opts", {}).items() if name in KNOWN}}


def recorded(file):
    data = json.loads(pathlib.Path(file).read_text())
    cases = [{"templates": data.get("templates", {}), "ctx": data.get("ctx", {}), **each} for each in data["cases"]]
    return [{**each, "templates": {path: whole(template) for path, template in each["templates"].items()}} for each in cases if len(each["src"]) < 1500 and set(each.get("opts", {})) <= KNOWN]


def main(seed, count, file, *sources):
    all_cases = [each for source in sources for each in recorded(source)]
    mutator, cases = Mutator(seed, all_cases), []
    signal.signal(signal.SIGALRM, late)
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    while len(cases) < count:
        origin = mutator.of(all_cases)
        source = origin["src"]
        for _ in range(mutator.of([1, 1, 2, 3])): source = mutator.mutated(source)
        options = {**origin.get("opts", {}), **(mutator.of(OPTIONS) if mutator.r.random() < 0.2 else {})}
        if len(source) > 3000 or LEFT_OUT.search(source): continue
        recorder.TEMPLATES.clear()
        recorder.TEMPLATES.update(origin["templates"])
        signal.setitimer(signal.ITIMER_REAL, 2)
        case = recorder.case(origin["cat"], source, options, origin["ctx"])
        signal.setitimer(signal.ITIMER_REAL, 0)
        told = case["expect"]
        text = told.get("out", "")
        if told.get("error") in ("TimeoutError", "RecursionError", "MemoryError") or len(text) > 4000: continue
        if re.search(r"0x[0-9a-f]{6,}", text, re.I) or any(0xD800 <= ord(each) < 0xE000 for each in text): continue
        cases.append({**case, "templates": origin["templates"], "ctx": origin["ctx"], "id": f"{seed}/{len(cases)}"})
    head = {"source": f"mutated templates, expectations recorded from Jinja2 {jinja2.__version__}"}
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in cases)
    pathlib.Path(file).write_text(json.dumps(head, ensure_ascii=False)[:-1] + f', "cases": [\n{lines}\n]}}\n')
    print(len(cases), "cases")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], *sys.argv[4:])
