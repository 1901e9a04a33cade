import { analyze, undeclared } from "./Analysis.ts"
import type { Block, Body, CallBlock, For, Macro, Node, Root, Target } from "./Ast.ts"
import { descendants, evaluated, parameters } from "./Children.ts"
import { blockFrame, type Frame, innerFrame, rootFrame } from "./Frame.ts"
import { StatementCompiler } from "./StatementCompiler.ts"
import { type Numbers, Symbols } from "./Symbols.ts"
import type { MacroUses } from "./values/Macro.ts"

/**
 * The code of a template: a function for its root, one for each block, each macro and each recursive loop within them.
 * The code sees the runtime (`rt`), the literals (`k`), the context (`c`) and the template's path (`path`).
 */
export class TemplateCompiler extends StatementCompiler {
  readonly #numbers: Numbers = new Map()
  #loopFunctions = 0

  compileRoot({ body }: Root): void {
    const blocks = this.#blocks(body)
    const extended = all(body).some(({ typename }) => typename === "Extends")
    const frame = rootFrame(new Symbols(null, this.#numbers), extended)
    this.#function("const root=(c,path)=>", () => {
      this.#special(body, frame, [["self", "rt.self(c)"]])
      analyze(frame.symbols, body)
      if (extended) this._emitLine("let extended=null;")
      this.enter(frame)
      this.writeBody(body, frame)
      if (extended) this._emitLine("if(extended!==null)output+=extended(c);")
    })
    for (const [name, { node, id }] of blocks) this.#blockFunction(name, node, id)
    const entries = [...blocks].map(([name, { id }]) => `[${JSON.stringify(name)},${id}]`)
    this._emitLine(`return{root,blocks:new Map([${entries.join(",")}])};`)
  }

  compileBlock({ name, scoped, required, at }: Block, frame: Frame): void {
    const guarded = frame.toplevel && frame.checksExtends
    if (guarded) this._emitLine("if(extended===null){")
    this.writePlace(at)
    const context = scoped ? `,c.derived(${this.locals(frame)})` : ""
    this._emitLine(`${this.buffer}+=c.block(${JSON.stringify(name)},${required}${context});`)
    if (guarded) this._emitLine("}")
  }

  compileMacro(node: Macro, frame: Frame): void {
    const variable = frame.symbols.ref(node.name)
    this.#macro(variable, node.name, node, frame)
    if (frame.toplevel) this._emitLine(`c.set(${JSON.stringify(node.name)},${variable});`)
  }

  compileCallBlock(node: CallBlock, frame: Frame): void {
    const caller = this._tmpid()
    this._emitLine(`let ${caller};`)
    this.#macro(caller, null, node, frame)
    this.writePlace(node.at)
    this._emit(`${this.buffer}+=rt.textOf(`)
    this.writeCall(node.call, frame, caller)
    this._emitLine(");")
  }

  compileFor(node: For, frame: Frame): void {
    const { target, iterable, test, recursive, body, otherwise } = node
    for (const each of [target, ...body, ...otherwise].flatMap((part) => [...evaluated(part)])) {
      if (each.typename === "NameTarget" && each.name === "loop") {
        this.fail("Can't assign to special loop variable in for-loop target", each.at)
      }
    }
    this.writePlace(iterable.at)
    const items = this._tmpid()
    this.write(frame, `const ${items}=`, iterable, ";\n")
    if (!recursive) {
      this.#loop(node, frame, test === null ? items : this.#filtered(node, frame, items), null)
      return
    }
    const id = `loop${++this.#loopFunctions}`
    this._emitLine(`const ${id}=(items,depth)=>c.rendering.calling(()=>{`)
    const buffer = this.buffered(() =>
      this.#loop(node, { ...frame, buffered: true }, test === null ? "items" : this.#filtered(node, frame, "items"), id)
    )
    this._emitLine(`return c.captured(${buffer});});`)
    this._emitLine(`${this.buffer}+=rt.textOf(${id}(${items},0));`)
  }

