import { tmpdir } from "node:os"
import { join } from "node:path"

/** What an attempt tries to touch, by name: a global, a property of every object, a file. */
export const CANARY = "vcenterOperatorEscape"
export const FILE = join(tmpdir(), `${CANARY}-${process.pid}`)
/** Computed nowhere but by code that ran. */
const PRODUCT = "'esc'+'aped'+7*191"
export const COMPUTED = "escaped1337"

/** In single quotes only, so that it fits into a template's double quotes. */
const CODE = `globalThis.${CANARY}=1;process.getBuiltinModule('fs').writeFileSync('${FILE}','x');return ${PRODUCT}`
const EXPRESSION = `(globalThis.${CANARY}=1,${PRODUCT})`

/** Jinja2's classics: from any object to its class, to a module, to a shell. */
const JINJA = [
  "''.__class__.__mro__[2].__subclasses__()[40]('/etc/passwd').read()",
  "''.__class__.__base__.__subclasses__()",
  "().__class__.__bases__[0].__subclasses__()",
  "[].__class__.__base__.__subclasses__()[104].__init__.__globals__['sys'].modules['os'].popen('id').read()",
  "{}.__class__.__base__",
  "dict.mro()[-1].__subclasses__()",
  "''['__class__']['__mro__']",
  "''|attr('__class__')|attr('__mro__')|last",
  "''|attr('_' ~ '_class_' ~ '_')",
  "''|attr(['__cla', 'ss__']|join)",
  "''['\\x5f\\x5fclass\\x5f\\x5f']",
  "(''|attr('\\u005f\\u005fclass\\u005f\\u005f'))|attr('__base__')",
  "self._TemplateReference__context.cycler.__init__.__globals__.os.popen('id').read()",
  "self.__dict__",
  "self._TemplateReference__context.environment",
  "cycler.__init__.__globals__.os",
  "joiner.__init__.__globals__.os",
  "namespace.__init__.__globals__.os",
  "range.__init__.__globals__",
  "dict.__init__.__self__",
  "lipsum.__globals__.os.popen('id').read()",
  "url_for.__globals__",
  "get_flashed_messages.__globals__['current_app'].config",
  "config.__class__.from_envvar('PATH')",
  "request|attr('application')|attr('__globals__')",
  "g.pop.__globals__.__builtins__",
  "context().environment.globals",
  "context().parent",
  "context().vars.__class__",
  "context().eval_ctx.environment",
  "context()['__builtins__']",
  "callable.__self__",
  "'{0.__class__.__init__.__globals__}'.format(self)",
  "'{a.__class__}'.format(a=cycler)",
  "'%(a.__class__)s' % {'a': 1}",
  "'{0[__class__]}'.format([1])",
  "'{:{0.__class__}}'.format(1)",
  "'{}'.format.__self__",
  "[1].__reduce_ex__(2)",
  "(1).__class__.__bases__",
  "('a'|map('upper')).gi_frame.f_back.f_globals",
  "([1]|map('string')).gi_code",
  "([1]|select).send.__self__",
  "missing.__class__.__init__.__globals__",
  "missing._fail_with_undefined_error.__globals__",
  "caller.__globals__",
  "[''.__class__]|map(attribute='__base__')|list",
  "[1]|map(attribute='__class__.__mro__')|list",
  "[[1]]|sort(attribute='__class__')",
  "[1]|groupby('__class__')",
  "''.encode.__self__.__class__",
  "''|attr('format')|attr('__self__')|attr('__class__')"
].map((each) => `{{ ${each} }}`)

/** nunjucks' classics, and ways into the parts of it that are still underneath. */
const NUNJUCKS = [
  `range.constructor("${CODE}")()`,
  `cycler.constructor("${CODE}")()`,
  `joiner.constructor.constructor("${CODE}")()`,
  `''.sub.constructor("${CODE}")()`,
  `''.big.call.constructor("${CODE}")()`,
  `({}).toString.constructor("${CODE}")()`,
  `(''|e).constructor.constructor("${CODE}")()`,
  `('x'|safe).toString.constructor("${CODE}")()`,
  `constructor.constructor("${CODE}")()`,
  `__proto__.constructor.constructor("${CODE}")()`,
  `__defineGetter__.constructor("${CODE}")()`,
  `hasOwnProperty.constructor("${CODE}")()`,
  `toString.call.constructor("${CODE}")()`,
  `valueOf().constructor("${CODE}")()`,
  `caller().constructor.constructor("${CODE}")()`,
  `super().constructor.constructor("${CODE}")()`,
  `self.constructor.constructor("${CODE}")()`,
  `joiner(range).constructor("${CODE}")()`,
  `[1]|join("", "constructor")`,
  `[1]|sort(false, false, "constructor.constructor")`,
  `[{}]|groupby("constructor.constructor")`,
  `[{}]|selectattr("constructor")|list`,
  `[{}]|sum("constructor")`,
  `"${CODE}"|constructor.constructor`,
  `"x"|replace(range.constructor("return /x/")(), "y")`,
  `"x".replace("x", range.constructor("${CODE}"))`,
  `[1, 2]|sort(reverse=range.constructor("${CODE}"))`,
  `dump(range)`,
  "env.opts",
  "env.loaders[0].searchPaths",
  "env.addGlobal('x', 1)",
  "ctx.lookup('x')",
  "runtime.suppressValue",
  "frame.parent.variables",
  "context.ctx",
  "cb(1)",
  "lineno.constructor",
  "parentTemplate.root",
  "t_1.constructor",
  "output.constructor",
  "l_0_name.constructor"
].map((each) => `{{ ${each} }}`)

