import { assert, describe, it } from "@effect/vitest"
import { Duration, Equal, Redacted, Result, Schema } from "effect"
import { FIELDS, IGNORED_KEYS } from "../../src/domain/OperatorKeys.ts"
import { decode, forLogin, forRender, forTransfer, notices, type Settings, same } from "../../src/domain/Settings.ts"
import type { Value } from "../../src/domain/Value.ts"

const base64 = (text: string): string => Buffer.from(text).toString("base64")

const encoded = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, base64(text)]))

// Made-up secrets, for tests only.
const minimal = {
  namespace: "monsoon3",
  username: "osapivc",
  password: "test-seed-not-a-secret",
  tsig_key: "dGVzdC1rZXktbm90LWEtc2VjcmV0"
}

const certificate = "-----BEGIN CERTIFICATE-----\nTUlJQmF6Q0NBUkdnQXdJQkFnSVU=\n-----END CERTIFICATE-----\n"

const settingsOf = (texts: Readonly<Record<string, string>>): Settings =>
  Result.getOrThrow(decode(encoded({ ...minimal, ...texts })))

const problemsOf = (data: Readonly<Record<string, string>>): ReadonlyArray<string> =>
  Result.match(decode(data), {
    onFailure: (problems) => problems.map(({ message }) => message),
    onSuccess: () => []
  })

