"""Records what Jinja2 makes of random templates: `pip install 'jinja2==3.1.*'`, then

    python3 test/services/fuzz-jinja.py SEED CASES FILE

Grammar-based: expressions are mostly well-typed, templates mostly well-formed. `npm run conformance -- FILE` compares.
"""
import importlib.util
import json
import pathlib
import random
import re
import signal
import sys

HERE = pathlib.Path(__file__).parent
spec = importlib.util.spec_from_file_location("record_jinja", HERE / "record-jinja.py")
recorder = importlib.util.module_from_spec(spec)
spec.loader.exec_module(recorder)

CONTEXT = {
    "name": "bb091", "host": "vc-b-1.cc.example.com", "username": "us$er",
    "text": "Hello big World", "empty": "", "umlaut": "Grüße €😀ß", "lines": "a\n  b\n\n\tc\r\nd", "quote": "it's \"q\" $x\\n", "html": "<a href='x'>&amp; b</a>",
    "digits": "42", "spaced": " 7 ", "yes": True, "no": False, "nothing": None, "one": 1, "seven": 7, "minus": -3, "zero": 0,
    "big": {"$int": "1180591620717411303424"}, "half": {"$float": "2.5"}, "whole": {"$float": "1.0"}, "tiny": {"$float": "-0.000015"}, "huge": {"$float": "1e+22"},
    "nums": [3, 1, 2], "mixed": [1, {"$float": "1.0"}, "1", None, True], "words": ["b", "A", "c", "ab"], "none": [], "nested": [[1, 2], [3, [4]], []],
    "pair": {"$tuple": [1, "x"]}, "single": {"$tuple": ["y"]}, "cells": {"$set": ["cell1"]},
    "map": {"b": 1, "a": {"c": [1, 2], "d": None}, "keys": "k", "z": {"$float": "0.5"}}, "blank": {}, "keyed": {"$dict": [["10", 1], ["9", 2], [3, "three"], [None, 0]]},
    "people": [{"n": "x", "v": 2, "g": "p"}, {"n": "Y", "v": 1, "g": "q"}, {"n": "z", "v": 2, "g": "p", "t": ["u"]}],
}
TEXTS = ["name", "host", "text", "empty", "umlaut", "lines", "quote", "html", "digits", "spaced", "username"]
NUMBERS = ["one", "seven", "minus", "zero", "big", "half", "whole", "tiny", "huge", "yes"]
LISTS = ["nums", "mixed", "words", "none", "nested", "pair", "single", "cells", "people"]
MAPS = ["map", "blank", "keyed"]
OTHERS = ["nothing", "no", "missing", "loop", "absent", "range(4)", "namespace(a=1)", "dict(a=1, b='x')", "cycler('a', 'b')", "joiner(';')", "caller", "self", "varargs"]

recorder.CONTEXT = CONTEXT
recorder.TEMPLATES.clear()
recorder.TEMPLATES.update({
    "part": "<{{ name }}{{ x }}{{ item }}>",
    "lib": "{% macro m(a, b='B') %}[{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{{ caller() if caller }}]{% endmacro %}{% set v = 1 %}{% set _w = 2 %}{% macro k() %}{{ name }}{{ x }}{% endmacro %}",
    "base": "A{% block one %}1{{ x }}{% endblock %}B{% block two scoped %}2{% block three %}3{% endblock %}{% endblock %}C\n",
    "middle": "{% extends 'base' %}{% block one %}m{{ super() }}{% endblock %}",
    "vcenter_cluster/n/t.yaml.j2": "{{ host }}:{{ x }}",
})

