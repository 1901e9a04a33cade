import { randomUUID } from "node:crypto"
import { Effect } from "effect"
import { missingProperty, objectContent, reference } from "./Answer.ts"
import type { Collector } from "./Collector.ts"
import { denied, type Fault, fault, notFound } from "./Fault.ts"
import { evaluate, read } from "./FilterSpec.ts"
import { DEFAULT_COLLECTOR, type ServerSession, type VCenterModel } from "./VCenterModel.ts"
import { child, children, type Element, element, textOf } from "./Xml.ts"

/** A call as it comes in: the method's element with its arguments, and the key of the session. */
export interface Call {
  readonly body: Element
  readonly session: string | undefined
}

/** What goes back: `returnval`, where there is one, and the key of a new session. */
export interface Reply {
  readonly returnval: Element | undefined
  readonly opened?: string
}

interface Context {
  readonly model: VCenterModel
  readonly session: ServerSession
  readonly args: Element
  /** The object that the method is called on. */
  readonly self: { readonly type: string; readonly ref: string }
}

type Method = (context: Context) => Effect.Effect<Element | undefined, Fault>

/** Answers a call as vCenter does; an unknown method raises InvalidRequest. */
export const answer = (model: VCenterModel, call: Call): Effect.Effect<Reply, Fault> =>
  Effect.andThen(
    model.arrive(call.body.name),
    Effect.suspend((): Effect.Effect<Reply, Fault> => {
      const { name } = call.body
      const self = child(call.body, "_this")
      const target = { type: self?.attributes.type ?? "", ref: self?.text ?? "" }
      if (name === "RetrieveServiceContent") return Effect.succeed({ returnval: serviceContent(model) })
      if (name === "Login") return login(model, call)
      const method = METHODS.get(name)
      if (method === undefined) return Effect.fail(fault("InvalidRequest"))
      const session = model.session(call.session)
      if (session !== undefined) {
        return Effect.map(method({ model, session, args: call.body, self: target }), (returnval) => ({ returnval }))
      }
      return name === "RetrievePropertiesEx" && model.unauthenticated === "missingSet"
        ? Effect.succeed({ returnval: element("returnval", unauthenticated(call.body)) })
        : Effect.fail(denied("NotAuthenticated", target.type, target.ref))
    })
  )

const serviceContent = ({ root, version, build, instanceUuid }: VCenterModel): Element =>
  element("returnval", [
    reference("rootFolder", "Folder", root),
    reference("propertyCollector", "PropertyCollector", DEFAULT_COLLECTOR),
    reference("viewManager", "ViewManager", "ViewManager"),
    element("about", [
      element("name", "VMware vCenter Server"),
      element("fullName", `VMware vCenter Server ${version} build-${build}`),
      element("vendor", "VMware, Inc."),
      element("version", version),
      element("build", build),
      element("osType", "linux-x64"),
      element("productLineId", "vpx"),
      element("apiType", "VirtualCenter"),
      element("apiVersion", version),
      element("instanceUuid", instanceUuid)
    ]),
    reference("sessionManager", "SessionManager", "SessionManager")
  ])

const login = (model: VCenterModel, { body, session }: Call): Effect.Effect<Reply, Fault> => {
  const [username, password] = [textOf(body, "userName"), textOf(body, "password")]
  const { credentials } = model
  const known = credentials === undefined || (credentials.username === username && credentials.password === password)
  // vCenter refuses a login that comes with a live session, with the fault of a wrong password.
  if (!known || model.session(session) !== undefined) {
    model.rejectedLogins++
    return Effect.fail(fault("InvalidLogin"))
  }
  const { key } = model.openSession()
  return Effect.succeed({
    opened: key,
    returnval: element("returnval", [element("key", key), element("userName", username)])
  })
}

const unauthenticated = (body: Element): ReadonlyArray<Element> =>
  children(body, "specSet").flatMap((spec) =>
    read(spec).objectSet.map(({ type, ref }) =>
      element("objects", [reference("obj", type, ref), missingProperty("name", denied("NotAuthenticated", type, ref))])
    )
  )

const nothing: Effect.Effect<undefined> = Effect.succeed(undefined)

const collectorOf = ({ session, self }: Context): Effect.Effect<Collector, Fault> => {
  const collector = session.collectors.get(self.ref)
  return collector === undefined ? Effect.fail(notFound(self.type, self.ref)) : Effect.succeed(collector)
}

/** Objects made for a session carry its key, as vCenter's do. */
const named = ({ key }: ServerSession): string => `session[${key}]${randomUUID()}`

const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  [
    "Logout",
    ({ model, session }) =>
      Effect.sync(() => {
        model.logouts++
        model.closeSession(session.key)
        return undefined
      })
  ],
  [
    "CreatePropertyCollector",
    ({ model, session }) =>
      Effect.sync(() => {
        const ref = named(session)
        model.addCollector(session, ref)
        return reference("returnval", "PropertyCollector", ref)
      })
  ],
  [
    "DestroyPropertyCollector",
    (context) =>
      Effect.map(collectorOf(context), (collector) => {
        context.session.collectors.delete(context.self.ref)
        collector.destroy(fault("RequestCanceled"))
        return undefined
      })
  ],
  [
    "CreateContainerView",
    ({ session, args }) =>
      Effect.sync(() => {
        const ref = named(session)
        session.views.set(ref, { types: children(args, "type").map(({ text }) => text) })
        return reference("returnval", "ContainerView", ref)
      })
  ],
  [
    "DestroyView",
    ({ session, self }) => (session.views.delete(self.ref) ? nothing : Effect.fail(notFound(self.type, self.ref)))
  ],
  [
    "CreateFilter",
    (context) =>
      Effect.map(collectorOf(context), (collector) => {
        const ref = named(context.session)
        collector.addFilter(ref, read(child(context.args, "spec") ?? element("spec")))
        return reference("returnval", "PropertyFilter", ref)
      })
  ],
  [
    "DestroyPropertyFilter",
    ({ session, self }) =>
      [...session.collectors.values()].some((collector) => collector.removeFilter(self.ref))
        ? nothing
        : Effect.fail(notFound(self.type, self.ref))
  ],
  [
    "WaitForUpdatesEx",
    (context) =>
      Effect.flatMap(collectorOf(context), (collector) => {
        const options = child(context.args, "options")
        const seconds = options === undefined ? "" : textOf(options, "maxWaitSeconds")
        return collector.wait(textOf(context.args, "version"), seconds === "" ? undefined : Number(seconds))
      })
  ],
  [
    "CancelWaitForUpdates",
    (context) =>
      Effect.map(collectorOf(context), (collector) => {
        collector.end(fault("RequestCanceled"))
        return undefined
      })
  ],
  ["RetrievePropertiesEx", (context) => retrieve(context)],
  ["CancelRetrievePropertiesEx", () => nothing]
])

const retrieve = ({ model, session, args }: Context): Effect.Effect<Element | undefined, Fault> => {
  const specs = children(args, "specSet").map(read)
  for (const { ref, type } of specs.flatMap(({ objectSet }) => objectSet)) {
    if (session.views.has(ref)) continue
    if (model.typeOf(ref) === undefined) return Effect.fail(notFound(type, ref))
    if (model.isHidden(ref)) return Effect.fail(denied("NoPermission", type, ref))
  }
  const world = { objects: model, views: session.views }
  const found = specs.flatMap((spec) => [...evaluate(spec, world)])
  if (found.length === 0) return nothing
  return Effect.succeed(
    element(
      "returnval",
      found.map(([ref, seen]) => objectContent(ref, seen, model))
    )
  )
}
