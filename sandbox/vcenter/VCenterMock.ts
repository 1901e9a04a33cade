import { Effect, Fiber, type Layer } from "effect"
import type { Target } from "../../src/domain/Target.ts"
import { VCenter } from "../../src/services/VCenter.ts"
import type { Vim } from "../../src/services/vim/Vim.ts"
import { reasonOf, VimError } from "../../src/services/vim/VimError.ts"
import type { Fault } from "./Fault.ts"
import { answer } from "./Methods.ts"
import { fromSoap, toSoap } from "./SoapShape.ts"
import type { VCenterModel } from "./VCenterModel.ts"

/**
 * `VCenter` without sockets: the operator's own conversation, held with models in memory. Time is the Clock's, so that
 * it runs under TestClock.
 */
export const layer = (models: ReadonlyMap<string, VCenterModel>): Layer.Layer<VCenter> =>
  VCenter.layerOver(connect(models))

/** The way to the models, by name; a name without a model does not resolve. */
export const connect =
  (models: ReadonlyMap<string, VCenterModel>) =>
  ({ fqdn }: Target): Effect.Effect<Vim, VimError> => {
    const model = models.get(fqdn)
    return model === undefined
      ? Effect.fail(new VimError({ reason: "Unreachable", detail: `getaddrinfo ENOTFOUND ${fqdn}` }))
      : Effect.sync(() => conversation(fqdn, model))
  }

const conversation = (fqdn: string, model: VCenterModel): Vim => {
  let session: string | undefined
  const talk: Vim["call"] = Effect.fnUntraced(function* (method, args) {
    if (!model.connected) return yield* cutOff()
    if (method === "Login") session = undefined
    // The server goes on with a call that its client has given up.
    const fiber = yield* Effect.forkDetach(answer(model, { body: fromSoap(method, args), session }), {
      startImmediately: true
    })
    const { returnval, opened } = yield* Fiber.join(fiber).pipe(
      Effect.mapError((fault) => failure(method, fault)),
      Effect.raceFirst(disconnection(model))
    )
    session = opened ?? session
    return returnval === undefined ? undefined : toSoap(returnval)
  })
  return { fqdn, call: talk }
}

const cutOff = (): VimError => new VimError({ reason: "Unreachable", detail: "the simulated vCenter is disconnected" })

const disconnection = (model: VCenterModel): Effect.Effect<never, VimError> =>
  Effect.callback((resume) => {
    const stop = model.onConnection((connected) => connected || resume(cutOff()))
    return Effect.sync(stop)
  })

const failure = (method: string, { name, text, detail }: Fault): VimError => {
  const object = detail.find((each) => each.name === "obj")?.text
  return new VimError({
    reason: reasonOf(name),
    detail: method === "Login" ? `Login failed with ${name}` : `${method} failed with ${name}: ${text}`,
    fault: { name, text, object }
  })
}
