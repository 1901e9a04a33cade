import { createHash } from "node:crypto"
import { Effect, Layer } from "effect"
import nunjucks from "nunjucks"
import type { Value } from "../domain/Value.ts"
import { RenderError, Renderer } from "./Renderer.ts"

const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value))
const escape = (value: unknown): string => text(value).replaceAll("$", "$$$$")
const quote = (value: unknown): string => `"${escape(value).replaceAll('"', '\\"')}"`

const plain = (value: Value): unknown => {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [key, plain(each)]))
  if (value instanceof Set) return [...value]
  return Array.isArray(value) ? value.map(plain) : value
}

const option = (options: { readonly [key: string]: unknown }, name: string, standard: string): string => {
  const value = options[name]
  return typeof value === "string" ? value : standard
}

/** Stands in for the renderer until it is there. */
export const basicRenderer = Layer.succeed(Renderer, {
  render: ({ template, context }) =>
    Effect.try({
      try: () => {
        for (const [name, reason] of context.unavailable) if (template.source.includes(name)) throw new Error(reason)
        const environment = new nunjucks.Environment(null, {
          autoescape: false,
          tags: {
            variableStart: option(template.options, "variable_start_string", "{{"),
            variableEnd: option(template.options, "variable_end_string", "}}")
          }
        } as nunjucks.ConfigureOptions)
        environment.addFilter("ini_escape", escape)
        environment.addFilter("ini_quote", quote)
        environment.addFilter("quote", quote)
        environment.addFilter("b64enc", (value: unknown) => Buffer.from(text(value)).toString("base64"))
        environment.addFilter("sha256sum", (value: unknown) => createHash("sha256").update(text(value)).digest("hex"))
        const values = [...context.values].map(([key, value]) => [key, plain(value)])
        return environment.renderString(template.source, Object.fromEntries(values))
      },
      catch: (error) =>
        new RenderError({
          kind: "syntax",
          template: template.name,
          line: Number(/Line (\d+)/.exec(String(error))?.[1] ?? 1),
          detail: String(error).split("\n").join(" ")
        })
    })
})
