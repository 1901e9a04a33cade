import { randomUUID } from "node:crypto"
import { Effect } from "effect"
import { Collector } from "./Collector.ts"
import { fault, notFound } from "./Fault.ts"
import type { View } from "./FilterSpec.ts"
import { ManagedObjects } from "./ManagedObjects.ts"

/** One login: what the client has made on the server, by reference. */
export interface ServerSession {
  readonly key: string
  readonly views: Map<string, View>
  readonly collectors: Map<string, Collector>
}

/** The reference of the collector that every session has from the start. */
export const DEFAULT_COLLECTOR = "propertyCollector"

/**
 * One simulated vCenter: what it manages, who is logged in, and how it behaves. `VCenterServer` shows it over SOAP,
 * `VCenterMock` without sockets; the levers are the same.
 */
export class VCenterModel extends ManagedObjects {
  /** `about.instanceUuid`. */
  instanceUuid: string
  version = "8.0.3"
  build = "24022515"
  /** Who may log in; `undefined`: everybody. */
  credentials: { readonly username: string; readonly password: string } | undefined
  /** Objects in one page of changes. */
  pageSize = 100
  /** Added to every call. */
  delayMillis = 0
  /** What RetrievePropertiesEx does without a session: vCenter has been seen doing both. */
  unauthenticated: "fault" | "missingSet" = "fault"

  /** Calls so far, by method. */
  readonly calls = new Map<string, number>()
  logins = 0
  rejectedLogins = 0
  logouts = 0

  readonly #sessions = new Map<string, ServerSession>()
  readonly #faults = new Map<string, Array<string | undefined>>()
  readonly #refused = new Map<string, string>()
  readonly #hanging = new Set<string>()
  readonly #held = new Set<() => void>()
  readonly #watchers = new Set<(connected: boolean) => void>()
  #connected = true

  constructor(instanceUuid: string = randomUUID()) {
    super()
    this.instanceUuid = instanceUuid
  }

  get openSessions(): number {
    return this.#sessions.size
  }

  get callCount(): number {
    return [...this.calls.values()].reduce((sum, count) => sum + count, 0)
  }

  resetCalls(): void {
    this.calls.clear()
  }

  /** The next call of a method raises a fault, or none where the name is left out; several queue up. */
  failNext(method: string, name: string | undefined): void {
    this.#faults.set(method, [...(this.#faults.get(method) ?? []), name])
  }

  /** Every call of a method raises a fault, until `allow`. */
  refuse(method: string, name: string): void {
    this.#refused.set(method, name)
  }

  allow(method: string): void {
    this.#refused.delete(method)
  }

  /** Calls (of one method, or of all) are taken and not answered, until `resume`. */
  hang(method = "*"): void {
    this.#hanging.add(method)
  }

  resume(): void {
    this.#hanging.clear()
    for (const release of [...this.#held]) release()
    this.#held.clear()
  }

  get connected(): boolean {
    return this.#connected
  }

  /** Cuts all connections and takes no new ones, until `reconnect`. */
  disconnect(): void {
    this.#connect(false)
  }

  reconnect(): void {
    this.#connect(true)
  }

  /** Calls the watcher when connections are cut, and when they are possible again; gives the way to stop. */
  onConnection(watcher: (connected: boolean) => void): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  #connect(connected: boolean): void {
    if (this.#connected === connected) return
    this.#connected = connected
    for (const watcher of [...this.#watchers]) watcher(connected)
  }

  /** All sessions end, as after idling too long or by an administrator. */
  endSessions(): void {
    for (const { key } of [...this.#sessions.values()]) this.closeSession(key)
  }

  /** Versions given out so far are not known any more: InvalidCollectorVersion. */
  invalidateVersions(): void {
    for (const { collectors } of this.#sessions.values()) for (const each of collectors.values()) each.forgetVersions()
  }

  /** Collectors that clients have made are gone: ManagedObjectNotFound. */
  forgetCollectors(): void {
    for (const { collectors } of this.#sessions.values()) {
      for (const [ref, collector] of collectors) {
        if (ref === DEFAULT_COLLECTOR) continue
        collectors.delete(ref)
        collector.destroy(notFound("PropertyCollector", ref))
      }
    }
  }

  /** Counts a call, holds it while the vCenter hangs, delays it, and raises the fault that was ordered for it. */
  arrive(method: string) {
    return Effect.suspend(() => {
      this.calls.set(method, (this.calls.get(method) ?? 0) + 1)
      return Effect.callback<void>((resume) => {
        if (!this.#hanging.has(method) && !this.#hanging.has("*")) return resume(Effect.void)
        this.#held.add(() => resume(Effect.void))
      })
    }).pipe(
      Effect.andThen(Effect.suspend(() => Effect.sleep(this.delayMillis))),
      Effect.andThen(
        Effect.suspend(() => {
          const name = this.#faults.get(method)?.shift() ?? this.#refused.get(method)
          return name === undefined ? Effect.void : Effect.fail(fault(name))
        })
      )
    )
  }

  session(key: string | undefined): ServerSession | undefined {
    return key === undefined ? undefined : this.#sessions.get(key)
  }

  /** A session whose key is the value of its cookie. */
  openSession(): ServerSession {
    this.logins++
    const views = new Map<string, View>()
    const session = { key: randomUUID(), views, collectors: new Map<string, Collector>() }
    this.#sessions.set(session.key, session)
    this.addCollector(session, DEFAULT_COLLECTOR)
    return session
  }

  addCollector({ views, collectors }: ServerSession, ref: string): void {
    collectors.set(ref, new Collector({ objects: this, views }, () => this.pageSize))
  }

  closeSession(key: string): void {
    const session = this.#sessions.get(key)
    this.#sessions.delete(key)
    for (const collector of session?.collectors.values() ?? []) collector.destroy(fault("NotAuthenticated"))
  }
}
