import { Option, Result, Schema } from "effect"

interface Named {
  readonly name: string
}

interface Link extends Named {
  readonly cluster: string
  readonly user: string
  readonly namespace?: string
}

/** One kubeconfig file, as read. */
export interface Part<C extends Named, U extends Named, X extends Link> {
  readonly file: string
  readonly clusters: ReadonlyArray<C>
  readonly users: ReadonlyArray<U>
  readonly contexts: ReadonlyArray<X>
  readonly currentContext: string | undefined
}

/** The cluster, user and context that the current context names. */
export interface Chosen<C, U, X> {
  readonly cluster: C
  readonly user: U
  readonly context: X
}

/**
 * What several kubeconfig files say together, by kubectl's rule: the first file that sets a value wins
 * ("Organizing Cluster Access Using kubeconfig Files", Kubernetes documentation).
 *
 *   the files have              | result
 *   ----------------------------+-----------------------------------------------
 *   no current-context          | error
 *   a current-context, and its context, cluster or user
 *     missing                   | error that names it
 *     once                      | that one
 *     in several files          | the one of the first file
 */
export const choose = <C extends Named, U extends Named, X extends Link>(
  parts: ReadonlyArray<Part<C, U, X>>
): Result.Result<Chosen<C, U, X>, string> =>
  Result.gen(function* () {
    const files = parts.map(({ file }) => file).join(", ")
    const missing = (what: string) => () => `${files}: ${what}`
    const wanted = parts.map(({ currentContext }) => currentContext).find((name) => name !== undefined && name !== "")
    const name = yield* Result.fromNullishOr(wanted, missing("no current-context is set"))
    const context = yield* Result.fromNullishOr(
      first(parts, ({ contexts }) => contexts, name),
      missing(`the current-context "${name}" is not in it`)
    )
    const cluster = yield* Result.fromNullishOr(
      first(parts, ({ clusters }) => clusters, context.cluster),
      missing(`context "${name}" names cluster "${context.cluster}", which is not in it`)
    )
    const user = yield* Result.fromNullishOr(
      first(parts, ({ users }) => users, context.user),
      missing(`context "${name}" names user "${context.user}", which is not in it`)
    )
    return { cluster, user, context }
  })

const first = <P, N extends Named>(
  parts: ReadonlyArray<P>,
  of: (part: P) => ReadonlyArray<N>,
  name: string
): N | undefined => parts.flatMap(of).find((item) => item.name === name)

const WithTokenFiles = Schema.Struct({
  users: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        name: Schema.String,
        user: Schema.optionalKey(
          Schema.NullOr(Schema.Struct({ tokenFile: Schema.optionalKey(Schema.NullOr(Schema.String)) }))
        )
      })
    )
  )
})
const decodeTokenFiles = Schema.decodeUnknownOption(WithTokenFiles)

/** `tokenFile` by user name: a field of kubeconfig that the library does not know. */
export const tokenFiles = (document: unknown): ReadonlyMap<string, string> => {
  const files = new Map<string, string>()
  for (const { name, user } of Option.getOrUndefined(decodeTokenFiles(document))?.users ?? []) {
    if (typeof user?.tokenFile === "string" && user.tokenFile !== "") files.set(name, user.tokenFile)
  }
  return files
}
