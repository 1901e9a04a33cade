import { Array as Arr, Effect, Option, Result, Schema, Stream } from "effect"
import { CELLS_SELECTOR, type Cells, cells as cellsOf } from "../domain/Cells.ts"
import type { Failure } from "../domain/Desired.ts"
import { SETTINGS_SECRET } from "../domain/OwnObjects.ts"
import { decode as decodeSettings, notices, type Settings, same } from "../domain/Settings.ts"
import { complete, isComplete, partial, type Snapshot } from "../domain/Snapshot.ts"
import { decode as decodeTemplate, key, type Template } from "../domain/Template.ts"
import { API_VERSION, KIND, Spec } from "../domain/VCenterState.ts"
import { Journal } from "../services/Journal.ts"
import type { Kube, KubeObject } from "../services/Kube.ts"
import { Redactor } from "../services/Redactor.ts"
import { follow, type Objects } from "./follow.ts"

/** The templates that can be rendered, and those that cannot even be read. */
export interface Templates {
  readonly templates: ReadonlyArray<Template>
  readonly failures: ReadonlyArray<Failure>
}

/** What people have written into the VCenterStates, by vCenter; a vCenter that is a key has been followed before. */
export type States = ReadonlyMap<string, Spec>

/**
 * The settings, whenever they change for the better: a bad Secret is told, and the last good one stays in force. A
 * Secret that is missing or cannot be read changes nothing.
 */
export const settings = (ownNamespace: string): Stream.Stream<Settings, never, Kube | Journal | Redactor> =>
  follow("Secret vcenter-operator", {
    apiVersion: "v1",
    kind: "Secret",
    namespace: ownNamespace,
    name: SETTINGS_SECRET
  }).pipe(
    Stream.filter(isComplete),
    Stream.map(({ value }) => value.get(`${ownNamespace}/${SETTINGS_SECRET}`)),
    Stream.changesWith((a, b) => a?.metadata.resourceVersion === b?.metadata.resourceVersion),
    Stream.mapEffect((secret) => readSettings(ownNamespace, secret)),
    Stream.filterMap((read) => (Option.isSome(read) ? Result.succeed(read.value) : Result.failVoid)),
    Stream.changesWith(same)
  )

const SecretData = Schema.Struct({ data: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)) })
const decodeData = Schema.decodeUnknownOption(SecretData)

const readSettings = Effect.fnUntraced(function* (ownNamespace: string, secret: KubeObject | undefined) {
  const journal = yield* Journal
  const reject = (problems: ReadonlyArray<string>) =>
    Effect.as(journal.tell({ _tag: "SettingsRejected", problems }), Option.none<Settings>())
  if (secret === undefined) {
    return yield* reject([
      `Secret ${ownNamespace}/${SETTINGS_SECRET} does not exist: create it (see examples/operator-secret.yaml)`
    ])
  }
  const decoded = decodeSettings(Option.getOrUndefined(decodeData(secret))?.data ?? {})
  if (Result.isFailure(decoded)) {
    return yield* reject(decoded.failure.map(({ message }) => message))
  }
  const redactor = yield* Redactor
  yield* redactor.learn(decoded.success.secrets)
  yield* journal.tell({
    _tag: "SettingsRead",
    namespace: decoded.success.namespace,
    notices: notices(decoded.success)
  })
  return Option.some(decoded.success)
})

/** Every VCenterTemplate of every namespace. */
export const templates: Stream.Stream<Snapshot<Templates>, never, Kube | Journal> = follow("VCenterTemplates", {
  apiVersion: API_VERSION,
  kind: "VCenterTemplate"
}).pipe(
  Stream.map((reading) => mapped(reading, templatesOf)),
  Stream.changesWith(sameTemplates)
)

/** Sorted by `namespace/name`, which no two of them share: the same templates always give the same list. */
export const templatesOf = (objects: Objects): Templates => {
  const [read, failed] = Arr.partition([...objects.values()], (object) => decodeTemplate(object))
  return {
    templates: read.sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    failures: failed
      .map(({ namespace, name, message }) => ({ template: `${namespace}/${name}`, message }))
      .sort((a, b) => (a.template < b.template ? -1 : 1))
  }
}

/** A status that the operator wrote itself changes no template. */
function sameTemplates(a: Snapshot<Templates>, b: Snapshot<Templates>): boolean {
  const text = (reading: Snapshot<Templates>) =>
    JSON.stringify([
      reading._tag,
      reading.value.failures,
      reading.value.templates.map(({ namespace, name, uid, generation, source, options, scope }) => [
        namespace,
        name,
        uid,
        generation,
        scope,
        source,
        options
      ])
    ])
  return text(a) === text(b)
}

/** The nova cells, from ConfigMaps of every namespace. */
export const cells: Stream.Stream<Snapshot<Cells>, never, Kube | Journal> = follow("nova cells", {
  apiVersion: "v1",
  kind: "ConfigMap",
  labelSelector: CELLS_SELECTOR
}).pipe(Stream.map((reading) => mapped(reading, (objects) => cellsOf([...objects.values()]))))

/** The VCenterStates of the own namespace: which vCenters have been followed, and what people wish for them. */
export const states = (ownNamespace: string): Stream.Stream<Snapshot<States>, never, Kube | Journal> =>
  follow("VCenterStates", { apiVersion: API_VERSION, kind: KIND, namespace: ownNamespace }).pipe(
    Stream.map((reading) => mapped(reading, statesOf)),
    // The operator's own status writes come back here: only the specs matter.
    Stream.changesWith((a, b) => a._tag === b._tag && JSON.stringify([...a.value]) === JSON.stringify([...b.value]))
  )

const decodeSpec = Schema.decodeUnknownOption(Spec)

const statesOf = (objects: Objects): States =>
  new Map(
    [...objects.values()].map((object) => [
      object.metadata.name,
      Option.getOrElse(decodeSpec(object.spec ?? {}), (): Spec => ({}))
    ])
  )

const mapped = <A, B>(reading: Snapshot<A>, f: (value: A) => B): Snapshot<B> =>
  isComplete(reading) ? complete(f(reading.value)) : partial(f(reading.value), reading.reason)
