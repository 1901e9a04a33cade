"""What record-yaml.py reads with PyYAML: scalars (each as the value of a key), and whole texts."""

SCALARS = r"""
yes Yes YES no No NO on On ON off Off OFF true True TRUE false False FALSE y n Y N yEs tRue
~ null Null NULL nULL none None
0 1 -1 +1 007 0644 08 09 0o17 0x1F 0xdeadBEEF 0b101 1_000 1_000_000 _1 12_ 1: 1:30 190:20:30 1:60 -1:30 1:30.5
1.0 1. .5 -.5 +.5 1e5 1E5 1e+5 1.0e5 1.0e+5 1.5E-3 1_0.5 .inf -.inf .nan .Inf .NaN .INF 6.8523015e+5 685.230_15e+03
1.10 2.0.1 v1.2 1,000 12e03 0.1.2 123456789012345 '0644' "yes" '' "" ! = << a=b
2001-12-14 2001-12-14t21:59:43.10-05:00 12:30:45 10:00 00:30 0:0
0b 0b2 0x 0xg 00 0_7 0_ 0x_f 0b_1 -0x1f +0b1 -017 +012 -0 +0 00.5 0.0 -0.0 +.inf ++1 1__0 1_ _ __ 1_.5 1._5 .5_ ._5
1.e+5 .e+5 .5e+3 1.5e3 1.5e+ 1e 1.5E+03 0e1 1e10 12e4567
1:2:3 1:2.5 1:60.5 60:00 1:5_9 1:59: :1 1:1:60 -1:30.5 +1:30 01:30 0:1 1_0:30 1:30:45.125 9:9:9:9 00:11:22:33 01:02:03:04:05:06
.Nan .nAN .inF +.nan -.nan .INF+ -.Inf - . .. ... -- --- -a -- a ?a ?
2001-1-1 2001-01-1 2001-12-14T21:59:43Z 2001-12-14T21:59:43+01 2001-12-14T2:5:3 99-12-14 2001-13-01 2001-02-30 12001-01-01 2001-12-14- 2001-12-1#4
Null nUll NuLL NONE ~~ ~a TrUe truE FALSe oN ON. yes. no! nO YeS Off. "on" 'off'
a# #a a#b a: b,c [a] {a} a[b a]b a{b a}b a,b a&b a*b &a *a !a |a >a %a a%b @a `a a`b a@b 'a''b' "a\\b" 'a\b' a\b "\q" "\x41"
<<< <<a =a a= == -1- 1-2 1.2.3.4 10.0.0.1/24 fe80::1 ::1 a:b a:: 1:a a:1 http://x:80/ 0644a 1e5a v1 1.0.0-rc1 1,000.5 €1 ü 日本 😀
1Gi 500m 1_000Mi 80-90 80:90 22:22 ${b} $(B) b;c 100% it's None
""".split()

