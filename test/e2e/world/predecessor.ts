import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { Api, Ask } from "./Api.ts"

/** An object of the API, its place included. */
export interface Body {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace: string } & Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

const PLURALS: Readonly<Record<string, string>> = { ConfigMap: "configmaps", Deployment: "deployments" }

/** Where an object lies, or with another name beside it. */
export const pathOf = ({ apiVersion, kind, metadata }: Body, name: string = metadata.name): string =>
  `/${apiVersion === "v1" ? "api" : "apis"}/${apiVersion}/namespaces/${metadata.namespace}/${PLURALS[kind]}${name === "" ? "" : `/${name}`}`

/** As the Python client names itself, and thereby the manager of its writes when it gives none. */
const AGENT = "OpenAPI-Generator/35.0.0/python"
const MANAGED = "fieldManager=vcenter-operator"

/**
 * The requests that the predecessor's Python client sends (kubernetes.dynamic, release 35): methods, queries, content types and
 * `True` as it spells it.
 */
export const predecessor = (api: Api) => {
  const send = Effect.fnUntraced(function* (ask: Omit<Ask, "agent">, expected: ReadonlyArray<number>) {
    const { status, body } = yield* api.ask({ ...ask, agent: AGENT })
    assert.include(expected, status, `${ask.method} ${ask.path}: ${body.slice(0, 500)}`)
  })
  const json = (body: Body) => JSON.stringify(body)
  return {
    /** `server_side_apply(…, force_conflicts=True, field_manager="vcenter-operator")`. */
    apply: (body: Body) =>
      send(
        {
          method: "PATCH",
          path: `${pathOf(body)}?${MANAGED}&force=True`,
          type: "application/apply-patch+yaml",
          body: json(body)
        },
        [200, 201]
      ),
    /** `replace(…, field_manager="vcenter-operator")`: what it does when the server refuses the apply. */
    put: (body: Body) => send({ method: "PUT", path: `${pathOf(body)}?${MANAGED}`, body: json(body) }, [200]),
    /** `create(…)` of releases that named no manager. */
    create: (body: Body) => send({ method: "POST", path: pathOf(body, ""), body: json(body) }, [201]),
    /** `patch(…)` of those: a JSON patch. */
    patch: (body: Body, operations: ReadonlyArray<unknown>) =>
      send(
        { method: "PATCH", path: pathOf(body), type: "application/json-patch+json", body: JSON.stringify(operations) },
        [200]
      )
  }
}
