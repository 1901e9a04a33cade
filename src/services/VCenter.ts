import { Context, Effect, Layer, Schema, type Scope, Stream } from "effect"
import type { Inventory, Presence } from "../domain/Inventory.ts"
import type { Snapshot } from "../domain/Snapshot.ts"
import type { Target } from "../domain/Target.ts"
import * as VimSession from "./vim/Session.ts"
import * as Soap from "./vim/Soap.ts"
import type { Vim } from "./vim/Vim.ts"
import { VCenterReason, type VimError } from "./vim/VimError.ts"

/** One logged-in session. It ends (logout) with its scope. */
export interface Session {
  readonly instanceUuid: string
  /** `about.version` and build, for the status. */
  readonly version: string
  /**
   * The inventory, complete with all its pages, then again after every change. `Partial` when the server reports
   * missing permissions. Fails when the session is lost; it never ends by itself. One reader at a time.
   */
  readonly inventories: Stream.Stream<Snapshot<Inventory>, VCenterError>
  /** Asks for one object, for example a cluster that left the inventory. `type` is its vSphere type. */
  readonly presence: (
    type: "ClusterComputeResource" | "Datacenter",
    ref: string
  ) => Effect.Effect<Presence, VCenterError>
}

/** A failed conversation with a vCenter. Never holds the password or the session. */
export class VCenterError extends Schema.TaggedError<VCenterError>()("VCenterError", {
  reason: VCenterReason,
  vcenter: Schema.String,
  detail: Schema.String
}) {
  override get message(): string {
    return `${this.vcenter}: ${this.detail}`
  }
}

/** Sessions with vCenters over SOAP (vSphere Web Services API, `vim25`). */
export class VCenter extends Context.Service<
  VCenter,
  {
    /** Logs in. The password is tried once: retries are the caller's. */
    readonly open: (target: Target) => Effect.Effect<Session, VCenterError, Scope.Scope>
  }
>()("vcenter-operator/services/VCenter") {
  /** Over a way to call a vCenter's methods: what the two layers differ in. */
  static readonly layerOver = (
    connect: (target: Target) => Effect.Effect<Vim, VimError, Scope.Scope>
  ): Layer.Layer<VCenter> =>
    Layer.succeed(VCenter, {
      open: Effect.fn("VCenter.open")(function* (target: Target) {
        const named = ({ reason, detail }: VimError) => new VCenterError({ reason, detail, vcenter: target.fqdn })
        const session = yield* Effect.mapError(
          Effect.flatMap(connect(target), (vim) => VimSession.open(vim, target)),
          named
        )
        return {
          instanceUuid: session.instanceUuid,
          version: session.version,
          inventories: Stream.mapError(session.inventories, named),
          presence: (type, ref) => Effect.mapError(session.presence(type, ref), named)
        } satisfies Session
      })
    })

  /** SOAP over TLS. */
  static readonly layer = VCenter.layerOver(Soap.connect)
}