MAPPINGS = [
    "a: 1\nb: 2", "a: 1\na: 2", "- a\n- b", "[1, 2, {a: b}]", "{a: 1, b: [x, y]}", "a:\n  - b\n  -   c: 1\n      d: 2\n", "a:\n- b\n- c\n",
    "? a\n: b", "1: a", "true: x", "a: \n", "a: ~\nb:\n", '"a b": c', "a: b: c", "a: [1, 2", "a: {b", "key with space: 1", "a: -1", "a: - b",
    "1: a\n1.0: b\ntrue: c", "a: 1\nb: 2\na: 3\n", "{a: 1, a: 2}", "a: {b: 1, b: 2}", "yes: 1\ntrue: 2", "1: a\n01: b", "null: 1", "1.5: x", "0x10: x", "1:30: x",
    "'1': a\n1: b", "? a\n? b\n", "? a\n: - b\n", "? |\n  long\n: v", "? [a, b]\n: c", "{? a : b}", "{a, b: c}", "{a: , b: }", "{a:1}", '{"a":1}', "{a: 1,}", "{,}",
    "{a: 1,, b: 2}", "[a,]", "[,a]", "[a,,b]", "[a: 1, b]", "[? a : b]", "{a: [b, {c: d}], e: f}", "[a\n, b\n]", "{a: 1\n, b: 2}", "{a: 'b'\n  , c: d}",
    "a: {\n  b: 1,\n  c: 2\n}", "a: [\n  1,\n  2,\n]", "a: {\nb: 1\n}", "a: [\n1\n]", "a:\n  b:\n    c: d\n  e: f\ng: h", "a:\n   b: 1\n  c: 2", "a:\n b: 1\n  c: 2",
    " a: 1\nb: 2", "a: 1\n b: 2", "a: b\n  c", "a: b\n  c: d", "a:\n  b\n  c", "a:b", "a :b", "a : b", "a  :  b", ": a", "a: :", "a: ::", "a: b:", "a: 'b':",
    "'a':b", "'a': b", '"a":b', "~: 1", ": 1", "{k: v}: 1", "[k]: 1", "{[k]: 1}", "2001-12-14: x", "1e400: x", ".inf: x", "'': x", "'yes': x\nyes: y",
    "a\n: b", "{a\n: b}", "c  z\n  : b", "{b\n: c}", "{a: 1,x\n c: 2}", "[--a=b?c]", "[http://x?y=z]", "[a?]", "{a: what?}", "[:a]", "{:a}", "{a::b}", "[::1]", "{?a: 1}", "[?a, b]", "a: b?", "a: :b",
    "<<: {a: 1}", "<<: {a: 1}\na: 2", "a: 2\n<<: {a: 1}", "<<: []", "<<: [{a: 1}, {a: 2, b: 3}]", "<<: 1", "<<: [1]", "<<: null", "<<: {}\n<<: {a: 1}", "'<<': {a: 1}",
    '"<<": 1', "- <<", "a: <<", "<<: &x {a: 1}\nb: *x", "x: &x {a: 1}\n<<: *x\n", "x: &x [{a: 1}]\ny: {<<: *x}", "a: &a {<<: {b: 1}}\nc: {<<: *a}", "? <<\n: {a: 1}",
    "!!merge <<: {a: 1}", "<<: {a: 1}\n<<: {a: 2}", "<<: {a: 1, a: 2}", "{<<: {b: 1}, a: 2}", "[<<: {b: 1}]", "<<: [[{a: 1}]]", "<<: {<<: {a: 1}, b: 2}",
    "base: &b {x: 1, y: 2}\nd:\n  <<: *b\n  y: 3", "d:\n  <<: [{x: 1}, {x: 2, z: 3}]", "z: 1\n<<: {a: 1, z: 3}\nb: 2", "=: 1", "- =", "a: '='", "a: {=: 1}",
]

