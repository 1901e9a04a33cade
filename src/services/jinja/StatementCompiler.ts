import { analyze, undeclared } from "./Analysis.ts"
import type {
  Autoescape,
  Body,
  Do,
  Expr,
  Extends,
  FilterBlock,
  FromImport,
  If,
  Import,
  Include,
  Output,
  Set,
  SetBlock,
  Target,
  With
} from "./Ast.ts"
import { children } from "./Children.ts"
import { ExpressionCompiler } from "./ExpressionCompiler.ts"
import { unsupported } from "./Failure.ts"
import { type Frame, innerFrame, softFrame } from "./Frame.ts"
import { lineOf, type Position } from "./Position.ts"
import type { Symbols } from "./Symbols.ts"

/**
 * Statements that assign, choose, capture and use other templates. Each scope of a template is a JavaScript block, so
 * that its variables end with it.
 */
export abstract class StatementCompiler extends ExpressionCompiler {
  /** An `extends` that is always executed stands before. */
  #hasExtended = false

  protected writeBody(body: Body, frame: Frame): void {
    for (const statement of body) this.compile(statement, frame)
  }

  /** Where a run-time error is said to be. */
  protected writePlace(at: Position): void {
    this._emitLine(`at=${at};`)
  }

  /** Declares the variables of a scope, but for its parameters. */
  protected enter({ symbols }: Frame): void {
    for (const [variable, load] of symbols.loads()) {
      if (load.kind === "resolve") this._emitLine(`let ${variable}=c.resolve(${JSON.stringify(load.name)});`)
      else if (load.kind === "alias") this._emitLine(`let ${variable}=${load.of};`)
      else if (load.kind === "missing") this._emitLine(`let ${variable}=rt.MISSING;`)
    }
  }

  /** Assigns what stands in the JavaScript variable `from`. */
  protected assign(target: Target, from: string, frame: Frame): void {
    switch (target.typename) {
      case "NameTarget": {
        const variable = frame.symbols.ref(target.name)
        this._emitLine(`${variable}=${from};`)
        if (frame.toplevel) this._emitLine(`c.set(${JSON.stringify(target.name)},${variable});`)
        break
      }
      case "AttributeTarget":
        this._emitLine(
          `rt.setAttribute(${frame.symbols.ref(target.name)},${JSON.stringify(target.attribute)},${from});`
        )
        break
      case "TupleTarget": {
        const parts = this._tmpid()
        this._emitLine(`const ${parts}=rt.unpack(${from},${target.items.length});`)
        for (const [at, item] of target.items.entries()) this.assign(item, `${parts}[${at}]`, frame)
      }
    }
  }

  /** Runs `write` with a buffer of its own; the name of the buffer. */
  protected buffered(write: () => void): string {
    const buffer = this._pushBuffer()
    // What is no text is found when the pieces of this buffer are put together.
    const before = this._tmpid()
    this._emitLine(`const ${before}=late;late=null;`)
    write()
    this._emitLine(`if(late!==null)throw late;late=${before};`)
    this._popBuffer()
    return buffer
  }

