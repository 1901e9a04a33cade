import { afterEach, assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { render } from "../../src/services/jinja/Engine.ts"
import { Failure } from "../../src/services/jinja/Failure.ts"
import { Programs } from "../../src/services/jinja/Programs.ts"

/** What every attempt tries to touch: it is there for code, and for code alone. */
const CANARY = "vcenterOperatorCanary"
const SECRET = "s3cret-of-the-test"

const touched = (): boolean => Object.hasOwn(globalThis, CANARY)

const rendered = (source: string, options = {}): Result.Result<string, unknown> => {
  const library = new Map([["other", { source: "{{ x }}", options: {} }]])
  return Result.try(() =>
    render(
      {
        path: "main",
        find: (path) => (path === "main" ? { source, options } : library.get(path)),
        values: new Map([["name", "bb91"]]),
        password: () => SECRET
      },
      new Programs()
    )
  )
}

const CODE = `globalThis.${CANARY}=1`

/** Ways out that are known from other engines and sandboxes, and some that this one's making suggests. */
const ATTEMPTS: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  [
    "by a member that leads to a constructor",
    [
      `{{ ''.constructor.constructor("${CODE}")() }}`,
      `{{ ''['constructor']['constructor']("${CODE}")() }}`,
      `{{ [].constructor.constructor("${CODE}")() }}`,
      `{{ {}.constructor.constructor("${CODE}")() }}`,
      `{{ (1).constructor.constructor("${CODE}")() }}`,
      `{{ true.constructor.constructor("${CODE}")() }}`,
      `{{ range.constructor("${CODE}")() }}`,
      `{{ range.call.constructor("${CODE}")() }}`,
      `{{ range(1).constructor.constructor("${CODE}")() }}`,
      `{{ name.split.constructor("${CODE}")() }}`,
      `{{ cycler.constructor.constructor("${CODE}")() }}`,
      `{{ joiner().call.constructor("${CODE}")() }}`,
      `{{ namespace().constructor.constructor("${CODE}")() }}`,
      `{{ dict().constructor.constructor("${CODE}")() }}`,
      `{{ (1.5).constructor.constructor("${CODE}")() }}`,
      `{{ context().constructor.constructor("${CODE}")() }}`,
      `{{ self.constructor.constructor("${CODE}")() }}`,
      `{{ missing.constructor.constructor("${CODE}")() }}`,
      `{% for i in [1] %}{{ loop.constructor.constructor("${CODE}")() }}{% endfor %}`,
      `{% macro m() %}{% endmacro %}{{ m.constructor("${CODE}")() }}`,
      `{% import 'other' as o %}{{ o.constructor.constructor("${CODE}")() }}`,
      `{{ ([]|map('constructor')).constructor("${CODE}")() }}`,
      `{{ ['constructor']|map(attribute='constructor')|list }}`,
      `{{ ''|attr('constructor') }}{{ (''|attr('constructor'))("${CODE}") }}`,
      `{{ [{}]|map(attribute='constructor.constructor')|first }}`,
      `{{ '{0.constructor}'.format('x') }}{{ '{0[constructor]}'.format(range) }}`,
      `{{ '%(constructor)s' % {} }}`
    ]
  ],
  [
    "by a prototype",
    [
      `{{ ''.__proto__.constructor.constructor("${CODE}")() }}`,
      `{{ {}['__proto__']['${CANARY}'] }}`,
      `{% set d = {} %}{{ d.update({'__proto__': {'${CANARY}': 1}}) }}{{ {}.${CANARY} }}`,
      `{% set d = dict(__proto__={'${CANARY}': 1}) %}{{ d }}`,
      `{% set ns = namespace() %}{% set ns.__proto__ = {'${CANARY}': 1} %}{{ ns.${CANARY} }}`,
      `{% set __proto__ = {'${CANARY}': 1} %}{{ ${CANARY} }}`,
      `{% set constructor = 1 %}{{ constructor.prototype }}`,
      `{% macro __proto__() %}x{% endmacro %}{{ __proto__() }}`,
      `{% block __proto__ %}x{% endblock %}{{ self.__proto__() }}`,
      `{% block constructor %}x{% endblock %}{{ self.toString() }}`
    ]
  ],
  [
    "by a name of Python's",
    [
      "{{ ''.__class__.__mro__[1].__subclasses__() }}",
      "{{ range.__globals__ }}",
      "{{ self.__init__.__globals__.__builtins__ }}",
      "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
      "{{ lipsum.__globals__['os'].popen('id').read() }}",
      "{{ request.application.__globals__ }}",
      "{{ config.items() }}"
    ]
  ],
  [
    "by a name of this process",
    [
      "{{ process.env }}",
      "{{ globalThis }}",
      "{{ require('fs') }}",
      "{{ this.constructor }}",
      `{{ Function("${CODE}")() }}`,
      `{{ eval("${CODE}") }}`,
      "{{ rt.binary }}{{ c.rendering }}{{ k[0] }}{{ path }}{{ output }}",
      "{{ runtime.memberLookup }}{{ env.globals }}{{ frame }}{{ context.env }}"
    ]
  ],
  [
    "by a name that becomes code",
    [
      `{{ a"&&(${CODE})&&" }}`,
      `{{ a"&&Function\`${CODE}\`\`\`&&" }}`,
      `{{ name|upper"](),${CODE},x[" }}`,
      `{{ 1 is odd"](),${CODE},x[" }}`,
      `{% set a";${CODE};" = 1 %}`,
      `{% for a";${CODE};" in [1] %}{% endfor %}`,
      `{% macro a";${CODE};"() %}{% endmacro %}`,
      `{% macro m(a";${CODE};") %}{% endmacro %}`,
      `{% block a";${CODE};" %}{% endblock %}`,
      `{% import 'other' as a";${CODE};" %}`,
      `{{ f(a";${CODE};"=1) }}`,
      `{{ a\u2028${CODE} }}`,
      `{{ a\${${CODE}} }}`
    ]
  ],
  [
    "by a text that becomes code",
    [
      `{{ "\\"+(${CODE})+\\"" }}`,
      `{{ '";${CODE};"' }}`,
      `{{ "\\u2028${CODE}\\u2029" }}`,
      `{{ '\\\\";${CODE};//' }}`,
      `";${CODE};//`,
      `\\";${CODE};//`,
      `\u2028${CODE}\u2029`,
      `*/${CODE}/*`,
      `{# */${CODE}/* #}`,
      `{{ {"a\\"];${CODE};[\\"": 1} }}`,
      `{{ x['"];${CODE};["'] }}`,
      `{{ x.y(a='");${CODE};("') }}`,
      `{% include '";${CODE};"' ignore missing %}`,
      `{% raw %}";${CODE};"{% endraw %}`,
      `{{ 1e99999 }}{{ 0x${"f".repeat(50)} }}`
    ]
  ],
  [
    "by a filter or test that is none",
    [
      `{{ "${CODE}"|constructor }}`,
      `{{ "x"|toString }}`,
      `{{ "x"|__proto__ }}`,
      `{{ "x"|hasOwnProperty("y") }}`,
      `{{ [1]|map("constructor")|list }}`,
      `{{ [1]|select("constructor")|list }}`,
      "{{ 1 is constructor }}",
      "{{ 1 is __proto__ }}"
    ]
  ]
]

