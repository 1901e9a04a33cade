import { Effect, Layer, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { SCOPES } from "./domain/Template.ts"
import { DigestKey } from "./services/DigestKey.ts"
import { Kinds } from "./services/Kinds.ts"
import { Passwords } from "./services/Passwords.ts"
import { Renderer } from "./services/Renderer.ts"
import { renderFiles } from "./streams/renderFiles.ts"

const OPTIONS = {
  files: Argument.String("FILE").pipe(
    Argument.withDescription("YAML with VCenterTemplates (several documents, a List); - reads the standard input"),
    Argument.variadic({ min: 1 })
  ),
  facts: Flag.String("facts").pipe(
    Flag.withDescription("What to render from (docs/facts.md); a sample vCenter when left out"),
    Flag.optional
  ),
  scope: Flag.Literals("scope", SCOPES).pipe(Flag.withDescription("Only the templates of this scope"), Flag.optional),
  only: Flag.String("only").pipe(
    Flag.withDescription("Only this template, or only for this cluster, datacenter or vCenter"),
    Flag.optional
  ),
  check: Flag.Boolean("check").pipe(
    Flag.withDescription("Show problems and no manifests; an undefined value that is used counts as one"),
    Flag.withDefault(false)
  ),
  output: Flag.Literals("output", ["yaml", "ndjson"]).pipe(
    Flag.withDescription("YAML documents, or one JSON object a line"),
    Flag.withDefault("yaml")
  )
}

/** What rendering needs when there is no cluster. No digest is shown, so their key is no secret. */
const OFFLINE = Layer.mergeAll(
  Renderer.layer.pipe(Layer.provideMerge(Passwords.layer)),
  Kinds.builtIn,
  Layer.succeed(DigestKey, new Uint8Array(32))
)

/** `render`: templates from files, for their authors; neither cluster, vCenter nor network is asked. */
export const renderCommand = Command.make("render", OPTIONS, ({ facts, only, scope, ...rest }) =>
  renderFiles({
    ...rest,
    facts: Option.getOrUndefined(facts),
    only: Option.getOrUndefined(only),
    scope: Option.getOrUndefined(scope)
  }).pipe(Effect.provide(OFFLINE))
).pipe(Command.withDescription("Renders VCenterTemplates from files and shows the manifests, or what is wrong"))
