import { Clock, DateTime, Duration, Effect, type Result } from "effect"
import { KubeError } from "../../src/services/Kube.ts"
import type { Failure } from "../../src/services/kube/Failure.ts"
import { labelOf } from "../../src/services/kube/Request.ts"
import { type Asked, Faults } from "./Faults.ts"
import { Server } from "./Server.ts"
import { Watches } from "./Watches.ts"

const CUT: Failure = { reason: "Unreachable", detail: "connect ECONNREFUSED (the sandbox is disconnected)" }

/** The server behind a network that can be slow, cut, or made to fail. */
export class Backend {
  readonly server = new Server()
  readonly watches = new Watches()
  readonly faults = new Faults()
  readonly log: Array<Asked> = []
  latency = Duration.zero
  #connected = true

  connect(): void {
    this.#connected = true
  }

  disconnect(): void {
    this.#connected = false
    this.watches.fail(CUT)
  }

  /** Performs what is asked, at the time given, and late, failed or never as the levers say. */
  request<A>(asked: Asked, perform: (time: string) => Result.Result<A, Failure>): Effect.Effect<A, KubeError> {
    const half = Effect.suspend(() =>
      Duration.isZero(this.latency) ? Effect.void : Effect.sleep(Duration.times(this.latency, 0.5))
    )
    const fail = ({ reason, detail, retryAfter }: Failure) =>
      new KubeError({
        request: labelOf(asked.dryRun ? `dry-run ${asked.verb}` : asked.verb, asked),
        reason,
        detail,
        ...(retryAfter === undefined ? {} : { retryAfter })
      })
    return Effect.gen({ self: this }, function* () {
      this.log.push(asked)
      yield* half
      if (!this.#connected) return yield* fail(CUT)
      const fault = this.faults.take(asked)
      if (fault !== undefined && !fault.afterEffect) return yield* fail(fault)
      const result = perform(yield* now)
      yield* half
      if (fault !== undefined) return yield* fail(fault)
      return yield* Effect.mapError(Effect.fromResult(result), fail)
    })
  }
}

/** As the server writes times: RFC 3339, whole seconds. */
export const now: Effect.Effect<string> = Effect.map(Clock.currentTimeMillis, (millis) =>
  DateTime.formatIso(DateTime.makeUnsafe(Math.floor(millis / 1000) * 1000)).replace(".000Z", "Z")
)
