import type { KubeObject } from "../../src/services/Kube.ts"
import type { Kind } from "./Kinds.ts"
import type { Owned } from "./write.ts"

/** An object as it lies in the store: who owns its fields is kept apart. */
export interface Stored extends Owned {
  readonly kind: Kind
}

/** A change as watches see it. */
export interface Change {
  readonly version: number
  readonly kind: Kind
  readonly before: KubeObject | undefined
  /** Of a deleted object: its last state, with the version of the deletion. */
  readonly object: KubeObject
  readonly deleted: boolean
}

/** Changes that a watch may still ask for. */
const HISTORY = 1000

/** What etcd is to a cluster: objects, one counter of versions for all, and the recent history. */
export class Store {
  #version = 1
  /** The oldest version from which a watch may go on. */
  #oldest = 1
  #history: Array<Change> = []
  readonly #objects = new Map<string, Stored>()
  readonly #readers = new Set<(change: Change) => void>()

  get version(): number {
    return this.#version
  }

  get(key: string): Stored | undefined {
    return this.#objects.get(key)
  }

  all(): ReadonlyArray<Stored> {
    return [...this.#objects.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, stored]) => stored)
  }

  /** Stores the object under the next version, which it gets as its resourceVersion. */
  put(key: string, stored: Stored, show: (stored: Stored) => KubeObject): Stored {
    const before = this.#objects.get(key)
    this.#version++
    const written = { ...stored, object: versioned(stored.object, this.#version) }
    this.#objects.set(key, written)
    this.#tell({
      version: this.#version,
      kind: stored.kind,
      before: before === undefined ? undefined : show(before),
      object: show(written),
      deleted: false
    })
    return written
  }

  delete(key: string, show: (stored: Stored) => KubeObject): void {
    const stored = this.#objects.get(key)
    if (stored === undefined) return
    this.#objects.delete(key)
    this.#version++
    const object = versioned(show(stored), this.#version)
    this.#tell({ version: this.#version, kind: stored.kind, before: show(stored), object, deleted: true })
  }

  /** Changes after a version, then every later one; undefined when that version is too old. */
  read(after: number, onChange: (change: Change) => void): (() => void) | undefined {
    if (after < this.#oldest) return undefined
    for (const change of this.#history) if (change.version > after) onChange(change)
    this.#readers.add(onChange)
    return () => this.#readers.delete(onChange)
  }

  /** Forgets the history: no watch and no list can go on from before. */
  compact(): void {
    // Even the newest version read so far is lost, as when other objects of the cluster change all the time.
    this.#version++
    this.#oldest = this.#version
    this.#history = []
  }

  #tell(change: Change): void {
    this.#history.push(change)
    if (this.#history.length > HISTORY) this.#oldest = this.#history.shift()?.version ?? this.#oldest
    for (const reader of this.#readers) reader(change)
  }
}

const versioned = (object: KubeObject, version: number): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: `${version}` }
})