ANCHORS_AND_TAGS = [
    "a: &x {b: 1}\nc: *x", "a: *nope", "a: &x 1\nb: *x", "- &x a\n- *x\n- *x", "a: &x\n  b: 1\nc: *x", "&x a: 1\nb: *x", "a: &x 1\na2: &x 2\nb: *x", "a: *x\nb: &x 1",
    "&x {a: *x}", "a: &x [*x]", "a: &x b &y c", "a: & b", "a: * b", "a: *x y", "a: &x", "a: &x\nb: *x", "- &x\n- *x", "a: &1 b\nc: *1", "a: &x-y_z b\nc: *x-y_z", "a: &x.y b",
    "a: &é b", "a: [&x 1, *x]", "{&x a: 1, b: *x}", "a: &x 1\n---\nb: *x", "*x : 1", "&x a: &y b\n*x : *y", "a: &x !!str 1\nb: *x", "a: !!str &x 1\nb: *x", "&x\na: 1",
    "&x\n- a\n- b", "a: &x\n- b\nc: *x", "a:\n  &x b: 1\n  c: *x", "a: &x |\n  t\nb: *x", "a: &x 'q'\nb: *x", "a: &x &y b", "a: *x, b", "[*x]", "a: &x[b]",
    "a: !foo bar", "a: !!str 1", "a: !!int '3'", "a: !!float 1", "!!map {a: 1}", "!!seq [1]", "!!str", "a: !!null x", "a: !!bool yes", "a: !!bool maybe", "a: !!int 0x1f",
    "a: !!int x", "a: !!float 1.5", "a: !!float x", "a: !!binary aGk=", "a: !!binary '*'", "a: !!set {b, c}", "a: !!omap [b: 1]", "a: !!pairs [b: 1]", "a: !!timestamp 2001-12-14",
    "a: !!timestamp x", "a: !!python/none", "a: !!python/object/apply:os.system [x]", "a: !<tag:yaml.org,2002:str> 1", "a: !local x", "a: ! x", "!x a",
    "%TAG ! tag:yaml.org,2002:\n---\na: !str 1", "%TAG !y! tag:yaml.org,2002:\n---\na: !y!int 1", "a: !y!int 1", "a: !!", "a: !!str\nb: 1", "a: !!str [b]", "a: !!map [b]",
    "a: !!seq {b: 1}", "a: !!str null", "a: !!str ''", "a: !!null ''", "a: !!null null", "a: !!bool 'yes'", "a: !!int '0644'", "a: !!int 1_0", "a: !!float .inf", "a: !!int 1.5",
    "a: !!float '1e5'", "a: !!int ''", "a: !!value =", "a: !!str |\n  x\n", "a: !!str\n  b", "- !!str 1\n- !!str yes", "!!str a: 1", "a: !!str !!str b", "a: !<!x> b", "a: !!foo b",
    "%TAG !x tag:x\n---\na: 1", "%TAG !x! tag:x\n%TAG !x! tag:y\n---\na: 1", "a: !é b", "a: !!str{b}", "a: !b%21 c",
]

BLOCKS = [
    "a: |\n  line\n  two\n", "a: |-\n  line\n", "a: |+\n  line\n\n", "a: >\n  one\n  two\n\n  three\n",
    # The end of the text cuts a block text: what Jinja2 leaves when a template ends with one.
    "a: |\n  x\n  y", "a: >\n  x\n  y", "a: |-\n  x", "a: |+\n  x", "a: |\n  x\n  ", "- |\n  x", "a: |\n  x\n\n", "a: |\n  x\n---\nb: |\n  y", "|\n x",
    "a: |1\n  x\n", "a: |2\n  x\n", "a: |2\n    x\n", "a: |3\n  x\n", "a: |0\n x", "a: |10\n x", "a: |+2\n    x\n\n", "a: |2-\n    x\n", "a: |-+\n  x", "a: | x\n  y",
    "a: |# x\n  y", "a: | # x\n  y\n", "a: |\nb: 1", "a: |\n\nb: 1", "a: |+\n\nb: 1", "a: |\n  x\n y\n", "a: |\n  x\n   y\n  z\n", "a: |\n   x\n  y\n", "a: |\n\n  x\n",
    "a: |\n    \n  x\n", "a: |\n \n  x\n", "a: |\n  x\n  # no comment\n", "a: |\n  x\n# comment\nb: 1", "a: |\n  x\n\n\nb: 1", "a: |\n\tx\n", "a: |\n  \tx\n", "a: |\n  x\t\n",
    "a: |\n  ---\n  x\n", "a: |\n  x\n---\nb", "a: |\n  x\n...\n", "- |\n x\n- |\n y", "- |\n x\n y\n-\n z", "a:\n  - |\n    x\n  - y", "|\nx", "--- |\nx\ny\n", "--- |\n  x\n  y",
    "--- >\nx\n\ny\n", "a: >\n  x\n   y\n  z\n", "a: >\n  x\n\n\n  y\n", "a: >-\n  x\n  y\n\n", "a: >+\n  x\n\n", "a: >\n\n  x\n", "a: >\n   x\n\n    y\n   z\n", "a: >\n  - x\n  - y\n",
    "a: >\n  x\n\ty\n", "a: >2\n   x\n  y\n", "a: >\n  x y  \n  z\n", "a: |\r\n  x\r\n  y\r\n", "a: |\n  x\u2028  y\n", "a: |\n  é😀\n", "a: |\n  x\n  \n", "a: |\n  x\n   \n", "a: |\n",
    "a: |", "a: >", "a: |+", "a: |+\n  ", "a: |+\n\n  ", "a: |\n  \t", "|\n# x", "# c\n|\n# d\n---\n e\n", "a: |1\n   x\n  \n", "a: |\n x\n  ", "a: >\n  x\n   ", "a: |\n\n", "a: |+\n\n", "a: |-\n\n", "- |\n- x", "a: >\n  x\n\n  y\n\n", "a: >\n    x\n\n      y\n\n    z\n", "a: |2\n\n    x\n", "a: |\n  x\n    y\n\n  z\n \nb: 1",
    "a:\n  b: |\n    x\n   y: 1", "a:\n  b: |\n    x\n  c: |\n    y\n", "a: |\n  x: y\n  - z\n", "a: |\n  'x\n", "a: |\n  x #y\n", "a: |-\n  x\n  ", "a: >-\n  x\n\n  ", "a: |+\n  x\n  ", "a: >\n  x\n  ",
]

