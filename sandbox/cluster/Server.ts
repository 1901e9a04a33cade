import { Option, Result } from "effect"
import { groupOf } from "../../src/domain/Manifest.ts"
import type { Patch } from "../../src/domain/Patch.ts"
import type { Collection, DeleteOptions, KubeObject, ListResult, ObjectKey } from "../../src/services/Kube.ts"
import type { Failure } from "../../src/services/kube/Failure.ts"
import { isArray, isKubeObject, stringOf } from "../../src/services/kube/Json.ts"
import { keyOf } from "../../src/services/kube/Request.ts"
import { path } from "../../src/services/kube/Resource.ts"
import { normalize, refusal } from "./Admission.ts"
import { KINDS, type Kind } from "./Kinds.ts"
import * as ManagedFields from "./ManagedFields.ts"
import { matcher } from "./matcher.ts"
import { patch } from "./patch.ts"
import { precondition } from "./precondition.ts"
import * as ServerFields from "./ServerFields.ts"
import { Store, type Stored } from "./Store.ts"
import * as Write from "./write.ts"

type Answer<A> = Result.Result<A, Failure>

/** Who writes, and when: RFC 3339 with whole seconds, as in `managedFields`. */
export interface Writing {
  readonly manager: string
  readonly time: string
  readonly dryRun: boolean
}

/** How the namespaces came about that every cluster has. */
const BEGINNING: Writing = { manager: "kube-apiserver", time: "2026-01-01T00:00:00Z", dryRun: false }

/** Where an object lies, and what lies there. */
interface Place<S> {
  readonly kind: Kind
  readonly key: string
  readonly stored: S
}

/** The verbs of an API server over one store, each done at once. */
export class Server {
  readonly store = new Store()
  readonly #kinds = new Map<string, Kind>()
  #uids = 0

