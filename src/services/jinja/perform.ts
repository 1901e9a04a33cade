import { isFailure } from "effect/Result"
import type { Json } from "../../domain/Manifest.ts"
import { parse } from "../Yaml.ts"
import { render } from "./Engine.ts"
import { Failure, limitExceeded } from "./Failure.ts"
import { GivenNames } from "./Names.ts"
import type { Programs } from "./Programs.ts"
import { type Answer, type Lacking, type Problem, passwordKey, type Task } from "./Task.ts"
import { strictly } from "./values/Undefined.ts"

/** How deep the documents of a template may be nested: what reads them later goes down level by level. */
export const MAX_NESTING = 100

/** Longer details are cut: a name of a template's may be as long as a template. */
const MAX_DETAIL = 1000

/**
 * Renders one template, in this thread. A defect of the renderer is that template's failure: the others go on.
 *
 * @param programs the compiled templates, kept from one task to the next
 */
export const perform = (task: Task, programs: Programs): Answer => {
  const lacking = new Map<string, Lacking>()
  try {
    const text = strictly(task.strict, () => rendered(task, programs, lacking))
    if (lacking.size > 0) return { _tag: "Lacking", passwords: [...lacking.values()] }
    return task.wants === "text" ? { _tag: "Text", text } : { _tag: "Documents", documents: documentsOf(text) }
  } catch (error) {
    // What failed without the passwords may not fail with them.
    if (lacking.size > 0) return { _tag: "Lacking", passwords: [...lacking.values()] }
    return { _tag: "Failed", problem: problemOf(error, task.path) }
  }
}

const rendered = (task: Task, programs: Programs, lacking: Map<string, Lacking>): string =>
  render(
    {
      path: task.path,
      find: (path) => (path === task.path ? task.template : task.library.get(path)),
      values: new GivenNames(task.context),
      password: (username, host) => {
        const key = passwordKey({ username, host })
        const password = task.passwords.get(key)
        if (password === undefined) lacking.set(key, { username, host })
        return password ?? ""
      }
    },
    programs
  )

const documentsOf = (text: string): ReadonlyArray<Json> => {
  const read = parse(text)
  if (isFailure(read)) {
    const { line, detail } = read.failure
    throw new Failure("yaml", `the rendered text is no YAML, line ${line}: ${detail}`)
  }
  if (isDeep(read.success, MAX_NESTING)) throw limitExceeded(`a document of more than ${MAX_NESTING} levels`)
  return read.success
}

const isDeep = (value: Json | ReadonlyArray<Json>, levels: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels < 0 || Object.values(value).some((member) => isDeep(member, levels - 1)))

const problemOf = (error: unknown, path: string): Problem => {
  if (error instanceof RangeError) return problemOf(limitExceeded(`too deep or too large: ${error.message}`), path)
  if (!(error instanceof Failure)) {
    const detail = `the renderer failed: ${error instanceof Error ? error.message : "no reason given"}`
    return { kind: "type", template: path, detail: detail.slice(0, MAX_DETAIL) }
  }
  const { kind, detail, line, column, template = path } = error
  return {
    kind,
    template,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    detail: detail.slice(0, MAX_DETAIL)
  }
}