TEXTS_OF_SEVERAL_LINES = [
    "a: 'it''s'", 'a: "t\\tb\\n\\u00fc\\x41"', "a: \"multi\n  line\"", "a: plain\n  folded\n", "a: 'x", "a: @x", "a: `x", "a: %x", "a: x # c", "a: x#y", "a: 'x' # c", 'a: "{{ x }}"',
    "a: http://x/y?z", "a: [a b, c]", "- - a\n  - b\n- c", "a: 'x\n  y'", "a: 'x\n\n  y'", "a: 'x\ny'", 'a: "x\\\n  y"', 'a: "x\\n\\t\\\\\\""', 'a: "\\x41\\u00e9\\U0001F600\\0\\a\\b\\e\\f\\v\\N\\_\\L\\P\\ "',
    'a: "\\/"', 'a: "\\q"', 'a: "\\x4"', 'a: "\\uD800"', 'a: "\\UFFFFFFFF"', 'a: "x\n\n\n  y"', 'a: "  x  \n  y  "', "a: 'x' y", 'a: "x"y', "a: 'x'y", "a: x 'y'", 'a: x "y"', "a: ''''",
    "a: '\n'", "'a\n b': 1", '"a\n b": 1', "a: x\n\n  y\n", "a: x\n  y # c\n  z", "a: x\n # c\n  y", "a: x\n  - y", "a: - x", "a: ? x", "a: x ? y", "a: x - y", "- -x", "- - x", "-\n  x", "-x", "- ",
    "-", "- a\n -b", "- a\n- b\n c", "- a: 1\n  b: 2\n- c: 3", "- a: 1\n b: 2", "-   a: 1\n    b: 2", "- - - x", "a:\n- b\nc:\n- d", "a:\n  - b\n - c", "a:\n-  b\n -  c", "- a\nb: 1", "a: 1\n- b",
    "a: 'x\n---\ny'", "a: \"x\n... \ny\"", "a: x\n---\ny", "'a': 'b'\n'c': 'd'", "a: [x\n  y, z]", "a: {b: x\n  y}", "a: ['x\n  y']", "- 'x\n  y'\n- z", 'a: "x\\', 'a: "', "a: \"\\t\"", "a: x\n\n\n\n  y", "a: x\n  \n  y",
    "a: \"x \\\n   \\  y\"", "a: \"x\n  \\n  y\"", "a: x: y", "a: x:\n  y", "a: x\n  y:", "a: \"b\": c", "a: 'b' : c", "? 'a'\n: b", "a: [\"b\",\"c\"]", "a: [\"b\":c]", "a: {\"b\":\"c\"}", "a: [b:c]", "a: [http://x:1]", "a: [x #y\n]", "a: [x#y]",
]

