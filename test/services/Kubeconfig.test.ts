import { assert, describe, it } from "@effect/vitest"
import { choose as chooseContext, type Part, tokenFiles } from "../../src/services/kube/Kubeconfig.ts"
import { choose, type Places } from "../../src/services/kube/Places.ts"

describe("the place of the credentials", () => {
  const TOKEN = "/sa/token"
  const pod = { serviceHost: "10.0.0.1", servicePort: "443" }
  const where = (places: Partial<Places>, ...existing: ReadonlyArray<string>) => {
    const all = {
      kubeconfig: undefined,
      home: "/home",
      serviceHost: undefined,
      servicePort: undefined,
      serviceAccount: "/sa",
      ...places
    }
    const result = choose(all, (file) => existing.includes(file))
    if (result._tag === "Failure") return "error"
    return result.success._tag === "Files" ? result.success.files.join(":") : result.success.server
  }
  const rows: ReadonlyArray<readonly [Partial<Places>, ReadonlyArray<string>, string]> = [
    [{ kubeconfig: "/a:/b:/c" }, ["/a", "/c", "/home/.kube/config"], "/a:/c"],
    [{ kubeconfig: "/a", ...pod }, ["/home/.kube/config", TOKEN], "error"],
    [pod, ["/home/.kube/config", TOKEN], "/home/.kube/config"],
    [pod, [TOKEN], "https://10.0.0.1:443"],
    [{ ...pod, serviceHost: "fd00::1" }, [TOKEN], "https://[fd00::1]:443"],
    [{ ...pod, kubeconfig: "" }, [TOKEN], "https://10.0.0.1:443"],
    [{ ...pod, home: undefined }, [TOKEN], "https://10.0.0.1:443"],
    [pod, [], "error"],
    [{}, [TOKEN], "error"]
  ]
  it.each(rows)("with %j and the files %j: %s", (places, existing, expected) => {
    assert.strictEqual(where(places, ...existing), expected)
  })
})

describe("several kubeconfig files", () => {
  type File = Part<
    { readonly name: string; readonly from: string },
    { readonly name: string; readonly from: string },
    { readonly name: string; readonly cluster: string; readonly user: string }
  >
  const file = (from: string, rest: Partial<File>): File => ({
    file: from,
    clusters: [],
    users: [],
    contexts: [],
    currentContext: undefined,
    ...rest
  })
  const context = { name: "x", cluster: "c", user: "u" }
  const named = (name: string, from: string) => ({ name, from })
  const whole = (from: string) =>
    file(from, { clusters: [named("c", from)], users: [named("u", from)], contexts: [context], currentContext: "x" })
  const rows: ReadonlyArray<readonly [string, ReadonlyArray<File>, string]> = [
    ["no current-context", [file("a", { contexts: [context] })], "a: no current-context is set"],
    ["a context that is not there", [file("a", { currentContext: "x" })], 'a: the current-context "x" is not in it'],
    [
      "a cluster that is not there",
      [{ ...whole("a"), clusters: [] }],
      'a: context "x" names cluster "c", which is not in it'
    ],
    ["a user that is not there", [{ ...whole("a"), users: [] }], 'a: context "x" names user "u", which is not in it'],
    ["all in one", [whole("a")], "cluster of a, user of a"],
    ["the same names twice", [whole("a"), whole("b")], "cluster of a, user of a"],
    [
      "parts in each",
      [file("a", { currentContext: "x", clusters: [named("c", "a")] }), whole("b")],
      "cluster of a, user of b"
    ]
  ]
  it.each(rows)("with %s", (_title, files, expected) => {
    const result = chooseContext(files)
    const found =
      result._tag === "Failure"
        ? result.failure
        : `cluster of ${result.success.cluster.from}, user of ${result.success.user.from}`
    assert.strictEqual(found, expected)
  })
  it("name token files by user, and nothing else does", () => {
    const users = [
      { name: "a", user: { tokenFile: "t" } },
      { name: "b", user: { token: "x" } },
      { name: "c", user: null }
    ]
    assert.deepStrictEqual([...tokenFiles({ users })], [["a", "t"]])
    assert.deepStrictEqual([...tokenFiles(null)], [])
  })
})
