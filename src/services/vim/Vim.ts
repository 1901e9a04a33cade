import { Duration, Effect, type Schema, SchemaIssue, SchemaParser } from "effect"
import { VimError } from "./VimError.ts"

/** The methods of the vSphere Web Services API that are used; all of them are in `vim25.wsdl`. */
export type Method =
  | "RetrieveServiceContent"
  | "Login"
  | "Logout"
  | "CreatePropertyCollector"
  | "DestroyPropertyCollector"
  | "CreateContainerView"
  | "DestroyView"
  | "CreateFilter"
  | "DestroyPropertyFilter"
  | "WaitForUpdatesEx"
  | "CancelWaitForUpdates"
  | "RetrievePropertiesEx"
  | "CancelRetrievePropertiesEx"

/** A way to call a vCenter's methods, with the session's cookie. */
export interface Vim {
  readonly fqdn: string
  /**
   * One call, without a deadline. Gives `returnval` as the soap package reads XML (elements as keys, attributes under
   * `attributes`, text beside attributes under `$value`), `undefined` where there is none. `Login` is sent without a
   * cookie: vCenter answers InvalidLogin to one that comes with a live session.
   */
  readonly call: (method: Method, args: object) => Effect.Effect<unknown, VimError>
}

/** How long any call may take that does not wait for changes. */
export const CALL_DEADLINE = Duration.seconds(30)

/** One call with a deadline, its answer decoded: an answer of another shape is `BadAnswer`. */
export const ask = <A>(
  vim: Vim,
  method: Method,
  args: object,
  answer: Schema.ConstraintDecoder<A>,
  deadline: Duration.Duration = CALL_DEADLINE
): Effect.Effect<A, VimError> => {
  const decode = SchemaParser.decodeUnknownEffect(answer)
  return vim.call(method, args).pipe(
    Effect.timeoutOrElse({
      duration: deadline,
      orElse: () =>
        new VimError({ reason: "Timeout", detail: `no answer to ${method} in ${Duration.format(deadline)}` })
    }),
    Effect.flatMap((value) =>
      Effect.mapError(
        decode(value),
        (issue) =>
          new VimError({
            reason: "BadAnswer",
            detail: `the answer to ${method} is not as promised at ${whereIn(issue)}`
          })
      )
    )
  )
}

const format = SchemaIssue.makeFormatterStandardSchemaV1()

// The place alone: a value may be anything, a secret that the server was told included.
const whereIn = (issue: SchemaIssue.Issue): string =>
  format(issue)
    .issues.map(({ path }) => (path ?? []).map((step) => (typeof step === "object" ? step.key : step)).join("."))
    .map((path) => (path === "" ? "its top" : path))[0] ?? "its top"