DOCUMENTS = [
    "---\na: 1\n---\nb: 2\n", "---\n---\na: 1\n", "# only a comment\n", "", "---\n...\n", "a: 1\n...\n---\nb: 1", "%YAML 1.1\n---\na: yes", "a\n...\nb", "a\n...\n---\nb",
    "--- a\n--- b\n", "---\na\n---\n", "---a: 1", "--- a: 1", "---\n# c\n---\n", "a\n--- \nb\n...\n...\n", "...\n", "...\na: 1", "a: 1\n...", "a: 1\n... # c\n", "a: 1\n... x\n",
    "a: 1\n---\n...\n---\nb: 1\n", "%YAML 1.2\n---\na: yes", "%YAML 1.3\n---\na: 1", "%YAML 2.0\n---\na: 1", "%YAML 1.1\n%YAML 1.1\n---\na", "%YAML\n---\na", "%YAML 1.1\na: 1", "%FOO bar\n---\na: 1",
    "a: 1\n%YAML 1.1\n---\nb: 1", "a: 1\n...\n%YAML 1.1\n---\nb: 1", "# a\n# b\na: 1 # c\n# d\n", "a: 1 #c", "a: 1# c", "a:# c\n  b", "a: # c\n  b", "a: [1, # c\n 2]", "#\n", "\n\n\na: 1\n\n\n", "   \n  a: 1",
    "\ufeffa: 1", "\ufeff---\na: 1", "a: 1\n\ufeff---\nb: 1", "a: \ufeffx", "---\n---\n---\n", "a: 1\n---", "a\n---\nb\n---\nc", "--- {a: 1}\n--- [b]\n", "--- 'a'\n...\n", "--- &x a\n--- *x", "--- !!str 1",
    "--- # c\na: 1", "---\n\n\n---\n\n", "a: 1\n--- # c\nb: 2", "a: 1\n----\nb: 2", "a: 1\n ---\nb: 2", "a: 1\n---b: 2", "- a\n---\n- b\n", "%YAML 1.1 # c\n---\na", "%YAML 1.1\n", "%", "--- --- a", "---\n... a", "...\n...\n", "a: 1\n...\n# c\n",
    "a: 1\n...\n\n---\n# c\n...\n", "# c\n---\na: 1", "# c\n\n# d\n---\n# e\n", "null", "~", "a", "1", "[]", "{}", "''", "---\n''", "a: 1\n---\nnull\n---\nb: 1",
]

WHITE_SPACE = [
    "\ta: 1", "a:\n\tb: 1", "a: b\tc", "a: 'b\tc'", "a: b\t# c", "a: \x07", "a: x\x85y", "a:\t1", "a: \t1", "a: 1\t", "a: 1\t\n", "\t", "\ta", "a:\n\t- b", "-\ta", "- \ta", "a:\n  b: 1\n\tc: 2", "a:\n  b: 1\n  \tc: 2",
    "{\ta: 1}", "{a:\t1}", "[a,\tb]", "[\na,\n\tb]", "a: 1 \t# c", "a:\t# c\n  b", "\t# c\na: 1", "a: 1\n\t# c\n", "a: 1\n\t\nb: 2", "a: 'x\n\ty'", "a: x\n\ty", "a: |\t\n  x", "---\ta", "a\r\nb\r\n", "a: 1\rb: 2\r", "a: |\r\n  x\r  y\r\n", "a\rb", "\n\ufeffa: 1", "a: x\r\n\r\n  y\r\n",
    "a: 1\u2028b: 2", "a: 1\u0085b: 2", "a: x\u00a0y", "a: 1\x0c", "a: \x7f", "a: \ufffe", "a: \ud7ff", "a: x \n", "a: x   \nb: y", "a: 1\r\nb:\r\n  - c\r\n", "a: 'x\r\n  y'", "a: x\r\n  y\r\n", "a:\u00a01", "\u00a0a: 1", "a: 1\u2029b: 2",
    "a: 'x\u2028y'", "a: \"x\u0085y\"", "a:\n  b: 1  \n  c: 2\t\n", "- a\t\n- b", "a: [b\t]", "a: {b: c\t}", "a: \"b\"\t", "a: 'b'\t# c", "a: &x\tb", "a: !!str\tb", "? a\t\n: b", "?\ta\n:\tb", "a: *x\t", "%YAML 1.1\t\n---\na", "a: \x00", "\x1b[0m", "a: \"\x01\"",
]

