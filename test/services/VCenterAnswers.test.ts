import { inspect } from "node:util"
import { gzipSync } from "node:zlib"
import { assert, describe, layer } from "@effect/vitest"
import { Cause, Effect, Exit, Option, Stream } from "effect"
import type { RawAnswer } from "../../sandbox/vcenter/VCenterServer.ts"
import { VCenter } from "../../src/services/VCenter.ts"
import { PASSWORD, type Simulated, simulate } from "./SimulatedVCenter.ts"

const open = ({ target }: Pick<Simulated, "target">) => VCenter.use((vcenter) => vcenter.open(target))

const XML = { "Content-Type": "text/xml; charset=utf-8" }

const soap = (body: string): string =>
  `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><Body>${body}</Body></Envelope>`

const fault = (text: string, name = "InvalidLogin"): string =>
  soap(
    `<Fault><faultcode>ServerFaultCode</faultcode><faultstring>${text}</faultstring><detail><${name}Fault xsi:type="${name}"/></detail></Fault>`
  )

const answer = (body: string | Buffer, status = 200, headers: RawAnswer["headers"] = XML): RawAnswer => ({
  status,
  headers,
  body
})

const HALF = Buffer.from("<Envelope>".repeat(100))

layer(VCenter.layer, { excludeTestServices: true })("VCenter", (it) => {
  describe("told something that is no answer", () => {
    it.effect.each<{ what: string; raw: RawAnswer; says: RegExp }>([
      { what: "a redirect", raw: answer("", 302, { Location: "https://localhost/" }), says: /HTTP status 302/ },
      { what: "a login page", raw: answer("<html/>", 200, { "Content-Type": "text/html" }), says: /text\/html/ },
      { what: "JSON", raw: answer("{}", 200, { "Content-Type": "application/json" }), says: /application\/json/ },
      { what: "no content type", raw: answer("<a/>", 200, {}), says: /of type unknown/ },
      { what: "503 while it starts", raw: answer("", 503), says: /HTTP status 503/ },
      { what: "a 500 that is no fault", raw: answer("<oops/>", 500), says: /no SOAP/ },
      { what: "text called XML", raw: answer("Service unavailable"), says: /no SOAP/ },
      { what: "broken XML", raw: answer(HALF), says: /no SOAP/ },
      { what: "another document", raw: answer("<note/>"), says: /no RetrieveServiceContentResponse/ },
      { what: "an empty body", raw: answer(soap("")), says: /no RetrieveServiceContentResponse/ },
      {
        what: "an answer to something else",
        raw: answer(soap("<LoginResponse/>")),
        says: /no RetrieveServiceContentR/
      },
      { what: "an unknown response", raw: answer(soap("<FooResponse/>")), says: /no SOAP/ },
      {
        what: "a response without content",
        raw: answer(soap("<RetrieveServiceContentResponse/>")),
        says: /as promised/
      },
      {
        what: "a response of another shape",
        raw: answer(
          soap("<RetrieveServiceContentResponse><returnval><about/></returnval></RetrieveServiceContentResponse>")
        ),
        says: /as promised at \w+/
      },
      {
        what: "references into the prototype of everything",
        raw: answer(
          soap('<RetrieveServiceContentResponse><returnval id="__proto__"/></RetrieveServiceContentResponse>')
        ),
        says: /refers to itself/
      },
      { what: "broken gzip", raw: answer("no gzip", 200, { ...XML, "Content-Encoding": "gzip" }), says: /compression/ },
      { what: "brotli", raw: answer("", 200, { ...XML, "Content-Encoding": "br" }), says: /unknown content encoding/ },
      {
        what: "33 MiB in 33 kB of gzip",
        raw: answer(gzipSync(Buffer.alloc(33 * 1024 * 1024, " ")), 200, { ...XML, "Content-Encoding": "gzip" }),
        says: /larger than 32 MiB/
      },
      { what: "33 MiB", raw: answer(Buffer.alloc(33 * 1024 * 1024, " ")), says: /larger than 32 MiB/ }
    ])("says BadAnswer: $what", ({ raw, says }) =>
      Effect.gen(function* () {
        const simulated = yield* simulate()
        simulated.server.answerNext(() => raw)
        const error = yield* Effect.flip(open(simulated))
        assert.strictEqual(error.reason, "BadAnswer")
        assert.match(error.message, says)
        assert.strictEqual(Reflect.get({}, "obj"), undefined)
        yield* open(simulated)
      })
    )

    it.effect("says Unreachable when the connection is cut within an answer", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate()
        simulated.server.answerNext(() => answer("<a", 200, { ...XML, "Content-Length": "100", Connection: "close" }))
        const error = yield* Effect.flip(open(simulated))
        assert.strictEqual(error.reason, "Unreachable")
        assert.include(error.message, "cut")
      })
    )
  })

  describe("told something unusual", () => {
    const waited = (inside: string): string =>
      soap(
        `<WaitForUpdatesExResponse xmlns="urn:vim25"><returnval><version>1</version><filterSet><filter type="PropertyFilter">f</filter>${inside}</filterSet></returnval></WaitForUpdatesExResponse>`
      )
    const missing = (path: string, name: string): string =>
      `<missingSet>${path}<fault><fault xsi:type="${name}"/><localizedMessage/></fault></missingSet>`

    const first = Effect.fnUntraced(function* (message: string) {
      const simulated = yield* simulate()
      simulated.server.answerNext((request) => (request.includes("<WaitForUpdatesEx") ? answer(message) : undefined))
      const { inventories } = yield* open(simulated)
      return yield* Stream.runHead(inventories)
    })

    it.effect("takes NotAuthenticated in place of a value for the end of the session", () =>
      Effect.gen(function* () {
        const update = `<objectSet><kind>enter</kind><obj type="Folder">group-d1</obj>${missing("<path>name</path>", "NotAuthenticated")}</objectSet>`
        const error = yield* Effect.flip(first(waited(update)))
        assert.strictEqual(error.reason, "SessionLost")
      })
    )

    it.effect("takes a whole object that may not be read for a gap", () =>
      Effect.gen(function* () {
        const reading = yield* first(waited(missing('<obj type="Folder">group-d1</obj>', "NoPermission")))
        assert.isTrue(Option.isSome(reading) && reading.value._tag === "Partial")
        assert.include(
          Option.match(reading, { onNone: () => "", onSome: (one) => (one._tag === "Partial" ? one.reason : "") }),
          "all of Folder group-d1 cannot be read (NoPermission)"
        )
      })
    )

    it.effect.each([
      {
        what: "an unknown kind of update",
        inside: `<objectSet><kind>explode</kind><obj type="Folder">a</obj></objectSet>`
      },
      { what: "an update of nothing", inside: "<objectSet><kind>enter</kind></objectSet>" },
      {
        what: "a part of a property, which was not asked for",
        inside: `<objectSet><kind>modify</kind><obj type="Folder">a</obj><changeSet><name>name</name><op>add</op></changeSet></objectSet>`
      }
    ])("says BadAnswer: $what", ({ inside }) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(first(waited(inside)))
        assert.strictEqual(error.reason, "BadAnswer")
        assert.include(error.message, "filterSet.0.objectSet.0")
      })
    )

    it.effect("cancels what the server would continue, even when its token is 0", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate()
        const session = yield* open(simulated)
        const object = `<objects><obj type="Datacenter">d</obj><propSet><name>name</name><val xsi:type="xsd:string">x</val></propSet></objects>`
        simulated.server.answerNext(() =>
          answer(
            soap(
              `<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><token>0</token>${object}</returnval></RetrievePropertiesExResponse>`
            )
          )
        )
        assert.deepStrictEqual(yield* session.presence("Datacenter", "d"), { _tag: "Present", name: "x" })
        assert.strictEqual(simulated.model.calls.get("CancelRetrievePropertiesEx"), 1)
      })
    )

    it.effect.each([
      { what: "nothing", body: "<RetrievePropertiesExResponse/>" },
      {
        what: "something about another object",
        body: `<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><objects><obj type="Datacenter">other</obj></objects></returnval></RetrievePropertiesExResponse>`
      }
    ])("proves nothing about an object by saying $what", ({ body }) =>
      Effect.gen(function* () {
        const simulated = yield* simulate()
        const session = yield* open(simulated)
        simulated.server.answerNext(() => answer(soap(body)))
        const presence = yield* session.presence("Datacenter", "d")
        assert.deepStrictEqual(presence, { _tag: "Unknown", reason: "the answer does not mention it" })
      })
    )
  })

  describe("told its own secrets", () => {
    const seen = (request: string): string => /<password>(.*?)<\/password>/s.exec(request)?.[1] ?? ""

    it.effect.each<{ what: string; echo: (password: string) => RawAnswer }>([
      { what: "as the sentence of a fault", echo: (password) => answer(fault(password), 500) },
      { what: "as the sentence of another fault", echo: (password) => answer(fault(password, "RuntimeFault"), 500) },
      {
        what: "as the type of a fault",
        echo: (password) => answer(fault("").replace('"InvalidLogin"', `"${password}"`), 500)
      },
      { what: "as a content type", echo: () => answer("", 200, { "Content-Type": PASSWORD }) },
      { what: "as an answer", echo: (password) => answer(soap(`<LoginResponse>${password}</LoginResponse>`)) },
      { what: "as broken XML", echo: (password) => answer(`<a>${password}`) }
    ])("never repeats the password: $what", ({ echo }) =>
      Effect.gen(function* () {
        const simulated = yield* simulate()
        let told = ""
        simulated.server.answerNext((request) => {
          told = seen(request)
          return told === "" ? undefined : echo(told)
        })
        const exit = yield* Effect.exit(open(simulated))
        assert.include(told, "test-only", "the server was told the password")
        assert.isTrue(Exit.isFailure(exit))
        const everything = Exit.isFailure(exit) ? `${Cause.pretty(exit.cause)} ${inspect(exit, { depth: null })}` : ""
        assert.notInclude(everything, PASSWORD)
        assert.notInclude(everything, told)
        assert.notInclude(everything, "test-only")
      })
    )

    it.effect("repeats neither the password nor the session in what comes after the login", () =>
      Effect.gen(function* () {
        const simulated = yield* simulate()
        const session = yield* open(simulated)
        let cookie = ""
        simulated.server.answerNext((_, headers) => {
          cookie = /="(.*)"/.exec(headers.cookie ?? "")?.[1] ?? ""
          const text = `${"x".repeat(150)} ${PASSWORD} ${cookie}`.replace(/[<&]/g, (c) => `&#${c.charCodeAt(0)};`)
          return answer(fault(text, "RuntimeFault"), 500)
        })
        const presence = yield* session.presence("Datacenter", "datacenter-2")
        assert.isAbove(cookie.length, 10)
        assert.strictEqual(presence._tag, "Unknown")
        assert.match(JSON.stringify(presence), /RuntimeFault: x+ <redacted> <redacted>/)
      })
    )
  })
})
