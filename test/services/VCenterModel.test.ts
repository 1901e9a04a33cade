import https from "node:https"
import { buffer } from "node:stream/consumers"
import { gunzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { authority } from "../../sandbox/vcenter/Certificates.ts"
import { answer, type Reply } from "../../sandbox/vcenter/Methods.ts"
import { VCenterModel } from "../../sandbox/vcenter/VCenterModel.ts"
import { start } from "../../sandbox/vcenter/VCenterServer.ts"
import { child, children, type Element, element, parse, print, textOf } from "../../sandbox/vcenter/Xml.ts"

/** One client of a simulated vCenter, without the operator's own code between them. */
const client = (model: VCenterModel) => {
  const call = (
    name: string,
    ref: string,
    args: ReadonlyArray<Element> = [],
    session: string | undefined = undefined
  ) => answer(model, { body: element(name, [element("_this", ref, { type: "Any" }), ...args]), session })
  const login = (session?: string) =>
    call("Login", "SessionManager", [element("userName", "u"), element("password", "test-only")], session)
  return { call, login }
}

const FILTER = parse(
  `<spec><propSet><type>Folder</type><pathSet>name</pathSet></propSet><objectSet><obj type="ContainerView">VIEW</obj><skip>true</skip><selectSet xsi:type="TraversalSpec"><name>view</name><type>ContainerView</type><path>view</path><skip>false</skip></selectSet></objectSet></spec>`
)

const filterOn = (view: string): Element => parse(print(FILTER).replace("VIEW", view))

/** A session that follows all folders with the collector that every session has. */
const following = Effect.fnUntraced(function* (model: VCenterModel) {
  const { call, login } = client(model)
  const { opened: session } = yield* login()
  const on = (name: string, ref: string, ...args: ReadonlyArray<Element>) => call(name, ref, args, session)
  const view = yield* on("CreateContainerView", "ViewManager", element("type", "Folder"))
  yield* on("CreateFilter", "propertyCollector", filterOn(view.returnval?.text ?? ""))
  const wait = (version: string, seconds = "60") =>
    on(
      "WaitForUpdatesEx",
      "propertyCollector",
      element("version", version),
      element("options", [element("maxWaitSeconds", seconds)])
    )
  return { on, wait, session }
})

/** `kind name` of each change. */
const told = ({ returnval }: Reply): ReadonlyArray<string> =>
  (returnval === undefined ? [] : children(returnval, "filterSet"))
    .flatMap((set) => children(set, "objectSet"))
    .map((each) => `${textOf(each, "kind")} ${children(each, "changeSet").map((change) => textOf(change, "val"))}`)

const versionIn = ({ returnval }: Reply): string => (returnval === undefined ? "" : textOf(returnval, "version"))

const faultName = <A, R>(effect: Effect.Effect<A, { readonly name: string }, R>) =>
  Effect.map(Effect.flip(effect), ({ name }) => name)

describe("VCenterModel", () => {
  it.effect("lets a wait that its client has given up swallow the next change", () =>
    Effect.gen(function* () {
      const model = new VCenterModel()
      const { wait } = yield* following(model)
      const first = yield* wait("")
      assert.deepStrictEqual(told(first), ["enter Datacenters"])
      yield* Effect.forkChild(wait(versionIn(first)), { startImmediately: true })
      const second = yield* Effect.forkChild(wait(versionIn(first)), { startImmediately: true })
      model.addFolder("swallowed")
      assert.isUndefined(second.pollUnsafe())
      model.addFolder("seen")
      assert.deepStrictEqual(told(yield* Fiber.join(second)), ["enter seen"])
    })
  )

  it.effect("ends such a wait with RequestCanceled on CancelWaitForUpdates", () =>
    Effect.gen(function* () {
      const model = new VCenterModel()
      const { wait, on } = yield* following(model)
      const first = yield* wait("")
      const lost = yield* Effect.forkChild(faultName(wait(versionIn(first))), { startImmediately: true })
      yield* on("CancelWaitForUpdates", "propertyCollector")
      assert.strictEqual(yield* Fiber.join(lost), "RequestCanceled")
      const next = yield* Effect.forkChild(wait(versionIn(first)), { startImmediately: true })
      model.addFolder("seen")
      assert.deepStrictEqual(told(yield* Fiber.join(next)), ["enter seen"])
    })
  )

  it.effect("answers a wait without changes with nothing, when its time is over", () =>
    Effect.gen(function* () {
      const { wait } = yield* following(new VCenterModel())
      const waiting = yield* Effect.forkChild(wait(versionIn(yield* wait(""))), { startImmediately: true })
      yield* TestClock.adjust("59 seconds")
      assert.isUndefined(waiting.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.isUndefined((yield* Fiber.join(waiting)).returnval)
    })
  )

  it.effect("pages, and says so until the last page", () =>
    Effect.gen(function* () {
      const model = new VCenterModel()
      model.pageSize = 2
      for (const name of ["a", "b", "c", "d"]) model.addFolder(name)
      const { wait } = yield* following(model)
      let page = yield* wait("")
      const pages = [[...told(page), truncated(page)]]
      while (truncated(page) === "true") {
        page = yield* wait(versionIn(page))
        pages.push([...told(page), truncated(page)])
      }
      assert.deepStrictEqual(pages, [
        ["enter Datacenters", "enter a", "true"],
        ["enter b", "enter c", "true"],
        ["enter d", "false"]
      ])
      assert.deepStrictEqual(told(yield* wait("")), ["enter Datacenters", "enter a"])
    })
  )

  it.effect("raises what vCenter raises", () =>
    Effect.gen(function* () {
      const model = new VCenterModel()
      const { call, login } = client(model)
      const { on, wait, session } = yield* following(model)
      const spec = (ref: string) =>
        element("specSet", [element("objectSet", [element("obj", ref, { type: "Folder" })])])
      const folder = model.addFolder("hidden")
      model.hide(folder)
      assert.deepStrictEqual(
        [
          yield* faultName(wait("77")),
          yield* faultName(on("WaitForUpdatesEx", "another collector")),
          yield* faultName(on("RetrievePropertiesEx", "propertyCollector", spec("group-d77"))),
          yield* faultName(on("RetrievePropertiesEx", "propertyCollector", spec(folder))),
          yield* faultName(on("DestroyView", "no view")),
          yield* faultName(on("PowerOffEverything", "ServiceInstance")),
          yield* faultName(call("CreateFilter", "propertyCollector")),
          yield* faultName(login(session))
        ],
        [
          "InvalidCollectorVersion",
          "ManagedObjectNotFound",
          "ManagedObjectNotFound",
          "NoPermission",
          "ManagedObjectNotFound",
          "InvalidRequest",
          "NotAuthenticated",
          "InvalidLogin"
        ]
      )
    })
  )

  it.effect("does not know an object by a name that two have", () =>
    Effect.sync(() => {
      const model = new VCenterModel()
      model.addFolder("twice")
      model.addFolder("twice")
      assert.throws(() => model.find("twice"), "2 objects are called twice")
      assert.throws(() => model.find("nobody"), "no nobody")
    })
  )
})

const truncated = ({ returnval }: Reply): string => (returnval === undefined ? "" : textOf(returnval, "truncated"))

describe("VCenterServer", () => {
  it.live("speaks SOAP at /sdk alone, packed for those who take it", () =>
    Effect.gen(function* () {
      const { ca, issue } = yield* authority
      const server = yield* start({
        model: new VCenterModel(),
        certificate: yield* issue("vc-a-0.example"),
        username: "u",
        password: "test-only"
      })
      const post = (path: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
        Effect.promise(
          () =>
            new Promise<{ status: number | undefined; encoding: string | undefined; body: Buffer }>(
              (resolve, reject) => {
                const options = {
                  host: server.address,
                  port: server.port,
                  servername: "vc-a-0.example",
                  ca,
                  path,
                  headers
                }
                const request = https.request({ ...options, method: "POST", agent: false }, (response) => {
                  const { statusCode: status, headers } = response
                  buffer(response).then(
                    (read) => resolve({ status, encoding: headers["content-encoding"], body: read }),
                    reject
                  )
                })
                request.on("error", reject).end(body)
              }
            )
        )
      const call = (name: string) => print(element("Envelope", [element("Body", [element(name)])]))
      assert.strictEqual((yield* post("/", call("RetrieveServiceContent"))).status, 404)
      assert.strictEqual((yield* post("/sdk", "<Envelope><Body>")).status, 400)
      const unknown = yield* post("/sdk", call("PowerOffEverything"))
      assert.strictEqual(unknown.status, 500)
      assert.include(unknown.body.toString(), `<InvalidRequestFault xmlns="urn:vim25" xsi:type="InvalidRequest">`)
      const packed = yield* post("/sdk", call("RetrieveServiceContent"), { "Accept-Encoding": "gzip" })
      assert.deepStrictEqual([packed.status, packed.encoding], [200, "gzip"])
      const body = child(parse(gunzipSync(packed.body).toString()), "Body")
      assert.strictEqual(body?.children[0]?.name, "RetrieveServiceContentResponse")
    }).pipe(Effect.scoped)
  )
})

describe("Xml", () => {
  it("reads what it prints", () => {
    const tree = element("a", [element("b", ` <&>"' ä 漢 `, { "xsi:type": `<&>"'` }), element("c"), element("b", "2")])
    assert.deepStrictEqual(parse(`<?xml version="1.0"?>\n<!-- note -->${print(tree)}`), tree)
  })

  it("reads entities, CDATA, prefixes and empty elements", () => {
    const { name, children: inside } = parse(
      `<s:a xmlns:s='x'><s:b>&#65;&#x42;<![CDATA[<c>&amp;]]></s:b><d e='1'/></s:a>`
    )
    assert.strictEqual(name, "a")
    assert.deepStrictEqual(
      inside.map(({ name, text, attributes }) => ({ name, text, attributes })),
      [
        { name: "b", text: "AB<c>&amp;", attributes: {} },
        { name: "d", text: "", attributes: { e: "1" } }
      ]
    )
  })

  it.each(["", "text", "<a>", "</a>", "<a></b>", "<a", "<a b=1/>"])("refuses %j", (source) => {
    assert.throws(() => parse(source), SyntaxError)
  })
})