afterEach(() => {
  Reflect.deleteProperty(globalThis, CANARY)
  Reflect.deleteProperty(Object.prototype, CANARY)
})

for (const [way, sources] of ATTEMPTS) {
  describe(`no code runs ${way}`, () => {
    for (const source of sources) {
      it(source, () => {
        const result = rendered(source)
        assert.isFalse(touched(), "the canary was touched")
        assert.isFalse(CANARY in {}, "a prototype was changed")
        const text = Result.isSuccess(result) ? result.success : ""
        assert.notInclude(text, "native code")
        assert.notInclude(text, "function")
        if (Result.isFailure(result)) assert.instanceOf(result.failure, Failure)
      })
    }
  })
}

describe("no code runs", () => {
  it("by a delimiter or another option", () => {
    for (const option of [
      "block_start_string",
      "variable_start_string",
      "comment_start_string",
      "line_statement_prefix"
    ]) {
      rendered(`x ";${CODE};" x`, { [option]: `";${CODE};"` })
      rendered(`x */${CODE}/* x`, { [option]: `*/${CODE}/*` })
    }
    rendered("x", { constructor: CODE })
    rendered("x", { newline_sequence: `";${CODE};"` })
    assert.isFalse(touched())
  })

  it("the canary is one that code would touch", () => {
    new Function(CODE)()
    assert.isTrue(touched())
  })
})

/** Each would take minutes or gigabytes if nothing counted along. */
const EXCESSIVE = [
  "{% for i in range(10**9) %}{% endfor %}",
  "{% for i in range(10**9) if false %}{% endfor %}",
  "{{ 'a' * 10**9 }}",
  "{{ [0] * 10**9 }}",
  "{{ (0,) * 10**9 }}",
  "{{ 2 ** (10**9) }}",
  "{{ range(10**9)|list|length }}",
  "{{ range(10**9)|sum }}",
  "{{ range(10**9)|select('none')|list }}",
  "{{ range(10**9)|map('string')|join }}",
  "{{ 'x'.ljust(10**9) }}",
  "{{ '%1000000000d' % 1 }}",
  "{{ '{:1000000000}'.format(1) }}",
  "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
  "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
  "{% set ns = namespace(a='x' * 1000) %}{% for i in range(100) %}{% set ns.a = ns.a + ns.a %}{% endfor %}",
  "{% set ns = namespace(a=10) %}{% for i in range(100) %}{% set ns.a = ns.a * ns.a %}{% endfor %}",
  `{{ ${"(".repeat(5000)}1${")".repeat(5000)} }}`,
  `${"{% if 1 %}".repeat(5000)}${"{% endif %}".repeat(5000)}`,
  `{{ ${"-".repeat(100_000)}1 }}`
]

describe("what would never end, or fill the memory, ends in a limit", () => {
  for (const source of EXCESSIVE) {
    it(source.slice(0, 100), () => {
      const result = rendered(source)
      assert.isTrue(Result.isFailure(result))
      if (Result.isFailure(result)) {
        assert.instanceOf(result.failure, Failure)
        if (result.failure instanceof Failure) assert.include(["limit", "type"], result.failure.kind)
      }
    })
  }
})