STRINGS = ["'a'", "'b,c'", "''", '"x y"', "'%s-%s'", "'{}'", "'%d'", "'{:>5}'", "'ü'", "'A'", "'\\n'", "'<b>'", "'$a'", "'1.5'", "'0x1f'", "'10'", "'l'", "' '", "'it\\'s'", "'.'", "'{0}{1}'", "'%05.1f'", "'bb'"]
INTS = ["0", "1", "2", "3", "-1", "10", "255", "1_000", "0x1f", "0b11", "0o17", "9007199254740993"]
FLOATS = ["0.0", "1.5", "2.0", "1e3", "0.1", "1e-7", "1e16", "123456.789", "2.675"]

FILTERS = """abs attr('upper') attr('nope') b64enc batch(2) batch(2,'-') capitalize center(9) center default('d') default('d',true) d dictsort dictsort(true) dictsort(by='value') dictsort(reverse=true)
e escape filesizeformat filesizeformat(true) first float float(1.5) forceescape format('a') format('a','b') groupby('g') groupby(0) indent indent(2) indent(2,true) indent('> ',blank=true) ini_escape ini_quote int int(7) int(0,16)
items join join('-') join(',',attribute='n') last length count list lower map('upper') map(attribute='n') map(attribute='t.0',default='-') map('default','z') max min max(attribute='v') min(case_sensitive=true) pprint quote
reject('odd') reject rejectattr('t') rejectattr('v','gt',1) replace('a','b') replace('l','L',1) replace('','-') reverse round round(1) round(2,'floor') round(0,'ceil') round(-1) safe select('string') select select('in',[1,'a']) selectattr('v','equalto',2) selectattr('t','defined')
sha256sum slice(2) slice(2,'f') sort sort(reverse=true) sort(attribute='v') sort(attribute='v,n') sort(true,true) string striptags sum sum(attribute='v') sum(start=5) title tojson tojson(2) tojson(indent=4) trim trim('b') truncate(8) truncate(5,true) truncate(5,true,'..',0)
unique unique(true) unique(attribute='g') upper urlencode urlize wordcount wordwrap(5) wordwrap(6,false) wordwrap(4,break_long_words=false,wrapstring='|') xmlattr xmlattr(false) nofilter random_none""".split()
TESTS = """boolean callable defined divisibleby(2) eq(1) equalto('a') even false filter float ge(2) gt(1) greaterthan(1) in(nums) integer iterable le(2) lower lt(3) lessthan(2) mapping ne(1) none number odd sameas(none) sequence string test true undefined upper escaped nope""".split()
METHODS = """upper() lower() title() capitalize() swapcase() strip() lstrip('a') rstrip('.com') split() split(',') split('.',1) rsplit('.',1) splitlines() splitlines(true) partition('-') rpartition('.') replace('a','x') replace('l','',1) startswith('b') endswith(('m','d')) find('o') rfind('o')
index('b') count('l') count(1) join(words) join('ab') format(1,'x') format(a=1) zfill(6) center(7,'*') ljust(7) rjust(7,'.') isdigit() isalpha() isalnum() isupper() islower() isspace() istitle() isnumeric() isdecimal() isidentifier() isascii() expandtabs(4) casefold() removeprefix('b') removesuffix('d') encode() translate({97:'z'})
items() keys() values() get('b') get('zz') get('zz',5) get(3) pop('b') pop() pop(0) append(9) extend([1]) insert(0,'i') remove(1) reverse() sort() copy() clear() update({'q':1}) update(q=2) setdefault('b',0) setdefault('n',[]) popitem() fromkeys(['a']) index(1)
add('n') union(['u']) intersection(['cell1']) difference(['x']) issubset(['cell1','x']) isdisjoint([]) discard('cell1') bit_length() is_integer() as_integer_ratio() conjugate() hex() real imag numerator denominator n v a b.c keys nope __class__ 0 1.0""".split()
RAW = ["a", " ", "\n", "  \n", "key: v\n", "{", "}", "$", "# ", "\t", "ü", "€", "- ", "\n\n", "%", "{ {", "} }", "\\", "'", '"', "\r\n", "\u2028", "\x0b", "<", "zz", "{=", "=}", "##", "::"]
OPTIONS = [{}, {}, {}, {"trim_blocks": True}, {"lstrip_blocks": True}, {"trim_blocks": True, "lstrip_blocks": True}, {"variable_start_string": "{=", "variable_end_string": "=}"}, {"keep_trailing_newline": True},
           {"autoescape": True}, {"line_statement_prefix": "#", "line_comment_prefix": "##"}, {"line_statement_prefix": "%", "trim_blocks": True}, {"newline_sequence": "\r\n"},
           {"block_start_string": "<%", "block_end_string": "%>", "variable_start_string": "<<", "variable_end_string": ">>", "comment_start_string": "<#", "comment_end_string": "#>", "trim_blocks": True},
           {"block_start_string": "[%", "block_end_string": "%]", "lstrip_blocks": True}, {"variable_start_string": "${", "variable_end_string": "}", "lstrip_blocks": True},
           {"block_start_string": "<%", "block_end_string": "%>", "variable_start_string": "<%=", "variable_end_string": "%>", "comment_start_string": "<%#", "comment_end_string": "%>"}, {"extensions": ["jinja2.ext.do", "jinja2.ext.loopcontrols"]}]