/** Ways out of JavaScript's sandboxes. */
const JAVASCRIPT = [
  `(1).toFixed.constructor("${CODE}")()`,
  `[].concat.constructor("${CODE}")()`,
  `[].map.constructor("${CODE}")()`,
  `[].at.call("x", 0)`,
  `[]["filter"]["constructor"]("${CODE}")()`,
  `[]["fil" ~ "ter"]["const" + "ructor"]("${CODE}")()`,
  `""["con\\x73tructor"]["con\\x73tructor"]("${CODE}")()`,
  `""[["constructor"]|first]`,
  `""[("constructor",)]`,
  `""[["constructor"]]`,
  `{}["__proto__"]["polluted"]`,
  `{}.__lookupGetter__("__proto__")`,
  `{}.__defineGetter__("${CANARY}", range)`,
  `{}.__defineSetter__("${CANARY}", range)`,
  `dict.assign(dict.prototype, {"${CANARY}": 1})`,
  `dict(constructor={"prototype": {"${CANARY}": 1}})`,
  `{"__proto__": {"${CANARY}": 1}}.update({"constructor": {"prototype": {"${CANARY}": 1}}})`,
  `{"a": {}}.setdefault("__proto__", {}).update({"${CANARY}": 1})`,
  `{}.fromkeys(["__proto__", "${CANARY}"], 1)`,
  `process.binding("spawn_sync")`,
  `process.mainModule.require("child_process")`,
  `process.getBuiltinModule("fs").readFileSync("/etc/passwd")`,
  `globalThis.process.env`,
  `import("fs")`,
  `import.meta.url`,
  `new Function("${CODE}")()`,
  `Reflect.construct(Function, ["${CODE}"])()`,
  `Symbol.iterator`,
  `[][Symbol.iterator]`,
  `structuredClone(globalThis)`,
  `setTimeout("${CODE}", 0)`,
  `queueMicrotask(range)`,
  `Error().stack`,
  `Error.prepareStackTrace`,
  `arguments.callee.caller`,
  `parentPort.postMessage({})`,
  `workerData`,
  `WebAssembly.Module`,
  `Buffer.allocUnsafe(100)`,
  `console.log.constructor("${CODE}")()`
].map((each) => `{{ ${each} }}`)

/** Texts that would be code if any part of this compiler wrote them as they are. */
const BREAKING = [
  `";${EXPRESSION};"`,
  `');${EXPRESSION};('`,
  `\`;${EXPRESSION};\``,
  `\${${EXPRESSION}}`,
  `\\";${EXPRESSION};//`,
  `\u2028${EXPRESSION}//`,
  `*/${EXPRESSION}/*`,
  `],${EXPRESSION},[`
]

/** Every place of the grammar in which a text of the template stands, to be filled with each of those. */
const PLACES: ReadonlyArray<(text: string) => string> = [
  (text) => text,
  (text) => `{{ ${JSON.stringify(text)} }}`,
  (text) => `{{ {${JSON.stringify(text)}: 1} }}`,
  (text) => `{{ x[${JSON.stringify(text)}] }}{{ {}|attr(${JSON.stringify(text)}) }}`,
  (text) => `{{ x.${text} }}`,
  (text) => `{{ x|${text} }}`,
  (text) => `{{ x is ${text} }}`,
  (text) => `{{ f(${text}=1) }}`,
  (text) => `{{ dict(**{${JSON.stringify(text)}: 1}) }}`,
  (text) => `{% set ${text} = 1 %}`,
  (text) => `{% set ns = namespace() %}{% set ns.${text} = 1 %}`,
  (text) => `{% for ${text} in [1] %}{% endfor %}`,
  (text) => `{% macro ${text}() %}{% endmacro %}`,
  (text) => `{% macro m(${text}=1) %}{{ kwargs }}{% endmacro %}{{ m() }}`,
  (text) => `{% macro m() %}{{ kwargs }}{% endmacro %}{{ m(**{${JSON.stringify(text)}: 1}) }}`,
  (text) => `{% block ${text} %}{% endblock %}`,
  (text) => `{% include ${JSON.stringify(text)} ignore missing %}{% import ${JSON.stringify(text)} as m %}`,
  (text) => `{% from 'other' import ${text} as y %}`,
  (text) => `{% extends ${JSON.stringify(text)} %}`,
  (text) => `{{ [1]|map(${JSON.stringify(text)})|list }}{{ [1]|select(${JSON.stringify(text)})|list }}`,
  (text) => `{% filter ${text} %}{% endfilter %}`,
  (text) => `{% call(${text}) f() %}{% endcall %}`,
  (text) => `{# ${text} #}{% raw %}${text}{% endraw %}`,
  (text) => `{{ ${JSON.stringify(text)}|render }}{{ 'u'|derive_password(${JSON.stringify(text)}) }}`
]

/** Templates, by where the attempts come from. */
export const ATTEMPTS: ReadonlyArray<readonly [from: string, sources: ReadonlyArray<string>]> = [
  ["of Jinja2", JINJA],
  ["of nunjucks", NUNJUCKS],
  ["of JavaScript", JAVASCRIPT],
  ["against this compiler", PLACES.flatMap((place) => BREAKING.map(place))]
]

/** Options of a template that would be code, or reach a prototype. */
export const OPTIONS: ReadonlyArray<Readonly<Record<string, string>>> = [
  ...[
    "block_start_string",
    "block_end_string",
    "variable_start_string",
    "variable_end_string",
    "comment_start_string",
    "comment_end_string",
    "line_statement_prefix",
    "line_comment_prefix",
    "newline_sequence"
  ].flatMap((name) => BREAKING.map((text) => ({ [name]: text }))),
  { constructor: CODE },
  { toString: CODE },
  JSON.parse(`{"__proto__": "${CODE}"}`),
  { loader: CODE, finalize: CODE, undefined: CODE }
]