  compileOutput({ items }: Output, frame: Frame): void {
    // Jinja2 does not even compile what stands at the top behind an `extends`.
    if (frame.checksExtends && this.#hasExtended) return
    if (frame.checksExtends) this._emitLine("if(extended===null){")
    for (const item of items) {
      if (item.typename === "Data") this._emitLine(`${this.buffer}+=${JSON.stringify(item.text)};`)
      else {
        this.writePlace(item.at)
        this._emit(`${this.buffer}+=c.print(`)
        this.writePrinted(frame, item)
        this._emitLine(");")
      }
    }
    if (frame.checksExtends) this._emitLine("}")
  }

  compileDo({ value, at }: Do, frame: Frame): void {
    this.writePlace(at)
    this.write(frame, value, ";\n")
  }

  compileBreak(): void {
    this._emitLine("break;")
  }

  compileContinue(): void {
    this._emitLine("continue;")
  }

  compileIf({ test, body, elifs, otherwise, at }: If, frame: Frame): void {
    const soft = softFrame(frame)
    this.writePlace(at)
    this.writeBranch("if(", test, body, soft)
    for (const elif of elifs) this.writeBranch("else if(", elif.test, elif.body, soft)
    this._emitLine("else{")
    this.writeBody(otherwise, soft)
    this._emitLine("}")
  }

  compileSet({ target, value, at }: Set, frame: Frame): void {
    const result = this._tmpid()
    this.writePlace(at)
    // What cannot be assigned to is said before the value is looked at.
    for (const each of within(target)) {
      if (each.typename === "AttributeTarget") this._emitLine(`rt.assignable(${frame.symbols.ref(each.name)});`)
    }
    this.write(frame, `const ${result}=`, value, ";\n")
    this.assign(target, result, frame)
  }

  compileSetBlock({ target, filter, body, at }: SetBlock, frame: Frame): void {
    const inner: Frame = { ...innerFrame(frame), checksExtends: false, buffered: true }
    analyze(inner.symbols, [...body, ...(filter === null ? [] : children(filter))])
    const result = this._tmpid()
    this._emitLine(`let ${result};{`)
    this.enter(inner)
    const buffer = this.buffered(() => this.writeBody(body, inner))
    this.writePlace(at)
    this.inBuffer(buffer, () => this.write(inner, `${result}=c.asBlock(`, filter ?? buffer, ");}\n"))
    this.assign(target, result, frame)
  }

  compileFilterBlock({ filter, body, at }: FilterBlock, frame: Frame): void {
    const inner: Frame = { ...innerFrame(frame), buffered: true }
    analyze(inner.symbols, [...body, filter])
    this._emitLine("{")
    this.enter(inner)
    const buffer = this.buffered(() => this.writeBody(body, inner))
    const target = this.buffer
    this.writePlace(at)
    const result = this._tmpid()
    this.inBuffer(buffer, () => this.write(inner, `const ${result}=`, filter, ";"))
    // Jinja2 puts the pieces together at the end, and only then finds one that is no text.
    this._emitLine(`if(rt.isText(${result}))${target}+=rt.textOf(${result});else late??=rt.noText(${result},at);}`)
  }

  compileWith({ assignments, body, at }: With, frame: Frame): void {
    const inner = innerFrame(frame)
    for (const [target] of assignments) this.declareTargets(target, inner.symbols)
    analyze(inner.symbols, body)
    this.writePlace(at)
    const values = assignments.map(([, value]) => {
      const result = this._tmpid()
      this.write(frame, `const ${result}=`, value, ";\n")
      return result
    })
    this._emitLine("{")
    this.enter(inner)
    this._emitLine(
      this.parametersOf(
        assignments.map(([target]) => target),
        inner
      )
    )
    for (const [at, [target]] of assignments.entries()) {
      this.assign(target, values[at] ?? "null", inner)
    }
    this.writeBody(body, inner)
    this._emitLine("}")
  }

  compileAutoescape({ value, body, at }: Autoescape, frame: Frame): void {
    const inner = innerFrame(frame)
    analyze(inner.symbols, [value, ...body])
    const before = this._tmpid()
    this._emitLine("{")
    this.enter(inner)
    this.writePlace(at)
    if (!this.early.isConstant(value)) this._emitLine('rt.refuse("autoescape by what is known only while rendering");')
    this._emitLine(`const ${before}=c.mode.autoescape;`)
    this.write(inner, "c.mode.autoescape=rt.truthy(", value, ");\n")
    // A loop around it may be left from within.
    this._emitLine("try{")
    this.writeBody(body, inner)
    this._emitLine(`}finally{c.mode.autoescape=${before};}}`)
  }

  compileExtends({ template, at }: Extends, frame: Frame): void {
    if (!frame.toplevel) this.fail("cannot use extend from a non top-level scope", at)
    this.#hasExtended ||= frame.rootlevel
    this.writePlace(at)
    this._emitLine('if(extended!==null)throw rt.typeError("extended multiple times");')
    this.write(frame, "extended=c.extend(", template, ");\n")
  }

  compileInclude({ template, ignoreMissing, withContext, at }: Include, frame: Frame): void {
    if (!withContext && frame.buffered) {
      const failure = unsupported("an include without context in a macro, a captured block or a recursive loop")
      failure.place(at)
      throw failure
    }
    this.writePlace(at)
    const locals = withContext ? this.locals(frame) : "null"
    this.write(frame, `${this.buffer}+=c.include(`, template, `,${ignoreMissing},${locals});\n`)
  }

  compileImport({ template, target, withContext, at }: Import, frame: Frame): void {
    const variable = frame.symbols.ref(target)
    this.writePlace(at)
    this.write(frame, `${variable}=c.module(`, template, `,${withContext ? this.locals(frame) : "null"});\n`)
    if (frame.toplevel) this._emitLine(`c.setHidden(${JSON.stringify(target)},${variable});`)
  }

  compileFromImport({ template, names, withContext, at }: FromImport, frame: Frame): void {
    const module = this._tmpid()
    this.writePlace(at)
    this.write(frame, `const ${module}=c.module(`, template, `,${withContext ? this.locals(frame) : "null"});\n`)
    for (const [name, alias] of names) {
      const variable = frame.symbols.ref(alias)
      this._emitLine(`${variable}=rt.exported(${module},${JSON.stringify(name)},${lineOf(at)});`)
      if (frame.toplevel) this._emitLine(`c.setHidden(${JSON.stringify(alias)},${variable});`)
    }
  }

  /** The names that are assigned to around here, for templates that are included. */
  protected locals({ symbols }: Frame): string {
    return `[${[...symbols.stores()].map(([name, variable]) => `[${JSON.stringify(name)},${variable}]`).join(",")}]`
  }

  /** Makes what a target assigns to parameters of the scope. */
  protected declareTargets(target: Target, symbols: Symbols): void {
    if (target.typename === "NameTarget") symbols.parameter(target.name)
    else if (target.typename === "TupleTarget") for (const item of target.items) this.declareTargets(item, symbols)
  }

  /** Declares the variables of targets that are parameters; a name may stand in several. */
  protected parametersOf(targets: ReadonlyArray<Target>, frame: Frame): string {
    const names = targets.flatMap(within).flatMap((each) => (each.typename === "NameTarget" ? [each.name] : []))
    return [...new Set(names)].map((name) => `let ${frame.symbols.ref(name)};`).join("")
  }

  /** Whether names that only some templates use are read in these nodes. */
  protected uses(body: Body, name: string): boolean {
    return undeclared(body, [name]).has(name)
  }

  // A filter without a target takes the text in the buffer.
  private inBuffer(buffer: string, write: () => void): void {
    const before = this.buffer
    this.buffer = buffer
    write()
    this.buffer = before
  }

  private writeBranch(start: string, test: Expr, body: Body, frame: Frame): void {
    this._emit(start)
    this.writeCondition(frame, test)
    this._emitLine("){")
    this.writeBody(body, frame)
    this._emitLine("}")
  }
}

const within = (target: Target): ReadonlyArray<Target> =>
  target.typename === "TupleTarget" ? target.items.flatMap(within) : [target]
