"""Records what Jinja2 makes of snippets: `pip install 'jinja2==3.1.*'`, then `python3 test/services/record-jinja.py`."""
import base64
import hashlib
import json
import pathlib
import re

import jinja2

def snippets(text):
    """One for each line, or for each `|` that stands between two statements (and is no filter's)."""
    return [part for part in re.split(r"(?<=[}%]\})\||\|(?=\s?\{[{%#])|\n", text) if part]


CONTEXT = {
    "name": "bb091",
    "host": "vc-a-0.cc.example.com",
    "username": "us$er",
    "text": "Hello World",
    "empty": "",
    "umlaut": "Grüße €😀",
    "lines": "a\n  b\n\nc\n",
    "quote": "it's \"q\" $x",
    "yes": True,
    "no": False,
    "nothing": None,
    "number": 7,
    "negative": -3,
    "zero": 0,
    "big": {"$int": "1180591620717411303424"},
    "float": {"$float": "2.5"},
    "whole": {"$float": "1.0"},
    "items": [3, 1, 2],
    "words": ["b", "A", "c"],
    "pair": {"$tuple": [1, "x"]},
    "cells": {"$set": ["cell1"]},
    "dict": {"b": 1, "a": {"c": [1, 2]}, "items": 3},
    "plain": {"10": 1.0, "9": 12345678901234567890, "b": {"2": 1e22, "1": -0.0}, "0x": "\\\"1: 2.0", "01": [1.5, 12]},
    "keyed": {"$dict": [["10", 1], ["9", 2], [3, "three"]]},
    "people": [{"n": "x", "age": 2, "g": "p"}, {"n": "Y", "age": 1, "g": "q"}, {"n": "z", "age": 2, "g": "p"}],
}

TEMPLATES = {
    "part": "[{{ name }}:{{ local }}]",
    "macros": "{% macro m(a, b='B') %}<{{ a }}{{ b }}{{ name }}>{% endmacro %}{% set shown = 1 %}{% set _hidden = 2 %}",
    "base": "A{% block body %}base{% endblock %}Z{% block end %}{% endblock %}\n",
    "middle": "{% extends 'base' %}{% block body %}m{{ super() }}{% endblock %}",
    "other": {"src": "<% if true %>\n  <<name>>\n<% endif %>\n", "opts": {"block_start_string": "<%", "block_end_string": "%>", "variable_start_string": "<<", "variable_end_string": ">>", "trim_blocks": True}},
}

NOVA = {"variable_start_string": "{=", "variable_end_string": "=}"}
TRIM = {"trim_blocks": True, "lstrip_blocks": True}

