import { type Element, element } from "./Xml.ts"

/** Elements that the API's WSDL declares as repeatable: always an array. */
const REPEATABLE: ReadonlySet<string> = new Set([
  "changeSet",
  "filterSet",
  "ManagedObjectReference",
  "missingSet",
  "objects",
  "objectSet",
  "propSet"
])

/** The element that the soap package would send for an argument. */
export const fromSoap = (name: string, value: unknown): Element => {
  if (typeof value !== "object" || value === null) return element(name, String(value))
  const entries: ReadonlyArray<[string, unknown]> = Object.entries(value)
  const attributes = entries.find(([key]) => key === "attributes")?.[1]
  return {
    name,
    attributes: typeof attributes === "object" && attributes !== null ? { ...attributes } : {},
    text: String(entries.find(([key]) => key === "$value")?.[1] ?? ""),
    children: entries
      .filter(([key, child]) => key !== "attributes" && key !== "$value" && child !== undefined)
      .flatMap(([key, child]) =>
        Array.isArray(child) ? child.map((one) => fromSoap(key, one)) : [fromSoap(key, child)]
      )
  }
}

/** What the soap package makes of an element. */
export const toSoap = ({ attributes, text, children }: Element): unknown => {
  const plain = Object.keys(attributes).length === 0
  if (children.length === 0) return plain ? text : { attributes, ...(text === "" ? {} : { $value: text }) }
  const groups = [...Map.groupBy(children, ({ name }) => name)].map(([name, group]) => {
    const values = group.map(toSoap)
    return [name, values.length > 1 || REPEATABLE.has(name) ? values : values[0]] as const
  })
  return { ...(plain ? {} : { attributes }), ...Object.fromEntries(groups) }
}