  constructor() {
    for (const kind of KINDS) this.install(kind)
    for (const name of ["default", "kube-system"]) {
      this.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, BEGINNING)
    }
  }

  /** Kinds that live in a namespace, each in the version that was installed first. */
  get namespacedKinds(): ReadonlyArray<Pick<Kind, "apiVersion" | "kind">> {
    const all = [...this.#kinds.values()].filter(({ namespaced }) => namespaced)
    return [...Map.groupBy(all, ({ apiVersion, kind }) => `${groupOf(apiVersion)} ${kind}`).values()].flatMap(
      ([one]) => (one === undefined ? [] : [{ apiVersion: one.apiVersion, kind: one.kind }])
    )
  }

  kind({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): Answer<Kind> {
    return Result.fromNullishOr(this.#kinds.get(`${apiVersion} ${kind}`), () => ({
      reason: "Unserved",
      detail: `the server does not serve ${kind} in ${apiVersion}; if it is a custom resource, install its definition`
    }))
  }

  install(kind: Kind): void {
    this.#kinds.set(`${kind.apiVersion} ${kind.kind}`, kind)
  }

  /** Its objects go with it, as when a definition is deleted. */
  uninstall(apiVersion: string, kind: string): void {
    for (const { object } of this.store.all()) {
      if (object.apiVersion === apiVersion && object.kind === kind) this.#drop(keyOf(object))
    }
    this.#kinds.delete(`${apiVersion} ${kind}`)
  }

  get(key: ObjectKey): Answer<Option.Option<KubeObject>> {
    return Result.map(this.#locate(key), ({ stored }) => Option.map(Option.fromNullishOr(stored), show))
  }

  list(collection: Collection): Answer<ListResult> {
    return Result.gen(this, function* () {
      const kind = yield* this.kind(collection)
      yield* path(kind, { namespace: collection.namespace })
      const matches = matcher(kind, collection)
      const items = this.store
        .all()
        .filter(({ object }) => matches(object))
        .map(show)
      return { items, resourceVersion: `${this.store.version}` }
    })
  }

  apply(object: KubeObject, force: boolean, writing: Writing): Answer<KubeObject> {
    return Result.gen(this, function* () {
      const place = yield* this.#locate(keyOf(object))
      const { kind, stored } = place
      yield* this.#mayCreate(kind, object, stored)
      if (object.metadata.managedFields !== undefined) {
        return yield* refuse("Rejected", "metadata.managedFields must be nil")
      }
      yield* precondition(object, stored)
      const config = ServerFields.without(kind, object)
      const options = { kind, force, time: writing.time }
      const next = yield* Write.apply(
        stored ?? Write.nothing(config),
        config,
        writerOf(writing, object, "Apply"),
        options
      )
      return yield* this.#commit(place, next, writing)
    })
  }

  create(object: KubeObject, writing: Writing): Answer<KubeObject> {
    return Result.gen(this, function* () {
      const place = yield* this.#locate(keyOf(object))
      const { kind, stored } = place
      if (stored !== undefined) {
        return yield* refuse("Conflict", `${kind.plural} "${object.metadata.name}" already exists`)
      }
      yield* this.#mayCreate(kind, object, stored)
      if (object.metadata.resourceVersion !== undefined) {
        return yield* refuse("Rejected", "resourceVersion should not be set on objects to be created")
      }
      const made = normalize(ServerFields.without(kind, object))
      return yield* this.#replace({ ...place, stored: Write.nothing(made) }, made, writing, "")
    })
  }

  /** PUT: status is left as it was where it is a subresource. */
  update(object: KubeObject, writing: Writing): Answer<KubeObject> {
    return Result.gen(this, function* () {
      const place = yield* this.#existing(object)
      const { kind, stored } = place
      const status = kind.status ? ServerFields.statusOf(stored.object) : {}
      return yield* this.#replace(place, normalize({ ...ServerFields.without(kind, object), ...status }), writing, "")
    })
  }

  /**
   * JSON patch. `managedFields` that it writes are taken as they are (apimachinery, `fieldmanager.Update`), as long as
   * they leave any.
   */
  patch(key: ObjectKey, { resourceVersion, operations }: Patch, writing: Writing): Answer<KubeObject> {
    return Result.gen(this, function* () {
      const { kind, key: at, stored } = yield* this.#locate(key)
      if (stored === undefined) return yield* refuse("NotFound", `${kind.plural} "${key.name}" not found`)
      const patched = patch(show(stored), operations)
      if (!isKubeObject(patched)) return yield* refuse("Rejected", "the patch does not fit the object")
      yield* precondition({ ...patched, metadata: { ...patched.metadata, resourceVersion } }, stored)
      const managers = ManagedFields.read(patched)
      const live = { ...stored, managers: managers.length === 0 ? stored.managers : managers }
      const status = kind.status ? ServerFields.statusOf(stored.object) : {}
      const next = normalize({ ...ServerFields.without(kind, patched), ...status })
      return yield* this.#replace({ kind, key: at, stored: live }, next, writing, "")
    })
  }

  /** PUT of the status subresource: everything but status is left as it was. */
  replaceStatus(object: KubeObject, writing: Writing): Answer<KubeObject> {
    return Result.gen(this, function* () {
      const place = yield* this.#existing(object)
      const { kind, stored } = place
      if (!kind.status) return yield* refuse("Unserved", "the server could not find the requested resource")
      if (!kind.builtIn && object.metadata.resourceVersion === undefined) {
        return yield* refuse("Rejected", "metadata.resourceVersion: Invalid value: must be specified for an update")
      }
      const next = normalize({ ...ServerFields.withoutStatus(stored.object), ...ServerFields.statusOf(object) })
      return yield* this.#replace(place, next, writing, "status")
    })
  }

  /** @returns false when there was nothing to delete */
  delete(key: ObjectKey, { uid, resourceVersion, dryRun }: DeleteOptions, time: string): Answer<boolean> {
    return Result.gen(this, function* () {
      const { kind, key: place, stored } = yield* this.#locate(key)
      if (stored === undefined) return false
      const { metadata } = stored.object
      for (const [what, wanted] of [
        ["uid", uid],
        ["resourceVersion", resourceVersion]
      ] as const) {
        if (wanted !== undefined && wanted !== metadata[what]) {
          return yield* refuse(
            "Conflict",
            `Precondition failed: ${what} in precondition: ${wanted}, in object meta: ${stringOf(metadata[what])}`
          )
        }
      }
      if (dryRun) return true
      if (isHeld(stored.object)) {
        if (metadata.deletionTimestamp === undefined) {
          this.store.put(
            place,
            { ...stored, object: { ...stored.object, metadata: { ...metadata, deletionTimestamp: time } } },
            show
          )
        }
        return true
      }
      if (kind.kind === "Namespace" && kind.builtIn) this.#empty(key.name)
      this.#drop(key)
      return true
    })
  }

  /** Without preconditions and finalizers. */
  #drop(key: ObjectKey): void {
    const located = this.#locate(key)
    if (Result.isSuccess(located)) this.store.delete(located.success.key, show)
  }

  #empty(namespace: string): void {
    for (const { object } of this.store.all()) if (object.metadata.namespace === namespace) this.#drop(keyOf(object))
  }

  #locate(key: ObjectKey): Answer<Place<Stored | undefined>> {
    return Result.gen(this, function* () {
      const kind = yield* this.kind(key)
      const place = yield* path(kind, { namespace: key.namespace, name: key.name })
      return { kind, key: place, stored: this.store.get(place) }
    })
  }

  #existing(object: KubeObject): Answer<Place<Stored>> {
    return Result.gen(this, function* () {
      const { kind, key, stored } = yield* this.#locate(keyOf(object))
      if (stored === undefined) return yield* refuse("NotFound", `${kind.plural} "${object.metadata.name}" not found`)
      yield* precondition(object, stored)
      return { kind, key, stored }
    })
  }

  #mayCreate(kind: Kind, { metadata }: KubeObject, stored: Stored | undefined): Answer<void> {
    const namespace = stringOf(metadata.namespace)
    if (stored !== undefined || !kind.namespaced || namespace === undefined) return Result.void
    const known = this.store.get(`/api/v1/namespaces/${namespace}`) !== undefined
    return known ? Result.void : refuse("NotFound", `namespaces "${namespace}" not found`)
  }

  #replace(place: Place<Write.Owned>, next: KubeObject, writing: Writing, subresource: string): Answer<KubeObject> {
    const { kind, key, stored: live } = place
    const writer = { ...writerOf(writing, next, "Update"), subresource }
    const written = Write.update(live, next, writer, { kind, time: writing.time })
    return this.#commit({ kind, key, stored: this.store.get(key) }, written, writing)
  }

  #commit({ kind, key, stored }: Place<Stored | undefined>, next: Write.Owned, writing: Writing): Answer<KubeObject> {
    const fresh = normalize(next.object)
    const fields = ServerFields.next(kind, stored, fresh, { time: writing.time, uid: () => this.#nextUid() })
    const object = { ...fresh, metadata: { ...fresh.metadata, ...fields } }
    const refused = refusal(kind, object, stored?.object)
    if (refused !== undefined) return Result.fail(refused)
    const result: Stored = { object, managers: next.managers, kind }
    if (stored !== undefined && Write.isNoop(stored, result)) return Result.succeed(show(stored))
    if (writing.dryRun) return Result.succeed(show(result))
    const put = this.store.put(key, result, show)
    if (object.metadata.deletionTimestamp !== undefined && !isHeld(object)) this.store.delete(key, show)
    return Result.succeed(show(put))
  }

  #nextUid(): string {
    this.#uids++
    return `00000000-0000-4000-8000-${`${this.#uids}`.padStart(12, "0")}`
  }
}

const refuse = (reason: Failure["reason"], detail: string): Answer<never> => Result.fail({ reason, detail })

const writerOf = ({ manager }: Writing, { apiVersion }: KubeObject, operation: "Apply" | "Update") => ({
  manager,
  operation,
  apiVersion,
  subresource: ""
})

const isHeld = ({ metadata: { finalizers } }: KubeObject): boolean => isArray(finalizers) && finalizers.length > 0

/** With `managedFields`, as the server answers; made once for each version of an object. */
export const show = (owned: Write.Owned): KubeObject => {
  const made = shown.get(owned)
  if (made !== undefined) return made
  const { object, managers } = owned
  const whole = { ...object, metadata: { ...object.metadata, managedFields: ManagedFields.write(managers) } }
  shown.set(owned, whole)
  return whole
}

const shown = new WeakMap<Write.Owned, KubeObject>()