CASES = {
    "plain": snippets("""{{ plain }}|{{ plain|tojson }}|{{ plain['10'] }} {{ plain['9'] + 1 }} {{ plain.b['1'] }}"""),
    "before": snippets("""{% set missing.a = nope.x %}|{% set number.a = 1 // 0 %}|{% set x, dict.y = nope.x %}|{% set ns = namespace() %}{% set ns.a, ns.b = 1, 2 %}{{ ns.a }}{{ ns.b }}|{% with a = 1, a = 2 %}{{ a }}{% endwith %}|{% with (a, b) = (1, 2), b = 3 %}{{ a }}{{ b }}{% endwith %}
{% for a, a in [(1, 2)] %}{{ a }}{% endfor %}|{{ dict|tojson(true) }}|{{ dict|tojson(false) }}|{{ dict|tojson(indent=none) }}"""),
    "constant": snippets(r"""{{ 1[:-1] and number or 0 }}
{{ 1[:-1] or number }}
{% set x = 1[:-1] and number or 0 %}{{ x }}
{% if 1[:-1] or 1 %}y{% endif %}
{% if 1[:-1] or number %}y{% endif %}
{{ 1[:-1] if 1[:-1] else 5 }}
{{ number if 1[:-1] else 5 }}
{% set x = number if 1[:-1] else 5 %}{{ x }}
{{ 5 if 1[:-1] }}|{{ (5 if 1[:-1])|default('d') }}
{% set x = (5 if 1[:-1])|default('d') %}
{{ 1 > 2 < number[:1] }}
{% set x = 1[:1] > 2 %}
{% set x = 1[:1] == 2 < number %}{{ x }}
{% set x = 1[:1] is defined or number %}{{ x }}
{{ [1e400]|reverse|list }} {{ 1e400 }}
{{ true and number ~ 1e400 }}
{{ false and number ~ 1e400 }}
{{ true or number ~ 1e400 }}
{% set x = true or number ~ 1e400 %}{{ x }}
{% set x = 1e400 > 5 %}{{ x }}
{% set x = [1e400, number] %}
{{ [1e400, number] }}
{{ [1e400, 1] }}
{{ 1e308 * 10 }} {% if 1e308 * 10 > 5 %}y{% endif %}
{% set x = 1e308 * 10 %}
{% set x = 'nan'|float %}
{% set x = 'nan'|float == 1 %}{{ x }}
{{ items[:1e400] }}
{{ '%s' % 1e400 }} {{ '%s' % (number, 1)[1:] }}
{{ '%s' % (1, 1)[1:] }}
{{ 'abc'[::0] }}
{{ 5[::0] }}
{{ 'abc'['a':] }}
{% set x = 'abc'['a':] %}
{{ {'a': 1}[:2] }}
{{ {'a': 1}[1:]|default('q') }}
{{ m(1[:2]) }}
{{ text.upper()[1[:2]:] }}
{{ text|replace('l', 1[:2]) }}
{{ text|replace('l', 1[:2]|string) }}
{{ ('a'|upper)[0][1] is undefined }}
{{ 1[:2].foo }}
{{ 1[:2].foo|default('x') }}
{{ 1[:2]|upper|list|length }}
{{ -1[:2] }}
{{ -(1[:2]) }}
{{ 1[:2] ~ 'a' }}{{ 1[:2] ~ name }}
{% macro q(a=1[:2]) %}{{ a }}{% endmacro %}{{ q() }}
{% for x in [1[:2] or 7, 3] %}{{ x }}{% endfor %}"""),
    "path": snippets(r"""{{ people|min(attribute='²') }}
{{ nested|map(attribute='١')|list }}
{{ items|batch('a')|list }}
{% for i in [1, 1, 2] %}{{ loop.changed(i, attribute='1') }}{% endfor %}
{% for i in [1, 1, 2] %}{{ loop.cycle(i, attribute='1') }}{% endfor %}
{{ 5|round(1/3,'floor') }} {{ 5.7|round(1.5,'ceil') }} {{ 5|round(missing, 'floor') }}
{{ 5|round('a', 'floor') }}
{{ 5|round(-1, 'floor') }} {{ 55.5|round(-1, 'ceil') }} {{ 5|round(true, 'ceil') }}
{{ 5.5|round(0.5) }}
{{ 'http://a.com'|urlize('string') }}
{{ 'a'|urlize('string') }} {{ 'http://abcde.com'|urlize(-3) }} {{ 'http://abcde.com'|urlize(true) }}
{{ 'http://abcde.com'|urlize(1.5) }}
{{ 'http://abcde.com'|urlize(missing) }}
{{ 'a'.encode()|b64enc }}{{ 'ü'.encode()|sha256sum }}
{{ 7|render }}
{{ [7]|render }}
{{ missing|render }}
{{ none|render }}
{% include 5 %}
{% include none %}
{% include missing %}
{% include [missing, 'part'] %}
{% include [7, none, 'part'] %}
{% include [[], 'part'] %}
{% include ['part', []] %}
{% include ['nope', missing] %}
{% include [] %}
{% include [] ignore missing %}
{% include missing ignore missing %}
{% include 5 ignore missing %}
{% include {'part': 1} %}
{% include words|map('upper') ignore missing %}
{% import 5 as x %}
{% import [] as x %}
{% from none import x %}
{% extends 5 %}
{% extends ['base'] %}
{% extends missing %}
{{ [missing]|max(attribute='v') }}
{{ [missing]|min }}
{{ [{'v': 1}]|max(attribute='v.x.y') }}
{{ [1]|max(attribute='v') }}
{{ missing|max }}"""),
    "argument": snippets(r"""{{ (1 + -0.0) ~ (((missing))|indent(1.5,true)) }}
{{ 'a\nb'|indent(1.5) }}
{{ 'a\nb'|indent(missing) }}
{{ 'a\nb'|indent(none) }}
{{ 'a\nb'|indent(true) }}{{ 'a\nb'|indent(-3) }}{{ 'a\nb'|indent('<b>'|safe) }}
{{ missing|indent }}
{{ 5|indent }}
{{ missing is sameas(missing,100) }}
{{ missing is sameas(missing) }}{{ name is sameas name }}{{ name is sameas(other=name) }}
{{ text|truncate(2**53) }}{{ text|truncate(10**30, false, '...', 0) }}
{{ text|truncate(1e16) }}{{ text|truncate(3.5, leeway=20) }}
{{ text|truncate(3.5) }}
{{ text|truncate('a') }}
{{ text|truncate(missing) }}
{{ text|truncate(5, leeway=missing) }}
{{ text|truncate(5, leeway=-1) }}
{{ text|truncate(5, true, '') }}{{ text|truncate(5, true, '<b>'|safe, 0) }}{{ ('<b>aa bb cc'|safe)|truncate(5, false, '&', 0) }}
{{ text|truncate(true, true, '', 0) }}{{ text|truncate(9, false, [1], 0) }}
{{ items|truncate(2, true, [9], 0) }}
{{ 5|truncate(3) }}
{{ missing|truncate(3) }}
{{ [1,{'a':2}]|tojson(3) }}{{ {'a':[1]}|tojson('--') }}{{ [1]|tojson(0) }}{{ [[]]|tojson(-1) }}
{{ 5|tojson(1.5) }}
{{ 'a'|tojson(1.5) }}{{ 'a'|tojson([]) }}
{{ [5]|tojson([]) }}
{{ [5]|tojson(missing) }}
{{ [5]|tojson({}) }}
{{ not [1,2]|reverse|list or number }}{{ not (1 > 2) }}{{ not not 1|string }}
{{ 'a\tb'.expandtabs(20) }}{{ 'a\tb'.expandtabs(0) }}
{% if not (items|length > 2) or not (1[:2]) %}y{% endif %}"""),
    "power": snippets(r"""{{ (-3) ** yes }} {{ (-3) ** number }} {{ -3 ** (yes + 1) }} {{ (-3) ** 2 }} {{ -3 ** 2 }}
{% set x = (-3) ** (yes + 1) %}{{ x }}
{{ (1 - 4) ** (yes + 1) }} {{ (-3|int) ** (yes+1) }} {{ ('-3'|int) ** (yes + 1) }}
{{ (-1.5) ** (yes + 1) }} {{ (0 - 1.5) ** (yes+1) }}
{{ (-(3)) ** (yes + 1) }} {{ (-yes) ** 2 }} {{ -yes ** 2 }} {{ -number ** 2 }} {{ (-number) ** (yes+1) }}
{{ (-3) ** negative }} {{ 2 ** -3 }} {{ number ** -2 }} {{ (-2) ** 3 ** yes }} {{ -2 ** yes ** 2 }}
{{ (-3 ** (yes+1)) ** 2 }}
{{ [-3][0] ** (yes+1) }} {{ (-3, 1)[0] ** (yes + 1) }} {{ {'a': -3}.a ** (yes + 1) }}
{{ (true and -3) ** (yes + 1) }} {{ (-3 if true else 2) ** (yes+1) }} {{ (-3 if yes else 2) ** (yes+1) }}
{{ (-3)|abs ** (yes+1) }} {{ -3|abs ** (yes+1) }} {{ -3|abs }} {{ (-3|string)|int ** (yes+1) }}
{{ +3 ** (yes+1) }} {{ (- -3) ** (yes + 1) }}
{{ (-big) ** 2 }} {{ (-1180591620717411303424) ** (yes + 1) }}
{{ (-0.0) ** (yes+1) }} {{ (-0.0) ** number }}
{{ -2.0 ** (float - 2) }}
{{ (-8) ** (float - 2) }}
{{ (-3) ** missing }}
{{ (-3) ** 'a' }}
{% include range(5) %}
{% include range(5) ignore missing %}a
{{ {'a': 1}.items().isdisjoint([({'a': 1}, 1)]) }}
{{ {'a': 1}.keys().isdisjoint([[]]) }}
{{ {'a': 1}.items().isdisjoint([('a', 1)]) }}{{ {'a': 1}.items().isdisjoint([('a', [])]) }}{{ {'a': []}.items().isdisjoint([('a', [])]) }}{{ {'a': 1}.items().isdisjoint([[], 1, 'ab']) }}
{{ 1 + (-3) }} {{ 2 - -3 }} {{ -3 % 2 }} {{ (-3) % number }} {{ (-7) // number }} {{ -(3) * number }} {{ (-3) // 2 }} {{ (-7) // (yes + 1) }}
{{ (-3).real }} {{ (-3) is odd }} {{ (-1.5)|round }} {{ (-3)|string }} {{ [(-3) ** (yes+1)] }}
{{ [missing.x, {[1]: 1} == 1] }}"""),
    "html": snippets(r"""{% autoescape true %}{{ '<' ~ '<'|safe }}{{ '<' ~ ('<'|safe) ~ name }}{{ ('<'|safe ~ '<')|upper }}{% set x = '<'|safe ~ '<' %}{{ x }}{% set y = ('<'|safe ~ '<') ~ name %}{{ y }}{{ ('<'|safe) ~ 1 }}{% endautoescape %}
{% autoescape true %}{{ (quote|safe)|title }}{{ quote|safe|title }}{{ '<b>'|e|title }}{{ (quote|safe).title() }}{% endautoescape %}
{% autoescape true %}{{ ['<'|safe, '>']|join('&') }}{{ ['a', '>']|join('&'|safe) }}{{ ['<']|join }}{{ [quote|safe]|join('&') }}{{ '<'|default('>') }}{{ missing|default('<') }}{{ missing|default('<'|safe) }}{{ '<'|string }}{{ ('<'|safe)|string }}{{ quote|string|length }}{{ [quote]|string }}{% endautoescape %}
{% autoescape true %}{{ '<'|replace('<', '>') }}{{ '<'|safe|replace('<', '>') }}{{ '<'|replace('<'|safe, '>') }}{{ '<'|replace('<', '>'|safe) }}{{ quote|replace('a', '<') }}{% endautoescape %}
{% autoescape true %}{{ '%s'|format('<') }}{{ ('%s'|safe)|format('<') }}{{ ('%s<'|safe)|format('<'|safe) }}{{ ('%(a)s'|safe)|format(a='<') }}{{ '%s' % '<'|safe }}{{ ('%s' % '<')|safe }}{{ ('%d'|safe) % 5 }}{{ ('%r'|safe) % '<' }}{% endautoescape %}
{% autoescape true %}{% for x in ['<', '>'|safe] %}{{ x }}{{ loop.previtem }}{{ loop.cycle('<', '>'|safe) }}{% endfor %}{{ cycler('<').next() }}{{ joiner('<')() }}{% set j = joiner('<') %}{{ j() }}{{ j() }}{% endautoescape %}
{% autoescape true %}{{ quote|truncate(5) }}{{ quote|safe|truncate(5, true, '&') }}{{ quote|wordwrap(4) }}{{ quote|center(30) }}{{ quote|indent(2, true) }}{{ quote|safe|indent(2, true) }}{{ quote|trim('<') }}{{ quote|capitalize }}{{ quote|lower }}{{ quote|safe|lower }}{% endautoescape %}
{% autoescape true %}{{ quote|striptags }}{{ quote|safe|striptags }}{{ quote|urlize }}{{ quote|safe|urlize }}{{ quote|wordcount }}{{ quote|tojson }}{{ quote|urlencode }}{{ quote|list|first }}{{ quote|safe|list|first }}{{ quote|reverse }}{{ quote|safe|reverse }}{{ quote|b64enc }}{{ quote|quote }}{{ quote|safe|quote }}{{ quote|ini_escape }}{{ quote|sha256sum }}{% endautoescape %}
{% autoescape true %}{{ quote[0] }}{{ (quote|safe)[0] }}{{ (quote|safe)[:2] }}{{ quote[:2] }}{{ (quote|safe).split(' ') }}{{ (quote|safe).split(' ')|first }}{{ (quote|safe).partition(' ')[0] }}{{ (quote|safe).replace('a', '<') }}{{ (quote|safe).strip('<') }}{{ (quote|safe).format(1) }}{{ (quote|safe).splitlines()[0] }}{{ (quote|safe).encode() }}{{ (quote|safe).join('<>') }}{{ (quote|safe).zfill(40) }}{{ (quote|safe).title() }}{{ (quote|safe).swapcase() }}{{ (quote|safe).unescape() }}{{ (quote|safe).striptags() }}{{ (quote|safe).expandtabs() }}{{ (quote|safe).casefold() }}{{ (quote|safe).removeprefix('<') }}{% endautoescape %}
{% autoescape true %}{{ '<' in quote|safe }}{{ quote == quote|safe }}{{ quote|safe < 'z' }}{{ {quote|safe: 1}[quote] }}{{ [quote|safe]|unique|list|length }}{{ (quote|safe) is string }}{{ (quote|safe) is escaped }}{{ quote is escaped }}{{ quote|e is escaped }}{{ (quote|safe)|length }}{{ ('1'|safe)|int + 1 }}{{ ('1.5'|safe)|float }}{% endautoescape %}
{% autoescape true %}{% set l = ['<'] %}{{ l[0] }}{{ l|first }}{{ l|map('upper')|list }}{{ l|map('e')|join }}{{ l|map('safe')|join('<') }}{{ l|map('string')|join('<'|safe) }}{{ people|map(attribute='n')|join('<') }}{{ people|groupby('g') }}{{ l|tojson }}{{ l|pprint }}{{ l }}{{ {'<': '>'} }}{{ {'<': '>'}|dictsort }}{{ {'<': '>'}|xmlattr }}{{ {'<': '>'}|urlencode }}{% endautoescape %}
{% autoescape true %}{% macro a(x) %}<{{ x }}{% endmacro %}{% autoescape false %}{{ a('<') }}{{ '<' }}{% endautoescape %}{{ a('<') ~ '<' }}{{ a('<')|upper }}{{ [a('<')] }}{% endautoescape %}{{ a('<') }}
{% macro a(x) %}<{{ x }}{% endmacro %}{% autoescape true %}{{ a('<') }}{% call a('<') %}{% endcall %}{% endautoescape %}
{% autoescape 1 %}{{ '<' }}{% endautoescape %}{% autoescape '' %}{{ '<' }}{% endautoescape %}{% autoescape none %}{{ '<' }}{% endautoescape %}{% autoescape not false %}{{ '<' }}{% endautoescape %}
{% autoescape true %}{% filter upper %}<{{ '<' }}{% endfilter %}{% filter e %}<{{ '<' }}{% endfilter %}{% filter replace('<', '>') %}<{{ '<' }}{% endfilter %}{% filter indent %}<{{ '<' }}{% endfilter %}{% filter title %}<a{{ '<a' }}{% endfilter %}{% endautoescape %}
{% autoescape true %}{% set x %}<{{ '<' }}{% endset %}{{ x }}{{ x|length }}{{ x[0] }}{{ x ~ '<' }}{% set y|upper %}<b{% endset %}{{ y }}{% set z|title %}<b{% endset %}{{ z }}{% set w|length %}<b{% endset %}{{ w }}{% endautoescape %}
{% autoescape true %}{{ '<b>'|safe|replace('b'|safe, '<') }}{{ '<b>'|replace('b'|safe, '<'|safe) }}{{ 5|replace('5', '<'|safe) }}{{ 5|replace(5, '<') }}{{ '<b>'|safe|replace('<', '>'|safe, 1) }}{{ '<<'|safe|replace('<', '&', 1) }}{{ missing|replace('', '<') }}{% endautoescape %}
{% autoescape true %}{% set x|int %}5{% endset %}{{ x + 1 }}{% endautoescape %}
{% autoescape true %}{% set x|int %}5{% endset %}{{ x }}{{ x * 2 }}{% set y|list %}ab{% endset %}{{ y }}{{ y|length }}{% endautoescape %}
{% set x|int %}5{% endset %}{{ x + 1 }}"""),
    "order": snippets(r"""{{ missing|round([], 'floor') }}
{{ 'a'|round(1, 'floor') }}
{{ 'a'|round([], 'floor') }}
{{ items|round(1, 'ceil') }}
{{ 'a'|round(0, 'ceil') }}
{{ 'a'|round(-1, 'ceil') }}
{{ none|round(1, 'ceil') }}
{{ missing|min(attribute='²') is defined }}{{ missing|unique(attribute='²')|list }}{{ missing|map(attribute='²')|list }}{{ missing|selectattr('²')|list }}
{{ missing|sum(attribute='²') }}
{{ missing|join(',', attribute='²') }}
{{ missing|sort(attribute='²') }}
{{ missing|groupby('²') }}
{% set x = missing|unique(attribute='²') %}{% set y = items|map(attribute='²') %}a
{{ items|map(attribute='²')|list }}
{{ items|selectattr('²')|list }}
{% autoescape true %}{{ '<'|safe|last }}{{ '<'|safe|first }}{{ '<a'|safe|reverse }}{{ ('<b'|safe)[0] }}{% for c in '<a'|safe %}{{ c }}{% endfor %}{{ '<a'|safe|list|last }}{{ '<'|safe|list|join }}{{ '<'|safe|join }}{{ ['<'|safe, '<']|join }}{{ '<'|safe|max }}{{ ('<'|safe).upper() }}{{ '<'|safe|upper }}{{ '<'|safe|string }}{% endautoescape %}
{% autoescape true %}{{ '<'|safe|batch(1)|first }}{{ '<'|safe|unique|first }}{{ '<'|safe|sort|first }}{{ '<'|safe|random }}{{ '<>'|safe|slice(2)|first }}{{ '<b>'|safe|truncate(3) }}{{ '<b>'|safe|replace('b', '<') }}{{ '<b>'|safe|trim('<') }}{{ '<b>'|safe|center(7) }}{{ '<b>'|safe|indent }}{{ '<b>'|safe|title }}{{ '<b>'|safe|capitalize }}{{ '<b>'|safe|wordwrap(2) }}{{ '%s<'|safe|format('<') }}{{ '<%s>'|format('<') }}{% endautoescape %}
{% autoescape true %}{{ '<' ~ '<'|safe }}{{ '<' + '<'|safe }}{{ '<'|safe + '<' }}{{ ('<'|safe) * 2 }}{{ ('<%s>'|safe) % '<' }}{{ ('<{}>'|safe).format('<') }}{{ '<%s>' % ('<'|safe) }}{{ '<{}>'.format('<'|safe) }}{{ ('<'|safe).join(['<', '>'|safe]) }}{{ '<'.join(['>'|safe]) }}{% endautoescape %}
{% autoescape true %}{{ {'a': '<'} }}{{ ['<'] }}{{ ['<'|safe] }}{{ ('<'|safe).split('x') }}{{ '<'|tojson }}{{ {'a': '<'}|xmlattr }}{{ 'a<b http://x.y'|urlize }}{{ '<p>x</p>'|striptags }}{{ '<'|e|e }}{{ '<'|forceescape }}{{ '<'|e|forceescape }}{{ '<'|urlencode }}{{ ['<']|pprint }}{{ 5 }}{{ none }}{{ missing }}{% endautoescape %}
{% autoescape true %}{% set x %}<{{ '<' }}{% endset %}{{ x }}{{ x ~ '<' }}{% macro m(a) %}<{{ a }}{{ caller() if caller }}>{% endmacro %}{{ m('<') }}{{ m(x) }}{% call m(1) %}<{{ '<' }}{% endcall %}{{ '<' if m('<') == '<&lt;>' }}{% filter upper %}<{{ '<' }}{% endfilter %}{% endautoescape %}
{% autoescape false %}{{ '<'|e }}{{ '<'|e ~ '<' }}{% set x %}<{% endset %}{{ x|e }}{% endautoescape %}
{{ '%s' % ((1,2),) }} {{ '%s %s' % (1,2) }} {{ '%s' % [1,2] }} {{ '%(a)s %(b)05.1f' % {'a':1,'b':2.25} }} {{ '%*d' % (5, 42) }} {{ '%.*f' % (2, 1.239) }} {{ '%c%c' % (65,'b') }} {{ '%r %a' % ('ü','ü') }} {{ '%x %X %#x %o %#o' % (255,255,255,8,8) }} {{ '%e %E %g %G' % (12345.678,0.00001,1e-7,1e20) }} {{ '%+d % d' % (5,5) }} {{ '%5s|%-5s|%05d' % ('a','b',-42) }} {{ '%i %u' % (3,4) }} {{ '%ld' % 5 }}
{{ '{:>8}|{:<8}|{:^8}|{:*^8}|{:=+8}|{:,}|{:_}|{:08.3f}|{:e}|{:%}|{:b}|{:#b}|{:#x}|{:c}|{:n}'.format('a','b','c','d',5,1234567,1234567,3.14159,12345.6,0.256,5,5,255,65,1234) }}
{{ '{0[a]} {1.real} {x!r:>6} {{}} {2:{3}}'.format({'a':1}, 5, 'z', '>4', x='q') }} {{ '{:{}.{}}'.format('abcdef', 8, 3) }} {{ '{!s:^5}'.format(none) }} {{ '{:d}'.format(true) }} {{ '{}'.format([1,'a']) }} {{ '{:>5}'.format(none) }}
{{ '{:,.2f} {:+.1e} {:g} {:.3g} {:G}'.format(1234567.891, 12345.678, 0.00001234, 1234567, 1e-10) }} {{ '{:5}|{:<5}|{:05}'.format(1.5, 2, -3) }} {{ '{:.0f} {:.0f} {:.0f}'.format(0.5, 1.5, 2.5) }} {{ '{:z}'.format(1) }}
{{ 1e100 }} {{ 123456789012345678 }} {{ 1.0e-10 }} {{ 1e23 }} {{ 9007199254740993.0 }} {{ 0.1+0.7 }} {{ 1/3 }} {{ 2**0.5 }} {{ 5e-324 }} {{ 1.7976931348623157e308 }} {{ 100000000000000000000.0 }} {{ 1e16+1 }} {{ -1e-5 }} {{ 4.35 }}
{{ [1,2,3][-2:] }} {{ 'hello'[::2] }} {{ 'hello'[-3:-1] }} {{ (1,2,3)[1:] }} {{ range(10)[2:8:2] }} {{ range(10)[-1] }} {{ range(5)|list|last }} {{ 'añ😀b'[2] }} {{ 'añ😀b'[::-1] }} {{ 'añ😀b'|length }}
{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % -3 }} {{ -7 % 3 }} {{ 7.5 // 2 }} {{ -7.5 % 2 }} {{ 2 ** 10 }} {{ 2 ** -1 }} {{ 10 ** 20 }} {{ 7 / 2 }} {{ 6 / 3 }} {{ 1 // 0.5 }} {{ 10 % 3.5 }} {{ 0 ** 0 }} {{ 0.0 ** 0 }}
{{ 'a' < 'b' }} {{ [1,2] < [1,3] }} {{ (1,'a') == (1,'a') }} {{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1.0 }} {{ 'a' in 'abc' }} {{ 1 in [1.0] }} {{ none in [none] }} {{ 'x' not in {} }} {{ true == 1 }} {{ 'a' == 1 }} {{ [] == () }} {{ {} == {} }}
{{ "a" "b" }}
{{ 'a' 'b' ~ 'c' }}
{{ 1if true else 2 }} {{ 0x1F }} {{ 1_000.5 }} {{ .5 }}
{{ 1. }}
{{ 1e5 }} {{ 1E5 }} {{ 0b1_0 }} {{ 0O17 }} {{ 0XfF }} {{ 00 }} {{ 007 }}
{{ 1__0 }}
{{ 'a\qb' }} {{ "tab\there" }} {{ 'line\
{{ '\U0001F600' }}{{ '\0' }}
{{ True }} {{ true }} {{ TRUE }} {{ None }} {{ none }} {{ NONE }} {{ False }}
{{ not true }} {{ not not 1 }} {{ not 1 == 2 }} {{ 1 if 0 }} {{ (1 if 0) is defined }} {{ - 5 }} {{ + 5 }} {{ --5 }} {{ -+5 }}
{{ [1,2,] }} {{ (1,) }} {{ {'a':1,} }} {{ () }} {{ [,] }}
{{ (1, 2,) }} {{ 1, 2 }} {{ 1, }}
{{ missing.bar is defined }} {{ missing is defined }}
{{ missing.bar.baz }}
{{ missing['bar'] }}
{{ missing() }}
{{ items[10].x }}
{{ missing + 1 }}
{{ missing ~ 'a' }} {{ missing == missing }} {{ missing == bar }} {{ missing != 1 }} {{ missing|length }} {{ missing|list }} {{ missing|default('x') }} {{ missing|upper }} {{ missing|string }} {{ missing and 1 }} {{ missing or 1 }} {{ not missing }} {{ missing in [missing] }}
{{ missing < 1 }}
{{ 1 in missing }}
{{ missing is none }} {{ missing is sequence }} {{ missing is iterable }} {{ missing is mapping }} {{ missing is string }} {{ missing is number }} {{ missing is callable }} {{ missing is true }} {{ missing is sameas none }}
{{ missing|int }}
{{ missing|float }}
{{ missing|join(',') }}|{{ missing|first }}|{{ missing|last }}|{{ missing|sum }}|{{ missing|sort }}|{{ missing|unique|list }}|{{ missing|map('upper')|list }}|{{ missing|dictsort }}
{{ missing|tojson }}
{{ missing|round }}
{{ missing|abs }}
{{ missing|trim }}{{ missing|title }}{{ missing|capitalize }}{{ missing|replace('a','b') }}{{ missing|center(5) }}|{{ missing|wordcount }}{{ missing|truncate }}{{ missing|e }}{{ missing|striptags }}{{ missing|urlencode }}
{{ missing|indent }}
{{ missing|items|list }}
{{ missing|batch(2)|list }}{{ missing|slice(2)|list }}{{ missing|groupby('a')|list }}{{ missing|selectattr('a')|list }}{{ missing|reverse|list }}{{ missing|min }}{{ missing|max }}
{{ missing|filesizeformat }}
{{ missing|xmlattr }}
{{ missing|wordwrap(5) }}
{{ missing|urlize }}
{{ missing|format(1) }}
{{ missing|attr('x') }}
{{ missing|pprint }}
{{ missing|random }}"""),
    "table": snippets(r"""{{ (items ~ "").translate(false) }}
{{ text.translate(5) }}
{{ text.translate('abc') }}{{ text.translate([1,2]) }}{{ ''.translate(5) }}{{ text.translate(range(3)) }}{{ text.translate((1,)) }}{{ text.translate({101: none, 72: 'J', 108: 76}) }}
{{ text.translate(missing) }}
{{ text.translate(none) }}
{{ text.translate('a'.encode()) }}
{{ text is defined }}"""),
    "objects": snippets(r"""{% for i in items %}{% with loop = 5 %}{{ loop }}{% endwith %}{{ loop.index }}{% endfor %}
{% for i in items %}{% with loop = 5, x = loop %}{{ loop }}{{ x is defined }}{% endwith %}{% endfor %}
{% for i in items %}{% macro m(loop) %}{{ loop }}{% endmacro %}{{ m(1) }}{% endfor %}
{% for i in items %}{% macro m(a=loop.index) %}{{ a }}{% endmacro %}{{ m() }}{% endfor %}
{% for i in items %}{% macro m() %}{{ caller(7) }}{% endmacro %}{% call(loop) m() %}{{ loop }}{% endcall %}{% endfor %}
{% for i in items %}{% set loop = 5 %}{% endfor %}
{% for i in items %}{% set loop %}a{% endset %}{% endfor %}
{% for i in items %}{% set a, loop = 1, 2 %}{% endfor %}
{% for i in items %}{% with (a, loop) = (1, 2) %}{{ loop }}{% endwith %}{% endfor %}
{% for i in items %}{% else %}{% set loop = 5 %}{% endfor %}
{% for i in items %}{% macro loop() %}x{% endmacro %}{{ loop() }}{% endfor %}
{% for i in items %}{% macro m() %}{% set loop = 1 %}{{ loop }}{% endmacro %}{{ m() }}{% endfor %}
{% for i in items %}{% for j in items %}{{ loop.index }}{% endfor %}{% with loop = loop %}{{ loop }}{% endwith %}{% endfor %}
{% for i in items %}{% block qq %}{% set loop = 1 %}{{ loop }}{% endblock %}{% endfor %}
{% for i in items if loop %}{{ i }}{% endfor %}
{% for i in items if i > 1 %}{{ loop.index }}{{ loop.length }}{% endfor %}
{{ 'ab'|sum(start='<'|safe) }}
{{ []|sum(start='') }}
{{ ['a', 'b']|sum(start=[]) }}
{{ [[1], [2]]|sum(start=[]) }}{{ [(1,), (2,)]|sum(start=()) }}{{ [0.1, 0.2, 0.3]|sum }}{{ [true, 2]|sum }}{{ []|sum }}{{ [1, 2.5]|sum(start=1) }}
{{ 123456.789|wordwrap(6,false,x)|length }}
{{ 1.5|wordwrap(6,false,5) }}
{{ ''|wordwrap(missing) }}|{{ ''|wordwrap('a') }}|{{ ''|wordwrap(5, wrapstring='<') }}|{{ missing|wordwrap }}
{{ 'a b'|wordwrap(1, wrapstring='<'|safe) }}{{ 'a < b'|wordwrap(1, wrapstring='<'|safe) }}
{{ 'a b'|wordwrap(0) }}
{{ 'a b'|wordwrap(missing) }}
{{ 'a\n\nb c'|wordwrap(1, wrapstring='|') }}
{% set c = cycler(1,2) %}{{ c.items }}{{ c.pos }}{{ c.current }}{{ c.next() }}{{ c.pos }}{{ c.reset() }}{{ c.current }}{{ c.zz }}
{% set j = joiner('-') %}{{ j.sep }}{{ j.used }}{{ j() }}{{ j.used }}{{ j.zz }}
{% macro m(a, b=1) %}{{ caller }}{% endmacro %}{{ m.name }}{{ m.arguments }}{{ m.catch_kwargs }}{{ m.catch_varargs }}{{ m.caller }}{{ m.explicit_caller }}{{ m.defaults }}{{ m.zz }}
{% macro m(a) %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m.catch_kwargs }}{{ m.catch_varargs }}{{ m.caller }}
{% macro m(a) %}{{ caller() }}{% endmacro %}{{ m.caller }}{{ m.catch_kwargs }}
{% macro m(caller) %}{{ caller }}{% endmacro %}
{% macro m(caller=none) %}{{ caller }}{% endmacro %}{{ m() }}{% call m() %}x{% endcall %}{{ m.explicit_caller }}
{% block one %}x{% endblock %}{{ self.one.name }}{{ self.one.depth }}{{ self.zz }}{{ self.one.super }}
{{ context().zz is defined }}
{{ namespace(a=1).zz is defined }}{{ namespace(a=1)|list }}
{{ namespace(a=1)['a'] }}{{ namespace(a=1).items is defined }}
{{ (1).real }}{{ (1).imag }}{{ (1).numerator }}{{ (1).denominator }}{{ (1.5).real }}{{ (1.5).imag }}{{ (1.5).numerator is defined }}{{ true.real }}
{{ range(5).start }}{{ range(5).stop }}{{ range(5).step }}{{ range(5).count(2) }}{{ range(5).index(3) }}
{{ ('a'|safe).zz is defined }}{{ ('a'|safe).escape('<') }}{{ ('a'|safe).striptags() }}{{ ('a'|safe).unescape() }}
{{ {'a': 1}.items().isdisjoint([]) }}{{ {'a': 1}.values().zz is defined }}
{{ 'a'.encode().decode() }}{{ 'a'.encode().hex() }}
{{ items.zz is defined }}{{ items.append is defined }}{{ 'a'.format_map is defined }}
{{ loop.changed is defined }}{{ caller is defined }}{{ varargs is defined }}{{ kwargs is defined }}{{ self is defined }}{{ super is defined }}
{{ super() }}
{{ caller() }}
{% set m = cycler %}{{ m is callable }}{{ cycler(1).next is callable }}{{ cycler('a', 'b').items|join }}
{% macro m(a, b=1) %}{% endmacro %}{{ m['name'] }}{{ m|attr('name') }}{{ m|attr('zz') is defined }}{{ m is callable }}{{ m is defined }}{{ m }}{{ [m] }}{{ m|string }}{{ m|length is defined }}
{{ 'a' in 'a'.encode() }}|{{ 300 in 'a'.encode() }}|{{ none in 'a'.encode() }}|{{ 97 in 'a'.encode() }}{{ 'a'.encode() in 'a'.encode() }}{{ true in 'a'.encode() }}|{{ 1.__class__ is callable }}{{ callable(text.__class__) }}{{ text.__class__ is sameas(umlaut.__class__) }}|{{ cells|random }}|{{ self is iterable }}{{ self is sequence }}{{ self is mapping }}{{ context() is iterable }}{{ context() is mapping }}{{ context() == context() }}{{ context() is sameas(context()) }}
{% import 'macros' as m %}{{ m is escaped }}{{ m is iterable }}{{ m.zz is defined }}|{{ () is sameas(()) }}{{ [] is sameas([]) }}{{ 7 is sameas(7) }}{{ 1 is sameas(1.0) }}{{ '' is sameas('') }}|{% for i in items %}{{ loop is sequence }}{{ loop is iterable }}{{ loop|length }}{% endfor %}|{% for i in items %}{{ loop|last }}{% endfor %}"""),
    "endless": snippets(r"""{{ '%05f' % ('nan'|float) }} {{ '%05f' % ('inf'|float) }} {{ '%05G' % ('-inf'|float) }} {{ '%-5f|' % ('inf'|float) }} {{ '%5f' % ('nan'|float) }} {{ '%+05f' % ('nan'|float) }} {{ '%05d' % 3 }} {{ '%05s' % 'a' }} {{ '%#05x' % 10 }} {{ '%05.1e' % -1.5 }} {{ '%0 8.2f' % 3.5 }}
{{ '{:05}'.format('nan'|float) }} {{ '{:05}'.format('inf'|float) }} {{ '{:+08.1f}'.format('-inf'|float) }} {{ '{:<05}'.format('nan'|float) }} {{ '{:,}'.format('inf'|float) }} {{ '{:%}'.format('inf'|float) }}
{% set v = [3, 1] %}{{ v.sort(none) }}
{% set v = [3, 1] %}{{ v.sort(reverse=true) }}{{ v }}{{ v.sort() }}{{ v }}{{ v.sort(reverse=0) }}
{{ (2**53) // (-1.31) }} {{ 7.5 // -2 }} {{ -7.5 // 2 }} {{ 0.0 // -3 }} {{ -1e-300 // 1e300 }} {{ 1e300 // -3.7 }} {{ '%#05G' % 1e400 }}"""),
    "keys": snippets(r"""{{ missing.x.y }}{{ {'k': 1, {'a':1}: 'v'} }}
{{ missing.x.y }}{{ {{'a':1}: 'v'} }}
{{ missing.x.y }}{{ {[1]: 'v'} }}
{{ missing.x.y }}{{ {[1]: 'v'} == 1 }}
{{ missing.x.y }}{{ {'k': 1, {'a':1}: 'v'} == 1 }}
{{ missing.x.y }}{{ [{[1]: 'v'}] }}
{{ missing.x.y }}{{ {[1]: 'v'}|length }}
{{ missing.x.y }}{{ {[1]: 'v'}['a'] }}
{{ missing.x.y }}{% set x = {[1]: 'v'} %}
{{ missing.x.y }}{% if {[1]: 'v'} %}{% endif %}
{{ missing.x.y }}{% for a in {[1]: 'v'} %}{% endfor %}
{{ missing.x.y }}{{ {[]: 'v'} }}
{{ missing.x.y }}{{ {[missing]: 'v'} }}
{% if false %}{{ {[1]: 'v'} }}{% endif %}a
{% if false %}{% set x = {[1]: 'v'} %}{% endif %}a
{% if false %}{% set x = {[1]: 'v'}.a %}{% endif %}a
{% if false %}{{ {[1]: 'v'} ~ 'a' }}{% endif %}a
{% if false %}{{ dict({[1]: 'v'}) }}{% endif %}a
{{ context().get([1], 2) }}"""),
    "unended": ["a{#", "a{# ", "a{#-", "a{#+", "a{% raw %}", "a{%- raw -%}", "a{% raw %} ", "a{%", "a{{", "{#"],
    "none": snippets("""{{ [none]|last }} {{ [none]|first }} {{ {none: 1}|last }}|{{ {'a': none}.a }} {{ {'a': none}['a'] }} {{ {'a': none}.get('a', 5) }} {{ {'a': none}.pop('a', 5) }}|{% macro m(a, b=1) %}{{ a }}{{ b }}{% endmacro %}{{ m(a=none) }}{{ m(1, b=none) }}{{ m(none, none) }}
{% for x in [1, none] %}{{ loop.previtem }}{{ loop.nextitem }};{% endfor %}|{% set ns = namespace(a=none) %}{{ ns.a }} {{ ns|attr('a') }}|{{ context().get('nothing', 5) }}|{% set x = none %}{{ x }}{{ x is defined }}|{{ dict(a=none)|items|list }} {{ [{'a': none}]|map(attribute='a')|list }} {{ [{'a': none}]|map(attribute='a', default=1)|list }}|{{ [none, 1]|first }} {{ (none, 1)[0] }} {{ [none]|join }} {{ none ~ none }}"""),
    "found": snippets("""{% for x in [1] %}\u2028%{{ x }}{% endfor %}|{{ 9007199254740993|round(2, 'floor') }} {{ 9007199254740993|round(0, 'ceil') }}|{% if false %}{{ 1|nofilter }}{% endif %}{% if true %}{{ missing.x|nofilter }}{% endif %}|{% extends 'base' %}{{ 1|nofilter }}|{% filter trim %}{% filter map('upper') %}a{% endfilter %}{% endfilter %}{{ missing.x }}
{{ false and 1|nofilter }}{{ true or missing|nofilter }}{{ 0.0 and (1 is notest) }}{{ none and f(1|nofilter) }}|{{ 1 and 1|nofilter }}|{{ '' or 1|nofilter }}|{{ (false and 1|nofilter) or 1|nofilter }}
{{ range(missing) }}|{{ 'a'.count(missing) }}|{{ items|batch('x')|list }}|{{ items|slice(missing) is defined }}|{{ 1.5|round(missing) }}|{{ 1.5|round(missing, 'ceil') }}|{{ items|sort('no') }}|{{ 'a'.splitlines('') }}|{{ namespace(missing) }}
{{ '12'|int(0, 'x') }} {{ '0x1f'|int(base=0) }} {{ '0o17'|int(base=0) }} {{ '012'|int(7, 0) }} {{ '00'|int(7, 0) }} {{ '12'|int(base=1) }}|{{ (-1e22)|filesizeformat }}{{ 1e400|filesizeformat }}|{{ [1] in range(3) }} {{ [none] in range(3) }} {{ true in range(3) }} {{ cells in cells }} {{ cells.discard(cells) }}
{{ '%04x' % 255 }} {{ '% 05X' % 171 }} {{ '%-5x|' % 255 }}|{{ '{:08,}'.format(1234) }} {{ '{:06,}'.format(1234) }} {{ '{:012,.2f}'.format(-1234.5) }} {{ '{:#010_x}'.format(99999) }} {{ '{:0=9,d}'.format(1234567) }}|{{ '{:.1}'.format(5.0) }} {{ '{:.1}'.format(-0.0) }} {{ '{:.2}'.format(5.0) }}
{{ '{:,b}'.format(5) }}|{{ '{:,n}'.format(5) }}|{{ '{:_c}'.format(65) }}|{{ '{:+c}'.format(65) }}|{{ '{:c}'.format(-1) }}|{{ '{0[0]}'.format(1) }}|{{ '{0[9]}'.format('abc') }}|{{ '{0[1]}'.format('abc') }}|{{ '%s' % self|length }}|{{ '' % self }}
{% for k in dict %}{{ dict.update(z=1) }}{% endfor %}|{% for k, v in dict.items() %}{{ dict.pop(k) }}{% endfor %}|{% for k in cells %}{{ cells.add('x') }}{% endfor %}|{{ cells.isdisjoint() }}|{{ cells.issubset([], []) }}|{{ cells.symmetric_difference(['x'], []) }}|{{ dict.keys().isdisjoint(['x']) }} {{ dict.items().isdisjoint([('b', 1)]) }}
{{ words|max(attribute=0) }} {{ [[1], [2]]|max(attribute=true) }} {{ words|map(attribute=none)|list }}|{{ people|groupby('zz', default='?')|pprint }}|{{ (people + people)|groupby('g')|pprint }}|{{ name is sameas(name) }} {{ missing is sameas(missing) }}|{{ [5]|random }}|{{ {}|dictsort(by='x') }}|{{ missing|dictsort(by='x') }}
{{ 'inf'|float }}{{ 1e400 }}|{{ number < 'inf'|float }}|{% set x = 1e400 %}|{{ [1e400, number] }}|{{ [1e400] }}|{{ 'inf'|float == 1 }}|{{ '{}'.format('nan'|float) }}|{% if 'inf'|float %}{% endif %}|{{ '{:d}'.format(missing) }}
{{ ('<b>'|safe).strip('<') }} {{ ('<b>'|safe).replace('<', '&') }} {{ ('<b>'|safe).partition('<') }} {{ ('<b>'|safe).removeprefix('<') }} {{ ('a'|safe).center(5, '*') }} {{ ('{a}'|safe).format_map({'a': '<'}) }}|{{ ('a'|safe).ljust(3, '<') }}
{{ 'Main &raquo;\t<em>About</em> <!-- <x> --> &copy 2 &notit &#65;&#x42; &hellip; AT&T & &nope'|striptags }}|{{ '<!-- open <b>x'|striptags }} {{ 'a < b'|striptags }} {{ 'a <b> c < d'|striptags }}|{{ 5|wordwrap(missing) }}|{{ 'a'.find(['a'], 9) }}"""),
    "print": snippets("""{{ yes }}{{ no }}{{ nothing }}|{{ number }} {{ big }} {{ float }} {{ whole }}|{{ items }}{{ pair }}{{ cells }}{{ keyed }}{{ dict }}
{{ [umlaut, quote, lines, '\\x00\\x7f\\xa0\\\\'] }}|{{ () }}{{ (1,) }}{{ {} }}{{ [[]] }}|{{ [none, true, 1.0, 1e16, 1e-5, 1e22, 0.1, 123456789012345680.0, -0.0] }}
{{ 1e400 }} {{ 1.5e-7 }} {{ 1e15 }} {{ 12345678.9 }} {{ 5e-324 }}|{{ range(3) }}{{ range(1, 9, 2) }}|{{ dict.items() }}{{ dict.keys() }}|{{ missing }}[{{ [missing] }}]"""),
    "number": snippets("""{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 // -2 }} {{ 7.5 // 2 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ -7.5 % 2 }} {{ 7.5 % -2 }}|{{ 7 / 2 }} {{ 6 / 3 }} {{ big / 3 }} {{ big / big }} {{ 2 ** 70 }} {{ 2 ** -1 }} {{ 2 ** 0.5 }} {{ (-8) ** 3 }} {{ 0 ** 0 }}
{{ big + 1 }} {{ big - big }} {{ big * big }} {{ big // 7 }} {{ -big // 7 }} {{ big % 7 }} {{ 9007199254740991 + 2 }} {{ 9007199254740993 * 3 }}|{{ 1 + 1.0 }} {{ 0.1 + 0.2 }} {{ 3 * 1.1 }} {{ -number }} {{ +negative }} {{ -float }} {{ -zero }}
{{ true + true }} {{ true * 3 }} {{ -true }}|{{ 1 / 0 }}|{{ 1 % 0 }}|{{ 1.0 // 0 }}|{{ 0 ** -1 }}|{{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 1_000 }} {{ 1_0.5 }} {{ 1e3 }}|{{ 1 == 1.0 }} {{ 1 == true }} {{ big == big + 0.0 }} {{ 1 < 1.5 }} {{ big > 1e10 }} {{ 9007199254740993 == 9007199254740992.0 }}
{{ 2 ** 3 ** 2 }} {{ -2 ** 2 }} {{ 8 * 3 // 2 }} {{ 1 ~ 2 * 3 }} {{ 10 - 2 - 3 }} {{ 100 / 10 / 5 }}"""),
    "text": snippets("""{{ 'a' * 3 }}{{ 2 * 'b' }}{{ 'a' * -1 }}|{{ 'a' + 1 }}|{{ 'a' - 'b' }}|{{ text[1:4] }} {{ text[::-1] }} {{ text[-3:] }} {{ umlaut[-1] }} {{ umlaut[3:5] }} {{ umlaut|length }} {{ text[100:] }}
{{ text.split() }} {{ host.split('.', 1) }} {{ host.rsplit('.', 1)[0] }} {{ ' a  b '.split(' ') }} {{ ''.split() }} {{ 'a,b,,'.split(',') }}|{{ text.replace('l', 'L', 1) }} {{ 'aa'.replace('', '-') }} {{ text.upper() }} {{ text.swapcase() }} {{ 'o-neill mcX'.title() }}
{{ text.find('o') }} {{ text.rfind('o') }} {{ text.find('zz') }} {{ text.count('l') }} {{ text.index('W') }} {{ umlaut.find('€') }}|{{ text.startswith('He') }} {{ text.endswith(('x', 'ld')) }} {{ text.startswith('W', 6) }}|{{ '7'.zfill(3) }} {{ '-7'.zfill(4) }} {{ 'a'.center(4) }}| {{ 'ab'.center(5, '*') }} {{ 'a'.ljust(3, '.') }} {{ 'a'.rjust(3) }}
{{ ' x '.strip() }}{{ 'xxaxx'.strip('x') }}{{ 'xya'.lstrip('yx') }}{{ 'a.b'.rstrip('b.') }}|{{ 'a-b-c'.partition('-') }}{{ 'a-b-c'.rpartition('-') }}{{ 'abc'.partition('x') }}|{{ 'a1'.isalnum() }}{{ '1'.isdigit() }}{{ 'A'.isupper() }}{{ 'Ab C'.istitle() }}{{ ''.isalpha() }}{{ ' '.isspace() }}
{{ ','.join(words) }}|{{ ','.join(items) }}|{{ lines.splitlines() }} {{ 'a\\r\\nb\\x0bc'.splitlines(true) }}|{{ 'a\\tb'.expandtabs(4) }}|{{ 'ß'.upper() }} {{ 'İ'.lower()|length }} {{ 'ǆ'.upper() }}|{{ text.nope }}|{{ text.nope() }}|{{ 'a' 'b' "c" }}|{{ 'a\\u00fc\\x41\\101\\n\\q' }}|{{ 'abc'.removeprefix('a') }}{{ 'abc'.removesuffix('c') }}"""),
    "format": snippets("""{{ '%03d' % 7 }} {{ '%5d|%-5d|%+d|% d' % (1, 2, 3, 4) }} {{ '%x %X %o %#x' % (255, 255, 8, 255) }} {{ '%.2f %8.3f %-8.1f| %08.2f' % (1.005, 2.5, 3.25, -1.5) }}
{{ '%e %g %g %g' % (12345.678, 0.0001, 1e20, 100000.0) }} {{ '%s %r %s' % ('a', 'a', none) }} {{ '%c%c' % (65, 'b') }} {{ '%(a)s/%(b)03d' % {'a': 1, 'b': 2} }} {{ '%5.1f%%' % 99.95 }} {{ '%.0f %.0f %.0f' % (0.5, 1.5, 2.5) }}|{{ '%d' % 'x' }}|{{ '%s %s' % 'a' }}|{{ '%s' % (1, 2) }}|{{ '%d %i' % (3.99, true) }}|{{ '%.3s' % 'abcdef' }}|{{ '%*d' % (5, 3) }}|{{ '%z' % 1 }}
{{ '{} {}'.format(1, 'x') }} {{ '{0}{1}{0}'.format('a', 'b') }} {{ '{n:>5}'.format(n='a') }} {{ '{:03d} {:,} {:.2f} {:x} {:08b} {:+} {:e}'.format(7, 1234567, 1.5, 255, 5, 3, 12345.678) }} {{ '{!r:>6}'.format('a') }} {{ '{a[b]} {l[1]}'.format(a={'b': 1}, l=[5, 6]) }} {{ '{{}}'.format() }} {{ '{:{w}}!'.format('a', w=4) }} {{ '{:^7}|{:*<4}'.format('ab', 'x') }} {{ '{:.1%}'.format(0.125) }}|{{ '{}'.format() }}|{{ '{:d}'.format('x') }}|{{ '{0} {}'.format(1, 2) }}|{{ '%s!'|format('a') }}"""),
    "compare": snippets("""{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1.0 == true }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ (1,) < (1, 0) }} {{ 'Z' < 'a' }} {{ '\\uffff' < '😀' }}|{{ 'a' < 1 }}|{{ none < 1 }}|{{ [1] == [1.0] }} {{ {'a': 1} == {'a': 1.0} }} {{ (1,) == [1] }} {{ none == false }} {{ missing == missing2 }} {{ missing == none }}
{{ 'a' in 'abc' }} {{ 1 in items }} {{ 'b' in dict }} {{ 'cell1' in cells }} {{ 'x' in cells }} {{ 'x' in missing }} {{ 1.0 in items }} {{ 4 not in items }} {{ 2 in range(3) }} {{ 'b' in dict.keys() }}|{{ 1 in 'a1' }}|{{ 1 in 5 }}|{{ 'a' in none }}|{{ not 1 in items }} {{ 1 in [1] == true }}
{{ 1 and 2 }} {{ 0 or 'x' }} {{ '' or [] or none }} {{ not '' }} {{ 1 if [] else 2 }} {{ 'a' if {} }}| {{ (1 if 0).x }}|{{ missing or 'd' }} {{ missing and 1 }}| {{ not missing }}"""),
    "lookup": snippets("""{{ dict.a.c[1] }} {{ dict['a']['c'][-1] }} {{ dict.items is callable }} {{ dict['items'] }} {{ items.0 }} {{ items[-1] }} [{{ items[9] }}] [{{ dict.zz }}] {{ pair[1] }} {{ keyed['10'] }}{{ keyed[3] }} [{{ text[99] }}] [{{ number.foo }}]|{{ dict.zz.y }}|{{ missing.x }}|{{ missing[0] }}|{{ items[9].x }}|{{ nothing.x.y }}|{{ items['0'] }}|{{ [1, 2, 3, 4][1:3] }} {{ items[::-1] }} {{ items[-2:] }} {{ pair[:1] }} {{ range(9)[2:8:3] }} {{ items[none:1] }}|{{ items['a':] }}|{{ dict.get('zz', 'd') }} {{ dict.get('b') }}|{{ (1, 2).count(1) }} {{ items.index(2) }} {{ number.bit_length() }} {{ float.is_integer() }}|{{ items.pop() }}{{ items.append(9) }}{{ items }}|{% set d = {'a': 1} %}{{ d.update(b=2) }}{{ d.setdefault('c', 3) }}{{ d.pop('a') }}{{ d }}"""),
    "filters": snippets("""{{ items|sort }} {{ items|sort(reverse=true) }} {{ words|sort }} {{ words|sort(case_sensitive=true) }} {{ people|sort(attribute='age,n')|map(attribute='n')|list }}|{{ items|first }}{{ items|last }}{{ items|length }}{{ items|sum }}{{ items|max }}{{ items|min }}|{{ words|join(', ') }} {{ people|join(',', attribute='n') }} {{ [1, none]|join }}|{{ items|map('string')|list }} {{ words|map('upper')|join }} {{ people|map(attribute='zz', default='-')|list }}
{{ people|selectattr('age', '>', 1)|map(attribute='n')|list }} {{ people|rejectattr('g', 'equalto', 'p')|list|length }} {{ items|select('odd')|list }} {{ items|reject('odd')|list }} {{ [0, 1, '']|select|list }}|{{ people|groupby('g')|list|length }} {% for g, l in people|groupby('g') %}{{ g }}{{ l|length }}{% endfor %} {{ (people|groupby('age'))[0].grouper }}|{{ [1, 2, 2, 1]|unique|list }} {{ ['a', 'A']|unique|list }}|{{ items|batch(2, 'x')|list }} {{ items|slice(2)|list }} {{ [1,2,3,4,5]|slice(3, 'f')|list }}|{{ dict|dictsort|map('first')|list }} {{ {'b': 1, 'a': 2}|dictsort(by='value') }} {{ {'b': 1}|items|list }}
{{ missing|default('d') }} {{ ''|default('d', true) }} {{ none|d('d') }} {{ 0|d(5, boolean=true) }}|{{ '42'|int }} {{ '42.7'|int }} {{ 'x'|int }} {{ 'x'|int(9) }} {{ 'ff'|int(base=16) }} {{ '0x1f'|int(0, 16) }} {{ ' 7 '|int }} {{ 3.9|int }} {{ none|int }} {{ '1_000'|int }} {{ name|replace('bb', '')|int }}|{{ '1.5'|float }} {{ 'x'|float }} {{ '1e3'|float }} {{ 7|float }}|{{ 42.55|round }} {{ 42.55|round(1, 'floor') }} {{ 42.55|round(1, 'ceil') }} {{ 2.5|round }} {{ 3.5|round }} {{ 42|round }} {{ 0.15|round(1) }} {{ 1234|round(-2) }} {{ 2.675|round(2) }}|{{ -5|abs }} {{ -1.5|abs }}
{{ text|upper }} {{ text|lower }} {{ 'foo bar-baz (qux)'|title }} {{ 'fOO'|capitalize }} {{ '  x '|trim }} {{ 'xax'|trim('x') }} {{ text|replace('l', 'L') }} {{ 'aaa'|replace('a', 'b', 2) }} {{ text|reverse }} {{ items|reverse|list }} {{ 'a b-c'|wordcount }}|{{ 'a'|center(5) }}| {{ lines|indent }}|{{ lines|indent(2, true, true) }}|{{ lines|indent('> ') }}|{{ 'the quick brown fox jumps'|truncate(12) }} {{ 'the quick brown fox jumps'|truncate(12, true) }} {{ 'short'|truncate(3, end='') }} {{ 'the quick brown'|truncate(9, false, '!', 0) }}
{{ {'b': [1, 2.0, none, true], 'a': "<&'>ü"}|tojson }} {{ [1, {'a': {}}]|tojson(indent=2) }} {{ (1, 'x')|tojson }}|{{ missing|tojson }}|{{ 1000|filesizeformat }} {{ 1234567|filesizeformat }} {{ 1|filesizeformat }} {{ 1024|filesizeformat(true) }}|{{ '<a&"\\''|e }} {{ ('<'|e) + '<' }} {{ '<'|e ~ '<' }} {{ ['<'|e, '<']|join(',') }} {{ '<b>x</b> y'|striptags }} {{ '<'|safe + '<' }}|{{ 'a b/ü?&'|urlencode }} {{ {'a': 'b c', 'd': 1}|urlencode }}|{{ {'a': 1, 'b': none}|xmlattr }}|{{ 'x'|string ~ 1|string }} {{ [1]|string }}|{{ 'x'|nofilter }}|{{ items|map|list }}|{{ 5|join }}|{{ items|sort|first|string|length }}|{{ 'x'|attr('upper')() }}|{% if false %}{{ 1|nofilter }}{% endif %}ok|{{ 1 is notest }}"""),
    "tests": snippets("""{{ x is defined }} {{ name is defined }} {{ nothing is none }} {{ yes is true }} {{ 1 is number }} {{ true is integer }} {{ 1.0 is float }} {{ 'a' is string }} {{ dict is mapping }} {{ items is sequence }} {{ cells is iterable }} {{ 5 is iterable }} {{ 'A' is upper }} {{ 'a1' is lower }}|{{ 4 is even }} {{ 3 is odd }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(2) }} {{ 1 is eq 1 }} {{ 1 is ne 1 }} {{ 2 is gt 1 }} {{ 1 is in items }} {{ 1 is not in items }} {{ none is sameas none }} {{ 'upper' is filter }} {{ 'odd' is test }} {{ range is callable }} {{ missing is undefined }} {{ x is string or 1 is number }}|{{ missing is odd }}|{{ 'a' is even }}|{{ missing.x is defined }}"""),
    "loop": snippets("""{% for i in items %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ i }};{% endfor %}|{% for i in [] %}x{% else %}none{% endfor %}|{% for i in missing %}x{% else %}none{% endfor %}|{% for a, b in [(1, 2), [3, 4]] %}{{ a }}{{ b }}{% endfor %}|{% for a, b in [(1, 2, 3)] %}x{% endfor %}|{% for k, v in dict.items() %}{{ k }}={{ v }};{% endfor %}|{% for k in dict %}{{ k }}{% endfor %}|{% for i in 5 %}{% endfor %}|{% for i in items if i > 1 %}{{ i }}/{{ loop.length }}{% endfor %}|{% for c in 'ab' %}{{ loop.cycle('x', 'y') }}{{ c }}{% endfor %}|{% for i in [1, 1, 2] %}{{ loop.changed(i) }}{% endfor %}|{% for i in items %}{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }} {% endfor %}|{% for i in [1, [2, [3]]] recursive %}{% if i is iterable %}({{ loop(i) }}){% else %}{{ i }}@{{ loop.depth }}{% endif %}{% endfor %}|{% for i in items|map('string') %}{{ loop.last }}{{ i }}{% endfor %}|{% for (a, (b, c)) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}|{{ loop }}|{% for i in [1] %}{{ loop.nope }}{% endfor %}|{% for loop in [1] %}{% endfor %}|{% for i in range(3) %}{% for j in range(i) %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}|{% for a, in [(1,)] %}{{ a }}{% endfor %}
{% for i in items %}{{ i }}{% for j, l in loop %}({{ j }}{{ l.index }}{{ l is sameas loop }}){% endfor %}{{ loop.index }}{% else %}e{% endfor %}|{% for i in items %}{{ loop|list }}{{ loop.index }}{% endfor %}|{% for i in items %}{{ loop|first }}{{ loop.last }};{% endfor %}|{% for i in words if i != 'A' %}{{ i }}{{ i in loop }}{{ loop|length }}{% endfor %}|{% for i in [1, [2, 3]] recursive %}{% if i is iterable %}{{ loop(i) }}{% else %}{{ i }}{{ loop|map('first')|list }}{% endif %}{% endfor %}"""),
    "scope": snippets("""{% set x = 1 %}{% for i in items %}{% set x = i %}{{ x }}{% endfor %}{{ x }}|{% for i in items %}{{ x }}{% set x = i %}{% endfor %}[{{ x }}]|{% if true %}{% set x = 1 %}{% endif %}{{ x }}|{% if false %}{% set name = 1 %}{% endif %}{{ name }}|{% set ns = namespace(n=0) %}{% for i in items %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}|{% set a, b = 1, 2 %}{{ a }}{{ b }}|{% set (a, b) = [3, 4] %}{{ a }}{{ b }}|{% set x %}a{{ number }}{% endset %}[{{ x }}]|{% set x|upper|replace('A', 'z') %}abc{% endset %}{{ x }}|{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}[{{ a }}]|{% set a = 5 %}{% with a = 1, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}|{% set dict.x = 1 %}|{% set x = 1, %}{{ x }}|{% set name = name ~ '!' %}{{ name }}|{{ name }}{% set name = 'n' %}{{ name }}|{% if a is not defined %}{% set a = 1 %}{% elif b %}{% set a = 2 %}{% else %}{% set b = 3 %}{% endif %}{{ a }}{{ b }}|{% set true = 1 %}|{% filter upper %}{% set y = 1 %}a{% endfilter %}[{{ y }}]|{% set x = missing %}{{ x is defined }}"""),
    "macro": snippets("""{% macro m(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, c=3) }} {{ m() }} {{ m(b=5, a=6) }}|{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}|{% macro m(a) %}{% endmacro %}{{ m(z=1) }}|{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, a=3) }}|{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}x{{ name }}{% endcall %}|{% macro m() %}{{ caller(1, 2) }}{% endmacro %}{% call(a, b) m() %}{{ a + b }}{% endcall %}|{% macro m() %}{{ x }}{% endmacro %}{% set x = 1 %}{{ m() }}{% set x = 2 %}{{ m() }}|{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}|{{ m.name }}{% macro m(a, b=1) %}{% endmacro %}{{ m.name }}{{ m.arguments }}{{ m }}|{% macro m(a=b, b=1) %}{{ a }}{{ b }}{% endmacro %}{{ m() }}|{% macro m(a, a=1) %}{% endmacro %}|{% macro m(a=1, b) %}{% endmacro %}|{{ (1, 2)() }}|{{ missing() }}|{% for i in [1] %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}|{{ range(*[1, 3])|list }}{{ ('x').join(*[['a', 'b']]) }}"""),
    "templates": snippets("""{% set local = 1 %}{% include 'part' %}|{% for local in items %}{% include 'part' %}{% endfor %}|{% include 'part' without context %}|{% include 'nope' %}|{% include 'nope' ignore missing %}x|{% include ['nope', 'part'] %}|{% import 'macros' as m %}{{ m.m(1) }}{{ m.shown }}[{{ m._hidden }}]|{% from 'macros' import m as q, shown with context %}{{ q(1, b=2) }}{{ shown }}|{% from 'macros' import zz %}{{ zz() }}|{% from 'macros' import _hidden %}|{% extends 'base' %}{% block body %}c{{ super() }}{% endblock %}ignored|{% extends 'middle' %}{% block body %}[{{ super() }}]{% endblock %}{% block end %}!{% endblock %}|{% block a %}1{% endblock %}{{ self.a() }}|{% for i in items %}{% block b scoped %}{{ i }}{% endblock %}{% endfor %}|{% block a %}{% endblock %}{% block a %}{% endblock %}|{{ 'part'|render }}|{{ 'other'|render }}|{{ 'nope'|render }}|{% include 'other' %}|{% extends 'nope' %}"""),
    "operator": snippets("""{{ quote|ini_escape }} {{ quote|quote }} {{ 5|ini_quote }} {{ missing|quote }} {{ none|ini_escape }}|{{ 'ü'|b64enc }} {{ 'ü'|sha256sum }}|{{ 5|b64enc }}|{{ missing|sha256sum }}|{{ 'svc'|derive_password }} {{ 'svc'|derive_password('h')|quote }} {{ none|derive_password }}|{{ callable(range) }}{{ callable(1) }}|{{ context()['name'] }}{{ context().get('zz', 'd') }}|{{ cycler('a', 'b').next() }}{% set c = cycler(1, 2) %}{{ c.next() }}{{ c.next() }}{{ c.current }}|{% set j = joiner(';') %}{{ j() }}{{ j() }}|{{ dict is mapping }}{{ range(2)|list }}|{{ len(items) }}|{{ lipsum.x }}|{{ namespace({'a': 1}, b=2).b }}"""),
    "syntax": snippets("""{{ 1 +|{{ }}|{% if %}x{% endif %}|{% if 1 %}x|{% endif %}|{% unknown %}|{% do 1 %}|{% break %}|{{ a b }}|{{ [1 }}|{{ 'x }}|{{ a! }}|{{ x = 1 }}|{{ {'a'} }}|{{ f(a=1, 2) }}|{{ a..b }}|{{ `x` }}|{{ a$ }}|{% raw %}{{ x }}{% endraw %}|{%- raw -%} {{ y }} {%- endraw -%} z|{# a #}b{#- c -#} d|{# a|{% raw %}a|{% print 1, 2 %}|{% if 1, 2 %}x{% endif %}|{{ '}}' }}{{ '{%' }}|{{ {'a': {'b': 1}} }}|{% for class in [1] %}{{ class }}{% endfor %}{{ this }}{{ var }}|{% if 1: %}x{% endif %}|{{ a if }}|{{ not }}|{{ 1 is }}|{{ 1 is number is true }}|{{ lambda x: x }}|{{ ²x }}|{{ x² }}|{{ größe }}|{% set x = {'k': '%}'} %}{{ x.k }}"""),
}

