"""Records what Jinja2 3.1 makes of its filters, tests, operators and of the methods of Python's types, each with values
of many kinds: data/jinja-library.json. Format: see record-jinja.py.

    python3 -m venv venv && venv/bin/pip install jinja2==3.1.2
    venv/bin/python record-jinja-library.py > data/jinja-library.json
"""

import json
import random
import re
import sys

import jinja2

CONTEXT = {
    "s": "Hello, World", "uni": "größe€😀", "lines": "a\n b\n\nc d\n", "num": 7, "neg": -3, "fl": 2.5,
    "f1": {"$float": "1.0"}, "bigf": {"$float": "1e+22"}, "big": {"$int": "12345678901234567890123"},
    "t": True, "n": None, "l": [3, 1, 2], "ls": ["b", "A", "c"], "mix": [1, "a", None, {"$float": "2.0"}],
    "d": {"b": 1, "a": {"k": [1, 2]}}, "st": {"$set": ["only"]}, "tup": {"$tuple": [1, "x"]},
    "us": [{"g": "p", "n": "x", "v": 2}, {"g": "q", "n": "Y", "v": 1}, {"g": "p", "n": "z", "v": 2}],
    "html": "<a href='x'>b & c</a> <!-- no -->", "url": "see http://example.com/a?b=c&d, mail me@x.org.",
    "long": "the quick brown fox jumps over the lazy dog and runs away from-here", "quote": "it's \"q\" $x",
    "deep": {"list": [{"name": "alpha", "values": list(range(30))}, {"z": ["w" * 30, "v" * 30, "u" * 30]}],
             "text": "some words that are long enough to be broken into several lines because of the width"},
}
VALUES = ["s", "uni", "lines", "num", "neg", "fl", "f1", "bigf", "big", "t", "n", "l", "ls", "mix", "d", "st", "tup",
          "us", "html", "url", "long", "quote", "deep", "missing", "''", "'x'|e", "d.items()", "range(3)", "{1: 2}", "joiner"]
FILTERS = """abs;attr('upper');batch(2,'-')|list;capitalize;center(20);default('D',true);dictsort(false,'value');escape
filesizeformat;first;float;format('a');groupby('g')|map('last')|map('length')|list;indent(2,true);int(5);items|list
join(', ');join('-','n');last;length;list;lower;map('upper')|list;map(attribute='n',default='d')|list;max;min(attribute='v')
pprint;reject('odd')|list;rejectattr('v','eq',2)|list;replace('a','b',1);reverse|list;round(1);round(-1,'ceil');select|list
selectattr('g','in',['p'])|map(attribute='n')|list;slice(2,'x')|list;sort(case_sensitive=true);string;striptags;sum(start=10)
title;tojson(2);trim('aH');truncate(9);unique|list;upper;urlencode;urlize;urlize(10,true,rel='x');wordcount;wordwrap(10)
wordwrap(5,false);xmlattr"""
METHODS = {
    "s uni lines 'ǆ ﬁx' 'ΑΣ Σ' 'ა'": """capitalize() casefold() center(9,'*') count('l',2) encode('utf-8') encode('latin-1')
        endswith(('a','d')) expandtabs(3) find('o',-3,-1) format_map({'a':1}) isalnum() isdigit() islower() isprintable() istitle()
        maketrans('a','b') partition('o') rsplit(none,1) splitlines(true) swapcase() title() translate({72:'J',101:none}) zfill(15)
        __len__() __class__ __class__.__name__ __contains__('o') __add__('x') nope()""",
    "num neg big t": "bit_length() bit_count() conjugate() as_integer_ratio() denominator __class__ nope",
    "fl f1 0.1 bigf": "is_integer() hex() as_integer_ratio() conjugate() imag __class__ nope",
    "l[:] []": "append(1) count(1) extend([1]) index(1) insert(0,9) pop(0) remove(1) reverse() sort() clear() __len__() nope",
    "dict(d) {}": "get('zz',5) pop('b') popitem() setdefault('q',1) update({'z':1}) fromkeys(['a'],1) __len__() nope",
    "st.copy()": """add(1) clear() difference(['only']) intersection_update(['only']) pop() symmetric_difference_update(['a'])
        difference_update([]) union([]) issubset(['only','b']) __len__()""",
    "'<b>x</b> & y'|safe '{} %s'|e": "upper() join(['<','a']) format('<') striptags() unescape() split(' ') capitalize()",
}
OPERANDS = ["1", "-2", "2.5", "1e300", "10**30", "'ab'", "[1]", "(1,)", "{'a':1}", "true", "none", "missing", "'x'|e", "'%s-%d'"]
OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "<", "in"]
NUMBERS = ["7", "-7", "0", "1234567", "2.5", "-0.001", "1e10", "'abc'", "true", "none", "10**25"]
SPECS = ["", "05", "*>9", "+d", ",", "_x", "#b", "c", "e", ".3e", ".0f", "10.3f", "g", "G", ".1%", "n", ".2s", "+010", "#.3f", "#g", ".4"]
EXTENSIONS = {"extensions": ["jinja2.ext.do", "jinja2.ext.loopcontrols"]}
LOOPS = """{% for i in l %}{% if i == 1 %}{% break %}{% endif %}{{ i }}{% endfor %}
{% for i in l %}{% if i == 1 %}{% continue %}{% endif %}{{ i }}{{ loop.index }}{% else %}e{% endfor %}
{% break %}
{% for i in l %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}
{% for i in l %}{% block b %}{% break %}{% endblock %}{% endfor %}
{% for i in l %}{% else %}{% break %}{% endfor %}
{% for j in l %}{% for i in [] %}{% else %}{{ j }}{% break %}{% endfor %}{% endfor %}
{% for i in l %}{% filter upper %}a{% break %}b{% endfilter %}{{ i }}{% endfor %}
{% for i in l %}{% set x %}a{% if loop.index == 2 %}{% continue %}{% endif %}b{% endset %}{{ x }}{% endfor %}
{% for i in [[1,[2,3]],4] recursive %}{% if i is iterable %}({{ loop(i) }}){% elif i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}
{% for i in l if i != 2 %}{% if loop.last %}{% break %}{% endif %}{{ i }}{% endfor %}
{% do l.append(5) %}{{ l }}
{% do %}
{% do l.append(5), 2 %}{{ l }}
{% do missing.x %}
{% for i in l %}{% with x = i %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endwith %}{% endfor %}
{% for i in l %}{% autoescape true %}{% if i == 1 %}{% break %}{% endif %}{{ '<' }}{% endautoescape %}{% endfor %}{{ '<' }}
{% for i in l %}{% set y = i %}{% if i == 1 %}{% break %}{% endif %}{% endfor %}{{ y }}
{% break 1 %}
{% for i in l %}{% break %}{% endbreak %}{% endfor %}"""
WORDS = ["a", "foo", "foo-bar", "--", "a--b", "http://example.com", "(https://a.b/c?d=e)", "<www.x.org>", "me@x.org", "x@y",
         "mailto:a@b.co", "it's", '"dq"', "ünïcödé", "averyveryverylongwordthatneedsbreaking", "1-2-3", "&", "<b>", "ftp://x.y",
         "http://[::1]:80/", "foo.com.", "(a.com/(b))", "a.com)", "😀", "日本語", "c++", "-opt", "end.)", "x\tz", "\x0b"]