# What templates render: manifests, configuration, numbers beside text, braces, empty values.
RENDERED = [
    "spec:\n  replicas: 1\n  template:\n    metadata:\n      annotations:\n        hash: 0123456789\n        also: 1234567890123\n        octal: 01234567\n",
    "env:\n- name: A\n  value: \"1\"\n- name: B\n  value: 1\n- name: C\n  value: no\n- {name: D, value: 0x10}\n",
    "data:\n  nova.conf: |\n    [DEFAULT]\n    # a comment\n    a = b\n\n    [vmware]\n    c = \"d\"\n  other: |-\n    x: y\n",
    "args: [--a, --b=c, -d, 'e f']", 'command: ["sh", "-c", "echo $A && b"]', "cpu: 1\nmemory: 1Gi\nhalf: 500m\nlong: 1_000Mi", "port: 8080\nrange: 80-90\npair: 80:90\ntime: 22:22\nmac: 00:11:22:33:44:55\nmac2: 01:02:03:04:05:06",
    "version: 1.10\ntag: 1.10.0\nsha: 1e10\nsha2: 12e4567\nsha3: 0e1", "a: None\nb: True\nc: [1, None]", "a: {'b': 'c', 'd': [1, 2]}", "a: ['b', 'c']", "a: \"\"\nb: ''\nc:\nd: null\n", "a: {b: {c: {d: {e: f}}}}", "? complex key\n: value",
    "a: 'it''s' # ok", "a: it's", 'a: "b" # c', "a: >-\n  b\n  c\nd: e", "  - a\n  - b", "a:\n    - b\n    -   c\n", "a: [b]c", "a: {b}c", "a: 'b'c", "a: !ref b", "a: %b", "a: @b", "a: b@c", "a: `b`", "a: &b", "a: b & c", "a: b * c", "a: *", "a: *b*",
    "a: !", "a: ,b", "a: b,", "a: ]", "a: }", "a: [}", "a: {]", "[", "{", "]", "}", "[]]", "{}}", "'", '"', "a: \'\'\'", 'a: "b\\"', "'a': 'b''\n'c': 'd'", "a: \'\'\'\'\'", 'a: "\\"', "a: 'b\n", 'a: "b\n', "a: [b\n", "- a\n  b: c", "a: b\nc", "a\nb: c", "a: b\n\nc", "key: [a, b]: c", "a: [1, 2]\n  b", "a: {b: 1}\n  c: 2",
    "a: {{ x }}", "a: {% x %}", "a: {= x =}", "{{ x }}: 1", "a: {b: 1}}", "a: [[1]", "a: ${b}\nc: $(D)", "a: b\\nc", "a: \"b\\nc\"", "a: 0644\nb: '0644'\nc: 0o644\nd: 644", "a: on\nb: off\nc: y\nd: n\non: x\noff: y\n", "a: 12345678901234567890", "a: 9007199254740993", "a: 9007199254740991",
    "a: -9007199254740992", "a: 0x1fffffffffffff", "a: 1e400", "a: 1.0e+400", "a: 0.1\nb: 1.5\nc: 2.50\nd: 100.0\n", "a: 1.7976931348623157e+308", "a: 5.0e-324", "a: 123456789.123456789", "- 1\n- 1.0\n- '1'\n- \"1.0\"\n", "__proto__: 1", "a: {__proto__: {b: 1}}", "constructor: {prototype: {a: 1}}",
    "<<: {__proto__: {x: 1}}", "toString: 1\nhasOwnProperty: 2", "a: {10: x, 9: y, b: z}", "'10': x\n'9': y\nb: z",
]

TEXTS = MAPPINGS + ANCHORS_AND_TAGS + BLOCKS + TEXTS_OF_SEVERAL_LINES + DOCUMENTS + WHITE_SPACE + RENDERED