OPTIONS = [
    (NOVA, ["{= name =} {{ name }}", "{={'a':1}=}", "{= '=}' =}", "a  {=- name -=}  b", "{= name", "{% if 1 %}{= 2 =}{% endif %}"]),
    (TRIM, ["a\n  {% if 1 %}\nb\n  {% endif %}\nc\n", "  {%+ if 1 %}\n  x{% endif +%}\n y", "  {# c #}\n  x {# d #} y\n", "  {{ 1 }}\n", " {% raw %}\n  x\n {% endraw %}\n y", "\n\n  {%- if 1 -%}\n\n x {% endif %}  \n"]),
    ({"keep_trailing_newline": True}, ["a\n", "a\n\n", "{{ 1 }}\n"]),
    ({}, ["a\n", "a\n\n", "\n", "a\r\nb\r\n", "{{ 'x\n' }}\n", "a {%- if 1 %} b {% endif -%} \n c", "\ufeffx{{- 1 }}", "a\x1c{{- 1 }}", "{% filter b64enc %}\n  a{{ name }}\n{%- endfilter %}"]),
    ({"line_statement_prefix": "#", "line_comment_prefix": "##"}, ["# for i in [1, 2]:\n{{ i }}\n# endfor\n", "a ## comment\nb", "# if (1,\n  2)\nx\n# endif", "a\n\x1c ## b\nc", "a\x1c## b\nc", "a\n\x0b\u2028## b", "## "]),
    ({"block_start_string": "<%", "block_end_string": "%>", "variable_start_string": "<%=", "variable_end_string": "%>", "comment_start_string": "<%#", "comment_end_string": "%>"}, ["<% if 1 %><%= name %><%# c %><% endif %>", "<%- if 1 -%> x <%= 1 -%> y<% endif %>"]),
    ({"newline_sequence": "\r\n"}, ["a\nb\n{{ 'x\ny' }}"]),
    ({"autoescape": True}, ["{{ '<' }}{{ '<'|safe }}{{ '<' ~ '>' }}", "{% macro m() %}<{{ '<' }}>{% endmacro %}{{ m() }}", "{% autoescape false %}{{ '<' }}{% endautoescape %}{{ '<' }}", "{% set x %}<{% endset %}{{ x }}", "{{ ['<', '>'|e]|join(',') }}", "{% filter upper %}<{{ '<' }}{% endfilter %}"]),
]


