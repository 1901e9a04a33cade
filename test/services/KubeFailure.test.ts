import { assert, describe, it } from "@effect/vitest"
import { failureOf } from "../../src/services/kube/Failure.ts"
import { withoutValues } from "../../src/services/kube/withoutValues.ts"

const status = (message: string, rest: object = {}) => JSON.stringify({ kind: "Status", message, ...rest })

describe("failureOf", () => {
  // The messages are those of kube-apiserver 1.36.
  const untypeable =
    "failed to create typed patch object (/a; /v1, Kind=ConfigMap): .dota: field not declared in schema"
  const rows: ReadonlyArray<readonly [number, string, string]> = [
    [401, status("Unauthorized"), "Forbidden"],
    [403, status('configmaps is forbidden: User "x" cannot list'), "Forbidden"],
    [404, status('configmaps "a" not found', { details: { name: "a", kind: "configmaps" } }), "NotFound"],
    [404, status('namespaces "a" not found', { details: { name: "a", kind: "namespaces" } }), "NotFound"],
    [404, status("the server could not find the requested resource", { details: {} }), "Unserved"],
    [404, "404 page not found\n", "Unserved"],
    [408, "", "Timeout"],
    [504, status("Timeout: request did not complete within the requested timeout"), "Timeout"],
    [409, status('configmaps "a" already exists', { details: { name: "a" } }), "Conflict"],
    [410, status("The provided continue parameter is too old"), "Gone"],
    [429, status("too many requests"), "TooManyRequests"],
    [500, status(untypeable), "Rejected"],
    [500, status("failed to convert new object (/a; /v1, Kind=Secret) to proper version: illegal base64"), "Rejected"],
    [500, status("etcdserver: request timed out"), "ServerError"],
    [502, "<html>bad gateway</html>", "ServerError"],
    [503, status("starting"), "ServerError"],
    [400, status("invalid continue token"), "Rejected"],
    [405, "", "Rejected"],
    [413, status("etcdserver: request is too large"), "Rejected"],
    [422, status("Deployment.apps is invalid"), "Rejected"],
    [302, "", "Rejected"]
  ]
  it.each(rows)("%d with %j is %s", (code, body, reason) => {
    assert.strictEqual(failureOf(code, undefined, body).reason, reason)
  })

  const waits: ReadonlyArray<readonly [string | undefined, string, number | undefined]> = [
    ["3", status("later"), 3],
    [undefined, status("later", { details: { retryAfterSeconds: 5 } }), 5],
    ["3", status("later", { details: { retryAfterSeconds: 5 } }), 3],
    ["Wed, 21 Oct 2026 07:28:00 GMT", status("later"), undefined],
    ["-1", status("later"), undefined],
    [undefined, "no JSON", undefined]
  ]
  it.each(waits)("with Retry-After %j and %j: %j seconds", (header, body, seconds) => {
    assert.strictEqual(failureOf(429, header, body).retryAfter, seconds)
  })

  it("says the status code when there is no message", () => {
    assert.strictEqual(failureOf(502, undefined, "<html>a secret</html>").detail, "HTTP 502")
  })
})

describe("withoutValues", () => {
  const rows: ReadonlyArray<readonly [string, string]> = [
    ["spec.replicas: Invalid value: -1: must be at least 0", "spec.replicas: Invalid value: must be at least 0"],
    [
      'spec.selector: Invalid value: {"a":{"b":"c: d"}}: field is immutable',
      "spec.selector: Invalid value: field is immutable"
    ],
    ['metadata.name: Duplicate value: "a"', "metadata.name: Duplicate value"],
    [
      'x is invalid: [a: Invalid value: "s\\"e]c: ret": no, b: Required value]',
      "x is invalid: [a: Invalid value: no, b: Required value]"
    ],
    [
      'spec.type: Unsupported value: "secret": supported values: "ClusterIP"',
      'spec.type: Unsupported value: supported values: "ClusterIP"'
    ],
    [
      'failed to create typed patch object (/d; apps/v1, Kind=Deployment): .spec.containers[name="c"].env[name="P"].value: expected string, got &value.valueUnstructured{Value:123456}',
      'failed to create typed patch object (/d; apps/v1, Kind=Deployment): .spec.containers[name="c"].env[name="P"].value: expected string, got another type'
    ],
    [".data: expected map, got &{[hunter2]}", ".data: expected map, got another type"],
    [
      'error decoding from json: parsing "hunter2": invalid syntax',
      'error decoding from json: parsing "…": invalid syntax'
    ],
    ["spec: Forbidden: may not change\n  core.PodSpec{ hunter2 }", "spec: Forbidden: may not change"],
    ["x".repeat(700), `${"x".repeat(600)}…`],
    ['namespaces "a" not found', 'namespaces "a" not found']
  ]
  it.each(rows)("%j becomes %j", (message, plain) => {
    assert.strictEqual(withoutValues(message), plain)
  })
})
