import { Context } from "./Context.ts"
import { Failure } from "./Failure.ts"
import { GLOBALS } from "./Globals.ts"
import type { Names } from "./Names.ts"
import type { Programs, Source } from "./Programs.ts"
import { Rendering } from "./Rendering.ts"

/** Everything that one rendering needs. */
export interface Job {
  /** Path of the template to render. */
  readonly path: string
  readonly find: (path: string) => Source | undefined
  /** The names of the context: values of this rendering alone. */
  readonly values: Names
  /** The password of a user on a host. */
  readonly password: (username: string, host: string) => string
}

/**
 * The text of a template. Synchronous, and without any state but the compiled templates.
 *
 * @throws Failure, with the template and line in which it happened
 */
export const render = (job: Job, programs: Programs): string => {
  const load = (path: string) => {
    const found = job.find(path)
    if (found === undefined) return undefined
    try {
      return programs.get(found)
    } catch (error) {
      if (error instanceof Failure) error.template ??= path
      throw error
    }
  }
  const rendering = new Rendering({ load, globals: GLOBALS, password: job.password })
  const program = rendering.load(job.path)
  const context = Context.of(rendering, job.path, program, job.values)
  return rendering.within(job.path, () => program.render(context))
}