class Grammar:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.local = ["x", "item"]

    def any(self, *choices):
        return self.r.choice(choices)

    def of(self, items):
        return self.r.choice(items)

    def chance(self, share):
        return self.r.random() < share

    def atom(self):
        kind = self.r.random()
        if kind < 0.22: return self.of(TEXTS)
        if kind < 0.38: return self.of(NUMBERS)
        if kind < 0.52: return self.of(LISTS)
        if kind < 0.6: return self.of(MAPS)
        if kind < 0.66: return self.of(OTHERS)
        if kind < 0.76: return self.of(STRINGS)
        if kind < 0.84: return self.of(INTS)
        if kind < 0.88: return self.of(FLOATS)
        if kind < 0.94: return self.of(self.local)
        return self.any("[]", "{}", "()", "none", "true", "False", "None", "[1, 2, 7]", "(1, 'a')", "{'k': 1, 2: 'v'}", "[[1], [2]]", "('a',)", "[missing]", "{'a': none}")

    def expr(self, depth):
        if depth <= 0: return self.atom()
        sub = lambda: self.expr(depth - self.any(1, 1, 2))
        kind = self.r.random()
        if kind < 0.12: return self.atom()
        if kind < 0.36: return f"{self.wrapped(sub())}|{self.of(FILTERS)}"
        if kind < 0.42: return f"{self.wrapped(sub())}|{self.of(FILTERS)}|{self.any('list', 'join', 'string', 'length', 'first', 'sort', 'tojson', 'int', 'upper')}"
        if kind < 0.56: return f"{self.wrapped(sub())}.{self.of(METHODS)}"
        if kind < 0.62: return f"{self.wrapped(sub())}[{self.any(sub(), '0', '-1', ':2', '1:', '::-1', '1:3', ':-1', '::2', chr(39) + 'b' + chr(39), chr(39) + 'a' + chr(39))}]"
        if kind < 0.72: return f"{sub()} {self.any('+', '-', '*', '/', '//', '%', '~', '+', '~')} {sub()}"
        if kind < 0.74: return f"{sub()} ** {self.any('2', '3', '-1', '0.5', '0')}"
        if kind < 0.8: return f"{sub()} {self.any('==', '!=', '<', '<=', '>', '>=', 'in', 'not in')} {sub()}"
        if kind < 0.84: return f"{sub()} {self.any('and', 'or')} {sub()}"
        if kind < 0.86: return f"{self.any('not ', '-', '+')}{self.wrapped(sub())}"
        if kind < 0.91: return f"{self.wrapped(sub())} is {self.any('', 'not ')}{self.of(TESTS)}"
        if kind < 0.94: return f"{sub()} if {sub()}" + self.any("", f" else {sub()}")
        if kind < 0.96: return f"[{sub()}, {sub()}]"
        if kind < 0.97: return f"{{{self.of(STRINGS)}: {sub()}, {self.of(INTS)}: {sub()}}}"
        if kind < 0.98: return f"({sub()}, {sub()})"
        if kind < 0.99: return f"{self.of(STRINGS)} % {self.any(sub(), '(' + sub() + ', ' + sub() + ')')}"
        return self.any("lib.m(1)", "m(2, b=3)", "k()", f"{self.of(STRINGS)}.format({sub()}, {sub()})", f"dict({self.of(MAPS)}, y=1)", f"range({self.any('3', '1, 9, 2', '5, 0, -1')})|{self.of(FILTERS)}", "loop.cycle(1, 2)", "loop.changed(x)", "('vcenter_cluster/n/t.yaml.j2')|render", "super()", "self.one()", "ns.a")

    def wrapped(self, text):
        return text if re.fullmatch(r"[\w.]+|'[^']*'", text) and not self.chance(0.05) else f"({text})"

    def out(self, depth=2):
        return f"{{{{{self.any('', '', '', '-')} {self.expr(self.any(0, 1, 1, depth))} {self.any('', '', '', '-')}}}}}"

    def tag(self, text):
        return f"{{%{self.any('', '', '', '', '-', '+')} {text} {self.any('', '', '', '', '-', '+')}%}}"

    def body(self, depth):
        return "".join(self.piece(depth - 1) for _ in range(self.any(1, 1, 2, 3)))

    def piece(self, depth):
        kind = self.r.random()
        if kind < 0.3 or depth <= 0: return self.of(RAW) if self.chance(0.55) else self.out()
        if kind < 0.45: return self.out()
        if kind < 0.48: return f"{{#{self.any('', '-')} c {self.any('', '-')}#}}"
        e = lambda: self.expr(self.any(0, 1, 1, 2))
        t, b = self.tag, lambda: self.body(depth)
        if kind < 0.58: return t(f"if {e()}") + b() + self.any("", t(f"elif {e()}") + b()) + self.any("", t("else") + b()) + t("endif")
        if kind < 0.7:
            target = self.any("x", "x", "item", "k, v", "x, (k, v)", "loop", "i")
            source = self.any(e(), self.of(LISTS), self.of(MAPS) + ".items()", "range(3)", "nums", self.of(TEXTS))
            return t(f"for {target} in {source}" + self.any("", "", f" if {e()}") + self.any("", "", "", " recursive")) + b() + self.any("", self.any("{{ loop.index }}", "{{ loop.revindex0 }}{{ loop.last }}", "{{ loop.previtem }}{{ loop.nextitem }}", "{{ loop(x) }}", "{{ loop.length }}", "{{ loop.depth }}{{ loop }}")) + self.any("", "", t("else") + b()) + self.any("", "", "", t("break") if self.chance(0.3) else "") + t("endfor")
        if kind < 0.77: return t(f"set {self.any('x', 'item', 'name', 'x, item', 'ns')} = {self.any(e(), 'namespace(a=' + e() + ')', e() + ', ' + e())}")
        if kind < 0.79: return t("set ns = namespace(a=0)") + t("for x in nums") + t("set ns.a = ns.a + x") + b() + t("endfor") + "{{ ns.a }}"
        if kind < 0.82: return t(f"set x{self.any('', '|upper', '|trim|length')}") + b() + t("endset") + "{{ x }}"
        if kind < 0.86: return t(f"macro m({self.any('', 'a', 'a, b=1', 'a=x, b=name', 'x')})") + b() + self.any("", "{{ caller() }}", "{{ varargs }}{{ kwargs }}", "{{ a }}{{ b }}") + t("endmacro") + self.any("", "{{ m() }}", "{{ m(1, 2) }}", "{{ m(a=" + e() + ") }}", "{{ m }}", t(f"call{self.any('', '(y)')} m({e()})") + b() + t("endcall"))
        if kind < 0.89: return t(f"with {self.any('', 'x = ' + e(), 'x = ' + e() + ', item = x')}") + b() + t("endwith")
        if kind < 0.91: return t(f"filter {self.of(FILTERS)}") + b() + t("endfilter")
        if kind < 0.93: return t("raw") + self.body(1) + t("endraw")
        if kind < 0.95: return t(f"include {self.any(chr(39) + 'part' + chr(39), chr(39) + 'nope' + chr(39) + ' ignore missing', '[' + chr(39) + 'nope' + chr(39) + ', ' + chr(39) + 'part' + chr(39) + ']', chr(39) + 'nope' + chr(39))}{self.any('', '', ' without context', ' with context')}")
        if kind < 0.97: return t(self.any("import 'lib' as lib", "import 'lib' as lib with context", "from 'lib' import m", "from 'lib' import m as q, k with context", "from 'lib' import v, _w", "from 'lib' import nope")) + self.out()
        if kind < 0.98: return t(f"autoescape {self.any('true', 'false')}") + b() + t("endautoescape")
        if kind < 0.99: return t(f"do {e()}")
        if self.chance(0.2): return t("block two required") + self.any("", " ", "{# c #}") + t("endblock")
        return t(f"block {self.any('one', 'two', 'own')}{self.any('', ' scoped')}") + b() + t("endblock")

    def template(self):
        if self.chance(0.4): return "fuzz-expr", self.out(3), {}
        options = self.of(OPTIONS)
        text = "".join(self.piece(3) for _ in range(self.any(1, 2, 3, 4)))
        if self.chance(0.06): text = self.tag(f"extends '{self.any('base', 'middle')}'") + "".join(self.tag(f"block {n}") + self.body(2) + self.tag("endblock") for n in self.any(["one"], ["two", "three"], ["three"])) + text
        for key, plain in (("block_start_string", "{%"), ("block_end_string", "%}"), ("variable_start_string", "{{"), ("variable_end_string", "}}"), ("comment_start_string", "{#"), ("comment_end_string", "#}")):
            if key in options: text = text.replace(plain, options[key])
        if "line_statement_prefix" in options and self.chance(0.7):
            prefix = options["line_statement_prefix"]
            text += f"\n{prefix} {self.any('for x in nums', 'if name:', 'set x = 1', 'if (1,')}\n{self.any('a', '{{ x }}', '')}\n{self.any('', '  ')}{prefix} {self.any('endfor', 'endif', 'set y = 2')}{self.any('', ' ## c', '  ')}\n"
        return "fuzz-template", text, options


def late(*_):
    raise TimeoutError


def main(seed, count, file):
    grammar, cases = Grammar(seed), []
    signal.signal(signal.SIGALRM, late)
    while len(cases) < count:
        category, source, options = grammar.template()
        signal.setitimer(signal.ITIMER_REAL, 2)
        recorded = recorder.case(category, source, options, CONTEXT)
        signal.setitimer(signal.ITIMER_REAL, 0)
        told = recorded["expect"]
        # What differs from one run of Python to the next: addresses; and what took too long.
        if told.get("error") in ("TimeoutError", "RecursionError", "MemoryError") or re.search(r" at 0x[0-9a-f]+", told.get("out", "")) or len(told.get("out", "")) > 4000: continue
        cases.append({**recorded, "id": f"{seed}/{len(cases)}"})
    head = {"source": f"random templates, expectations recorded from Jinja2 {recorder.jinja2.__version__}", "ctx": CONTEXT, "templates": recorder.TEMPLATES}
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in cases)
    pathlib.Path(file).write_text(json.dumps(head, ensure_ascii=False)[:-1] + f', "cases": [\n{lines}\n]}}\n')
    print(len(cases), "cases")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