describe("Settings", () => {
  it("needs four keys and has a safe default for the rest", () => {
    const { seed, tsigKey, secrets, pruneDelay, vcenterGone, vcenterGoneGrace, ...rest } = settingsOf({})
    assert.deepStrictEqual(rest, {
      namespace: "monsoon3",
      namespacePolicy: "target",
      ownerReferences: false,
      username: "osapivc",
      dnsIp: undefined,
      dnsPort: undefined,
      vcenterPort: 443,
      vcenterLookup: "system",
      vcenterCa: undefined,
      vcenterTls: "verify",
      allowPruneShare: 30,
      allowPruneMin: 5,
      extra: new Map()
    })
    assert.strictEqual(Redacted.value(seed), minimal.password)
    assert.strictEqual(tsigKey && Redacted.value(tsigKey), minimal.tsig_key)
    assert.deepStrictEqual([vcenterGone, ...[pruneDelay, vcenterGoneGrace].map(Duration.toMinutes)], ["retain", 5, 60])
    assert.deepStrictEqual(secrets.map(Redacted.value), [minimal.password, minimal.tsig_key])
  })

  it.each<[key: string, text: string, read: (settings: Settings) => unknown, value: unknown]>([
    ["namespace_policy", "template", (s) => s.namespacePolicy, "template"],
    ["namespace_policy", "target", (s) => s.namespacePolicy, "target"],
    ["dns_ip", "10.0.0.53", (s) => s.dnsIp, "10.0.0.53"],
    ["dns_ip", "2001:db8::53", (s) => s.dnsIp, "2001:db8::53"],
    ["dns_port", "5353", (s) => s.dnsPort, 5353],
    ["vcenter_port", "8989", (s) => s.vcenterPort, 8989],
    ["vcenter_lookup", "zone", (s) => s.vcenterLookup, "zone"],
    ["vcenter_ca", certificate, (s) => s.vcenterCa, certificate.trimEnd()],
    [
      "vcenter_ca",
      `# ----- two\n${certificate}${certificate}`,
      (s) => s.vcenterCa?.length,
      2 * certificate.length + 11
    ],
    ["vcenter_tls", "insecure", (s) => s.vcenterTls, "insecure"],
    ["prune_delay", "90s", (s) => Duration.toSeconds(s.pruneDelay), 90],
    ["prune_delay", "1h", (s) => Duration.toSeconds(s.pruneDelay), 3600],
    ["prune_delay", "45", (s) => Duration.toSeconds(s.pruneDelay), 45],
    ["allow_prune_share", "0", (s) => s.allowPruneShare, 0],
    ["allow_prune_share", "100", (s) => s.allowPruneShare, 100],
    ["allow_prune_min", "0", (s) => s.allowPruneMin, 0],
    ["dangerous_unsigned_dns", "false", (s) => s.tsigKey !== undefined, true],
    ["dangerous_unsigned_dns", "true", (s) => s.tsigKey !== undefined, true]
  ])("reads %s: %j", (key, text, read, value) => {
    assert.deepStrictEqual(read(settingsOf({ [key]: text })), value)
    assert.isFalse(settingsOf({ [key]: text }).extra.has(key))
  })

  it.each([
    ["namespace", "Monsoon3"],
    ["namespace", "a/b"],
    ["namespace", "a".repeat(64)],
    ["namespace_policy", "Template"],
    ["username", "two\nlines"],
    ["tsig_key", "not base64!"],
    ["tsig_key", "abc"],
    ["tsig_key", " "],
    ["dangerous_unsigned_dns", "yes"],
    ["dangerous_unsigned_dns", "True"],
    ["dns_ip", "ns1.example.com"],
    ["dns_ip", "10.0.0.256"],
    ["dns_ip", "10.0.0.53.1"],
    ["dns_ip", "::1]/x"],
    ["dns_ip", "1:2"],
    ["dns_port", "0"],
    ["dns_port", "65536"],
    ["vcenter_port", "443.0"],
    ["vcenter_port", "-1"],
    ["vcenter_lookup", "dns"],
    ["vcenter_ca", "/etc/ssl/ca.pem"],
    ["vcenter_ca", certificate.replaceAll("CERTIFICATE", "PRIVATE KEY")],
    ["vcenter_ca", `${certificate}-----BEGIN PRIVATE KEY-----\nTUlJ\n-----END PRIVATE KEY-----\n`],
    ["vcenter_ca", certificate.slice(0, -20)],
    ["vcenter_tls", "true"],
    ["prune_delay", "5 minutes"],
    ["prune_delay", "-1"],
    ["allow_prune_share", "101"],
    ["allow_prune_share", "30%"],
    ["allow_prune_min", "1e3"]
  ])("refuses %s: %j and says what is expected", (key, text) => {
    const problems = problemsOf(encoded({ ...minimal, [key]: text }))
    assert.strictEqual(problems.length, 1)
    assert.match(problems[0] ?? "", new RegExp(`^${key}: expected ..`))
  })

  it.each(["namespace", "username", "password", "tsig_key"])("names %s when it is missing or empty", (key) => {
    const { [key]: _, ...rest } = encoded(minimal)
    assert.match(problemsOf(rest).join(), new RegExp(`^${key}: missing or empty; expected [^,]+$`))
    assert.match(problemsOf({ ...rest, [key]: "" }).join(), new RegExp(`^${key}: missing or empty; expected [^,]+$`))
  })

  it("takes an optional key that is empty as not set", () => {
    const optional = Object.values(FIELDS)
      .map(({ key }) => key)
      .filter((key) => !Object.hasOwn(minimal, key))
    assert.isTrue(same(settingsOf(Object.fromEntries(optional.map((key) => [key, ""]))), settingsOf({})))
  })

  it("does without a TSIG key only when told so by name", () => {
    const { tsig_key: _, ...unsigned } = minimal
    assert.strictEqual(problemsOf(encoded(unsigned)).length, 1)
    assert.strictEqual(problemsOf(encoded({ ...unsigned, dangerous_unsigned_dns: "false" })).length, 1)
    const settings = Result.getOrThrow(decode(encoded({ ...unsigned, dangerous_unsigned_dns: "true" })))
    assert.isUndefined(settings.tsigKey)
  })

  it("names every problem at once", () => {
    const data = { ...encoded({ vcenter_port: "x", prune_delay: "x", vcenter_tls: "x" }), broken: "%%%" }
    assert.deepStrictEqual(
      problemsOf(data)
        .map((message) => message.split(":")[0])
        .sort(),
      ["broken", "namespace", "password", "prune_delay", "tsig_key", "username", "vcenter_port", "vcenter_tls"]
    )
  })

  it.each([
    ["no base64", "%%%"],
    ["base64 without padding", "YQ"],
    ["bytes that are no UTF-8", Buffer.from([0xff, 0xfe, 0x41]).toString("base64")]
  ])("refuses %s in any key", (_, data) => {
    assert.deepStrictEqual(problemsOf({ ...encoded(minimal), any: data }), ["any: expected UTF-8 text in base64"])
    assert.match(
      problemsOf({ ...encoded(minimal), password: data })[0] ?? "",
      /^password: expected UTF-8 text in base64/
    )
  })

  it("drops the line break that echo leaves from the operator's keys, but never from the seed or a template's key", () => {
    const settings = Result.getOrThrow(
      decode(encoded({ ...minimal, namespace: "monsoon3\n", username: "osapivc\r\n", password: "s\n", note: "text\n" }))
    )
    assert.strictEqual(settings.namespace, "monsoon3")
    assert.strictEqual(settings.username, "osapivc")
    assert.strictEqual(Redacted.value(settings.seed), "s\n")
    assert.strictEqual(settings.extra.get("note"), "text\n")
  })

  it("joins a TSIG key that was stored on several lines", () => {
    const { tsigKey } = settingsOf({ tsig_key: "dGVzdC1rZXkt\nbm90LWEtc2VjcmV0\n" })
    assert.strictEqual(tsigKey && Redacted.value(tsigKey), minimal.tsig_key)
  })

  it("gives templates neither the operator's keys nor the predecessor's service users", () => {
    const all = [...Object.values(FIELDS).map(({ key }) => key), ...IGNORED_KEYS]
    const { extra } = settingsOf(
      Object.fromEntries(all.filter((key) => !Object.hasOwn(minimal, key)).map((key) => [key, ""]))
    )
    assert.strictEqual(extra.size, 0)
  })

  it("does not judge the predecessor's service-user keys", () => {
    const settings = Result.getOrThrow(decode({ ...encoded(minimal), password_length: "%%%", ad_ttu_password: "" }))
    assert.strictEqual(settings.extra.size, 0)
  })

  it.each<[text: string, value: Value]>([
    ["true", true],
    ["12", 12],
    ["1e5", "1e5"],
    ["1.10", "1.10"],
    ["1.0", { float: 1 }],
    ["12345678901234567890", 12345678901234567890n],
    ['{"a": [1]}', new Map([["a", [1]]])],
    ['{"a": 1, "a": 2}', '{"a": 1, "a": 2}'],
    ["null", null],
    ["", ""],
    ["plain text", "plain text"]
  ])("gives templates %j without loss", (text, value) => {
    assert.deepStrictEqual(settingsOf({ key: text }).extra.get("key"), value)
  })

  it("keeps a key named like a prototype's property as an ordinary one", () => {
    const data = { ...encoded({ ...minimal, constructor: "a", toString: "b" }) }
    assert.deepStrictEqual([...Result.getOrThrow(decode(data)).extra.keys()], ["constructor", "toString"])
  })

  it("hides every text of four characters or more that is neither a boolean nor a number, also inside JSON", () => {
    const { secrets } = settingsOf({
      a: "abcd",
      b: "abc",
      c: "true",
      d: "12345",
      e: "1.10",
      f: '{"user": {"password": ["nested-secret"]}, "port": 5432}',
      g: "first line\n  second line\n"
    })
    assert.deepStrictEqual(secrets.map(Redacted.value).slice(2), [
      "abcd",
      "nested-secret",
      "first line\n  second line\n",
      "first line\n  second line",
      "first line",
      "second line"
    ])
  })

  it.each<[change: Record<string, string>, login: boolean, transfer: boolean, render: boolean]>([
    [{ password: "other" }, true, false, true],
    [{ username: "other" }, true, false, true],
    [{ vcenter_ca: certificate }, true, false, false],
    [{ vcenter_tls: "insecure" }, true, false, false],
    [{ vcenter_port: "444" }, true, false, false],
    [{ vcenter_lookup: "zone" }, true, false, false],
    [{ tsig_key: "b3RoZXI=" }, false, true, false],
    [{ dns_ip: "10.0.0.1" }, false, true, false],
    [{ dns_port: "54" }, false, true, false],
    [{ namespace: "other" }, false, true, true],
    [{ namespace_policy: "template" }, false, false, true],
    [{ key: "other" }, false, false, true],
    [{ prune_delay: "1s" }, false, false, false],
    [{ key: "value" }, false, false, false]
  ])("after %j knows whether to log in, transfer and render again", (change, login, transfer, render) => {
    const [a, b] = [settingsOf({ key: "value" }), settingsOf({ key: "value", ...change })]
    assert.strictEqual(!Equal.equals(forLogin(a), forLogin(b)), login)
    assert.strictEqual(!Equal.equals(forTransfer(a), forTransfer(b)), transfer)
    assert.strictEqual(!Equal.equals(forRender(a), forRender(b)), render)
    assert.strictEqual(same(a, b), change.key === "value")
  })

  it("takes members of a JSON value in another order for a change, because templates see the order", () => {
    const [a, b] = [settingsOf({ key: '{"a": 1, "b": 2}' }), settingsOf({ key: '{"b": 2, "a": 1}' })]
    assert.isFalse(same(a, b))
    assert.isFalse(Equal.equals(forRender(a), forRender(b)))
  })

  it("has nothing to say loudly about the defaults, and names each key that gives up a protection", () => {
    assert.deepStrictEqual(notices(settingsOf({})), [])
    const settings = settingsOf({
      tsig_key: "",
      dangerous_unsigned_dns: "true",
      vcenter_tls: "insecure",
      allow_prune_share: "31",
      allow_prune_min: "6",
      prune_delay: "2s",
      password: "test-seed\n"
    })
    assert.deepStrictEqual(
      notices(settings).map((notice) => notice.split(/[: ]/)[0]),
      ["dangerous_unsigned_dns", "vcenter_tls", "allow_prune_share", "allow_prune_min", "prune_delay", "password"]
    )
    assert.isFalse(notices(settings).some((notice) => notice.includes("test-seed")))
  })

  it.prop("never throws, whatever the data", [Schema.Record(Schema.String, Schema.String)], ([data]) => {
    decode(data)
    decode(encoded(data))
    decode({ ...encoded(minimal), ...encoded(data) })
  })

  const keys = [...Object.values(FIELDS).map(({ key }) => key), "any"]
  it.prop("never tells a value", [Schema.String, Schema.Boolean], ([text, raw]) => {
    const value = `§${text}§${text}`
    for (const key of keys) {
      for (const message of problemsOf({ ...encoded(minimal), [key]: raw ? value : base64(value) })) {
        assert.isFalse(message.includes(value) || message.includes("§"))
      }
    }
  })

  it("reads a Secret of the largest size", () => {
    const large = "x".repeat(1024 * 1024)
    assert.strictEqual(settingsOf({ large }).extra.get("large"), large)
  })
})
