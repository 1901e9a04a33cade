import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { Collection, Kube, WatchEvent } from "../../src/services/Kube.ts"
import { answer, query, type Script, status, talk, until } from "./ApiServer.ts"

const MAPS: Collection = { apiVersion: "v1", kind: "ConfigMap", namespace: "there" }

const object = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } })
const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`
const brief = (event: WatchEvent) =>
  event._tag === "Bookmark" ? `Bookmark ${event.resourceVersion}` : `${event._tag} ${event.object.metadata.name}`
/** What a watch gives, and how it ends. */
const watched = (kube: Kube["Service"]) =>
  Effect.gen(function* () {
    const events: Array<string> = []
    const end = yield* Effect.result(
      Stream.runForEach(kube.watch(MAPS, "7"), (event) => Effect.sync(() => events.push(brief(event))))
    )
    return [...events, end._tag === "Failure" ? `${end.failure.reason}: ${end.failure.detail}` : "end"]
  })
const sends =
  (...parts: ReadonlyArray<string>): Script =>
  (_request, response) => {
    for (const part of parts) response.write(part)
    response.end()
  }

describe("a watch", () => {
  const rows: ReadonlyArray<readonly [string, Script, ReadonlyArray<string>]> = [
    [
      "tells what was added, changed and deleted, and where it is",
      sends(
        line("ADDED", object("a")),
        line("MODIFIED", object("b")) + line("DELETED", object("c")),
        line("BOOKMARK", {
          kind: "ConfigMap",
          apiVersion: "v1",
          metadata: { resourceVersion: "9", creationTimestamp: null }
        })
      ),
      ["Upserted a", "Upserted b", "Deleted c", "Bookmark 9", "end"]
    ],
    [
      "puts lines together that came in pieces, in the middle of a character too",
      (_request, response) => {
        const bytes = Buffer.from(line("ADDED", object("aä")))
        const middle = bytes.indexOf(0xc3) + 1
        response.write(bytes.subarray(0, middle))
        setTimeout(() => response.end(bytes.subarray(middle)), 20)
      },
      ["Upserted aä", "end"]
    ],
    [
      "fails with Gone when its position has expired",
      sends(line("ADDED", object("a")), line("ERROR", status(410, "too old resource version: 7 (9)"))),
      ["Upserted a", "Gone: too old resource version: 7 (9)"]
    ],
    [
      "fails with Gone at once when the server says so",
      (_request, response) => answer(response, 410, status(410, "expired")),
      ["Gone: expired"]
    ],
    [
      "fails with another error of the server",
      sends(line("ERROR", status(500, "etcd is away"))),
      ["ServerError: etcd is away"]
    ],
    [
      "fails on an event that it does not know",
      sends(line("NEW", object("a"))),
      ["ServerError: an event of the watch cannot be read"]
    ],
    [
      "fails on an event without an object",
      sends(line("ADDED", {})),
      ["ServerError: an event of the watch cannot be read"]
    ],
    [
      "fails when the end of a line is missing",
      sends(line("ADDED", object("a")), '{"type":"ADDED","obj'),
      ["Upserted a", "Unreachable: the connection was cut in the middle of an event"]
    ],
    [
      "fails when the connection is cut",
      (_request, response) => {
        response.write(line("ADDED", object("a")))
        setTimeout(() => response.destroy(), 20)
      },
      ["Upserted a", "Unreachable: other side closed"]
    ],
    [
      "fails when it may not",
      (_request, response) => answer(response, 403, status(403, "you may not")),
      ["Forbidden: you may not"]
    ]
  ]
  it.effect.each(rows.map(([title, script, expected]) => ({ title, script, expected })))(
    "$title",
    ({ script, expected }) =>
      talk(script, (kube) =>
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* watched(kube), expected)
        })
      )
  )

  it.effect("asks for bookmarks and for an end after four to five minutes", () =>
    talk(sends(), (kube, server) =>
      Effect.gen(function* () {
        yield* watched(kube)
        const { timeoutSeconds, ...rest } = query(server.requests[1]?.url ?? "")
        assert.deepStrictEqual(rest, { watch: "true", allowWatchBookmarks: "true", resourceVersion: "7" })
        assert.isTrue(Number(timeoutSeconds) >= 240 && Number(timeoutSeconds) <= 300)
      })
    )
  )
  it.effect("without a sign of life for 150 s is dead; with one it goes on", () =>
    Effect.gen(function* () {
      const tell = yield* Deferred.make<() => void>()
      yield* talk(
        (_request, response) => {
          response.write(line("ADDED", object("a")))
          Effect.runSync(Deferred.succeed(tell, () => response.write(line("ADDED", object("b")))))
        },
        (kube) =>
          Effect.gen(function* () {
            const seen: Array<string> = []
            const reading = yield* Effect.forkChild(
              Stream.runForEach(kube.watch(MAPS, "7"), (event) => Effect.sync(() => seen.push(brief(event))))
            )
            yield* until(() => seen.length === 1)
            yield* TestClock.adjust("149 seconds")
            ;(yield* Deferred.await(tell))()
            yield* until(() => seen.length === 2)
            yield* TestClock.adjust("149 seconds")
            assert.isUndefined(reading.pollUnsafe())
            yield* TestClock.adjust("2 seconds")
            const error = yield* Effect.flip(Fiber.join(reading))
            assert.deepStrictEqual(
              [error.reason, error.detail],
              ["Timeout", "no sign of life for 150 s: the connection is dead"]
            )
          })
      )
    })
  )
  it.effect("that nobody reads any longer is closed", () =>
    Effect.gen(function* () {
      let closed = false
      yield* talk(
        (_request, response) => {
          response.on("close", () => (closed = true))
          response.write(line("ADDED", object("a")))
        },
        (kube) =>
          Effect.gen(function* () {
            yield* Stream.runDrain(Stream.take(kube.watch(MAPS, "7"), 1))
            yield* until(() => closed)
          })
      )
    })
  )
  it.effect("holds the server back while its events are not read, and loses none", () =>
    Effect.gen(function* () {
      const COUNT = 4000
      const data = { text: "x".repeat(4096) }
      let waiting = 0
      const flood: Script = (_request, response) => {
        for (let n = 0; n < COUNT; n++) response.write(line("ADDED", { ...object(`n${n}`), data }))
        waiting = response.writableLength
        const measure = setInterval(() => (waiting = response.writableLength), 5)
        response.on("close", () => clearInterval(measure))
        response.end()
      }
      yield* talk(flood, (kube) =>
        Effect.gen(function* () {
          const gate = yield* Deferred.make<void>()
          let count = 0
          const reading = yield* Effect.forkChild(
            Stream.runForEach(kube.watch(MAPS, "7"), () =>
              Effect.andThen(
                Effect.sync(() => count++),
                Deferred.await(gate)
              )
            )
          )
          yield* until(() => count === 1)
          yield* TestClock.withLive(Effect.sleep(300))
          // Of 16 MiB, what sockets and streams buffer has left the server, and no more.
          assert.isAbove(waiting, 4 * 1024 * 1024)
          yield* Deferred.succeed(gate, undefined)
          yield* Fiber.join(reading)
          assert.strictEqual(count, COUNT)
        })
      )
    })
  )
})