def value(tagged):
    if isinstance(tagged, list):
        return [value(each) for each in tagged]
    if not isinstance(tagged, dict):
        return tagged
    tag, content = next(iter(tagged.items()), (None, None))
    if tag == "$set":
        return {value(each) for each in content}
    if tag == "$tuple":
        return tuple(value(each) for each in content)
    if tag == "$int":
        return int(content)
    if tag == "$float":
        return float(content)
    if tag == "$dict":
        return {value(key): value(each) for key, each in content}
    return {key: value(each) for key, each in tagged.items()}


def ini_escape(text):
    return str(text).replace("$", "$$")


def quote(text):
    return '"%s"' % ini_escape(text).replace('"', '\\"')


@jinja2.pass_context
def derive_password(context, username, host=None):
    parts = [username or context["username"], host or context["host"], ""]
    return 'P$%s"' % hashlib.sha256("\0".join(parts).encode()).hexdigest()[:10]


@jinja2.pass_context
def render(context, path):
    source, options = split(TEMPLATES[path]) if path in TEMPLATES else (None, None)
    if source is None:
        raise jinja2.TemplateNotFound(path)
    return environment(options).from_string(source).render(context.get_all())


@jinja2.pass_context
def get_context(context):
    return context


def split(template):
    return (template, {}) if isinstance(template, str) else (template["src"], template["opts"])