def value(tagged):
    if isinstance(tagged, list):
        return [value(each) for each in tagged]
    if not isinstance(tagged, dict):
        return tagged
    tag, content = next(iter(tagged.items()), (None, None))
    kinds = {"$set": set, "$tuple": tuple}
    if tag in kinds:
        return kinds[tag](value(each) for each in content)
    if tag in ("$int", "$float"):
        return (int if tag == "$int" else float)(content)
    return {key: value(each) for key, each in tagged.items()}


def sources():
    for name in FILTERS.replace("\n", ";").split(";"):
        for each in VALUES:
            yield "filter " + re.match(r"\w+", name).group(), f"{{{{ ({each})|{name} }}}}", {}
    for name in ["lower", "upper", "sequence", "iterable", "mapping", "number", "callable", "odd", "string", "defined"]:
        for each in VALUES:
            yield "test", f"{{{{ ({each}) is {name} }}}}", {}
    for source in LOOPS.split("\n"):
        yield "extension", source, EXTENSIONS
        yield "extension", source, {}
    for each in VALUES:
        for key in ["0", "-1", "'b'", "n", "::-1", ":1"]:
            yield "item", f"{{{{ ({each})[{key}] }}}}", {}
    for key in ["(10)[:2]", "true[::-1]|length", "2.5[:1] is undefined", "[none[:1]]"]:
        yield "item", "{{ %s }}" % key, {}
        yield "item", "{%% set x = %s %%}{{ x }}" % key, {}
    for targets, methods in METHODS.items():
        for target in re.findall(r"'[^']*'(?:\|\w+)?|\S+", targets):
            for method in re.findall(r"\w+(?:\.\w+)?(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?", methods):
                yield "method", "{%% set q = %s %%}{{ q.%s }}|{{ q }}" % (target, method), {}
    for a in OPERANDS:
        for b in OPERANDS:
            for operator in OPERATORS:
                yield "operator", f"{{{{ {a} {operator} {b} }}}}", {}
    for number in NUMBERS:
        for spec in SPECS:
            yield "format", "{{ '{:%s}'.format(%s) }}" % (spec, number), {}
            yield "format", "{{ '%%%s' %% (%s,) }}" % (spec.strip(",_*>%n"), number), {}
    chance = random.Random(3)
    for call in ["urlize", "urlize(12)", "wordwrap(7)", "wordwrap(20)", "wordwrap(9,false)", "title", "truncate(12)", "pprint"] * 40:
        text = "".join(chance.choice(WORDS) + chance.choice([" ", " ", "  ", "\n"]) for _ in range(chance.randint(1, 14)))
        yield "texts", "{{ x|%s }}" % call, {"x": text}


def recorded(source, more):
    context = {key: each for key, each in more.items() if key != "extensions"}
    try:
        environment = jinja2.Environment(extensions=more.get("extensions", []))
        text = environment.from_string(source).render(value({**CONTEXT, **context}))
        return None if re.search(r"0x[0-9a-f]{6,}", text) else {"out": text}
    except Exception as error:
        return {"error": type(error).__name__}


def main():
    assert jinja2.__version__ == "3.1.2", jinja2.__version__
    cases = []
    for category, source, more in sources():
        expected = recorded(source, more)
        if expected is not None and len(expected.get("out", "")) < 600:
            added = {} if not more else {"opts": more} if "extensions" in more else {"ctx": more}
            cases.append({"cat": category, "src": source, **added, "expect": expected})
    json.dump({"ctx": CONTEXT, "cases": cases}, sys.stdout, ensure_ascii=False, separators=(",", ":"))


main()