  #loop({ target, body, otherwise }: For, frame: Frame, items: string, recurse: string | null): void {
    const inner: Frame = { ...innerFrame(frame), ownNames: true }
    const hasScopedBlock = all(body).some((each) => each.typename === "Block" && each.scoped)
    const loop = recurse !== null || hasScopedBlock || this.uses(body, "loop") ? inner.symbols.parameter("loop") : null
    this.declareTargets(target, inner.symbols)
    analyze(inner.symbols, body)
    const item = this._tmpid()
    const empty = this._tmpid()
    this._emitLine(`{let ${empty}=true;`)
    const depth = recurse === null ? 0 : "depth"
    const special = this._tmpid()
    if (loop !== null) this._emitLine(`const ${special}=rt.loop(${items},${recurse},${depth});`)
    this._emitLine(`for(const ${item} of ${loop === null ? `rt.iterate(${items})` : `${special}.each()`}){`)
    this._emitLine(`c.rendering.step();${empty}=false;`)
    // A macro in the body may take its name, until the next round.
    if (loop !== null) this._emitLine(`let ${loop}=${special};`)
    this._emitLine(this.parametersOf([target], inner))
    this.enter(inner)
    this.assign(target, item, inner)
    this.writeBody(body, inner)
    this._emitLine("}")
    if (otherwise.length > 0) {
      const other = innerFrame(frame)
      analyze(other.symbols, otherwise)
      this._emitLine(`if(${empty}){`)
      this.enter(other)
      this.writeBody(otherwise, other)
      this._emitLine("}")
    }
    this._emitLine("}")
  }

  /** The items for which the loop's own condition holds, one by one. */
  #filtered({ target, test, at }: For, frame: Frame, items: string): string {
    const inner = innerFrame(frame)
    this.declareTargets(target, inner.symbols)
    if (test !== null) analyze(inner.symbols, [test])
    const item = this._tmpid()
    const filtered = this._tmpid()
    this._emitLine(`const ${filtered}=rt.generator(function*(){for(const ${item} of rt.iterate(${items})){`)
    this._emitLine("c.rendering.step();")
    this._emitLine(this.parametersOf([target], inner))
    this.enter(inner)
    this.assign(target, item, inner)
    this.writePlace(at)
    if (test !== null) {
      this._emit("if(")
      this.writeCondition(inner, test)
      this._emitLine(`)yield ${valueOf(target, inner)};`)
    }
    this._emitLine("}}());")
    return filtered
  }

  #macro(variable: string, name: string | null, node: Macro | CallBlock, frame: Frame): void {
    const inner: Frame = { ...innerFrame(frame), checksExtends: false, buffered: true }
    const { params, body } = node
    const free = undeclared(body, ["caller", "kwargs", "varargs"])
    const has = (param: string) => params.some((each) => each.name === param)
    const caller = params.find((each) => each.name === "caller")
    if (free.has("caller") && caller !== undefined && caller.fallback === null) {
      this.fail('the special "caller" argument must be omitted or be given a default', node.at)
    }
    const uses: MacroUses = {
      caller: free.has("caller"),
      kwargs: free.has("kwargs") && !has("kwargs"),
      varargs: free.has("varargs") && !has("varargs")
    }
    const variables = params.map((param) => inner.symbols.parameter(param.name))
    if (uses.caller && caller === undefined) variables.push(inner.symbols.parameter("caller"))
    if (uses.kwargs) variables.push(inner.symbols.parameter("kwargs"))
    if (uses.varargs) variables.push(inner.symbols.parameter("varargs"))
    for (const { name: param } of params) inner.symbols.parameter(param)
    analyze(
      inner.symbols,
      parameters(node).filter(({ typename }) => typename !== "NameTarget")
    )
    analyze(inner.symbols, body)
    const names = JSON.stringify(params.map((param) => param.name))
    this._emit(`${variable}=rt.macro(c,${JSON.stringify(name)},${names},${JSON.stringify(uses)},`)
    this.#function(`(${variables.join(",")})=>`, () => {
      this.enter(inner)
      this.#fallbacks(node, inner)
      this.writeBody(body, inner)
    })
    this._emitLine(");")
  }

  #fallbacks({ params }: Macro | CallBlock, frame: Frame): void {
    const before = this.unbound
    const unbound = new Set(params.map((param) => frame.symbols.ref(param.name)))
    this.unbound = unbound
    for (const { name, fallback } of params) {
      const variable = frame.symbols.ref(name)
      const missing = `rt.undefined(${JSON.stringify(`parameter '${name}' was not provided`)})`
      this.write(frame, `if(${variable}===rt.MISSING)${variable}=`, fallback ?? missing, ";\n")
      unbound.delete(variable)
    }
    this.unbound = before
  }

  #blockFunction(name: string, { body }: Block, id: string): void {
    const frame = blockFrame(new Symbols(null, this.#numbers))
    this.#function(`const ${id}=(c,path)=>`, () => {
      this.#special(body, frame, [
        ["self", "rt.self(c)"],
        ["super", `c.superOf(${JSON.stringify(name)},${id})`]
      ])
      analyze(frame.symbols, body)
      this.enter(frame)
      this.writeBody(body, frame)
    })
  }

  /** A function that gives a text, and says where an error happened. */
  #function(head: string, write: () => void): void {
    const before = this.buffer
    this.buffer = "output"
    this._emitLine(`${head}{let at=0,late=null,output="";try{`)
    write()
    this._emitLine("if(late!==null)throw late;return rt.checked(output);}catch(e){throw rt.located(e,path,at);}}")
    this.buffer = before
  }

  // Names that stand for parts of the template, where they are used.
  #special(body: Body, frame: Frame, names: ReadonlyArray<readonly [name: string, code: string]>): void {
    for (const [name, code] of names) {
      if (this.uses(body, name)) this._emitLine(`let ${frame.symbols.parameter(name)}=${code};`)
    }
  }

  #blocks(body: Body): ReadonlyMap<string, { readonly node: Block; readonly id: string }> {
    const blocks = new Map<string, { readonly node: Block; readonly id: string }>()
    for (const node of all(body)) {
      if (node.typename !== "Block") continue
      if (blocks.has(node.name)) this.fail(`block '${node.name}' defined twice`, node.at)
      blocks.set(node.name, { node, id: `block${blocks.size}` })
    }
    return blocks
  }
}

const all = (body: Body): ReadonlyArray<Node> => body.flatMap((node) => [...descendants(node)])

const valueOf = (target: Target, frame: Frame): string => {
  if (target.typename === "NameTarget") return frame.symbols.ref(target.name)
  return target.typename === "TupleTarget"
    ? `rt.tuple([${target.items.map((item) => valueOf(item, frame)).join(",")}])`
    : "null"
}