class Loader(jinja2.BaseLoader):
    """Each template with its own options."""

    def load(self, _, name, global_variables=None):
        if name not in TEMPLATES:
            raise jinja2.TemplateNotFound(name)
        source, options = split(TEMPLATES[name])
        env = environment(options)
        code = env.compile(source, name)
        return env.template_class.from_code(env, code, env.make_globals(None))


def environment(options):
    env = jinja2.Environment(loader=Loader(), cache_size=0, **options)
    env.filters.update(
        ini_escape=ini_escape,
        ini_quote=quote,
        quote=quote,
        b64enc=lambda text: base64.b64encode(text.encode() if isinstance(text, str) else text).decode(),
        sha256sum=lambda text: hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest(),
        derive_password=derive_password,
        render=render,
    )
    env.globals.update(callable=callable, context=get_context)
    return env


def case(category, source, options, context=CONTEXT):
    recorded = {"cat": category, "src": source}
    if options:
        recorded["opts"] = options
    try:
        env = environment(options)
        template = env.template_class.from_code(env, env.compile(source, "__main__"), env.make_globals(None))
        recorded["expect"] = {"out": template.render(value(context))}
    except Exception as error:
        recorded["expect"] = {"error": type(error).__name__}
    return recorded


def main():
    cases = [case(category, source, {}) for category, sources in CASES.items() for source in sources]
    cases += [case("options", source, options) for options, sources in OPTIONS for source in sources]
    for number, recorded in enumerate(cases):
        recorded["id"] = "%s/%d" % (recorded["cat"], number)
    target = pathlib.Path(__file__).parent / "data" / "jinja-own.json"
    head = {"source": "expectations recorded from Jinja2 %s" % jinja2.__version__, "ctx": CONTEXT, "templates": TEMPLATES}
    target.write_text(json.dumps({**head, "cases": cases}, indent=1, ensure_ascii=False) + "\n")
    print(len(cases), "cases")


if __name__ == "__main__":
    main()
