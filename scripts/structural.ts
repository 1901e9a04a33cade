import { Predicate, Schema } from "effect"

type Node = { readonly [key: string]: unknown }

/**
 * A Schema's JSON Schema in the dialect that a CustomResourceDefinition accepts ("structural": every node typed, no
 * `$ref`, no null in unions; see the Kubernetes documentation, "Specifying a structural schema").
 *
 *   draft 2020-12                  | structural
 *   -------------------------------+--------------------------------------------------
 *   $ref                           | the definition itself
 *   anyOf [X, null]                | X, nullable
 *   {} and free-form records       | x-kubernetes-preserve-unknown-fields: the server would prune the content
 *   ±9007199254740991 as a bound   | none
 *   array                          | x-kubernetes-list-type: atomic, so that managedFields does not grow with it
 *   array of conditions            | x-kubernetes-list-type: map, by type
 */
export const structural = (schema: Schema.Top): Node => {
  const document = Schema.toJsonSchemaDocument(schema)
  return walk(document.schema, document.definitions)
}

const isNode = (value: unknown): value is Node => Predicate.isObject(value) && !Array.isArray(value)

const FREE_FORM: Node = { "x-kubernetes-preserve-unknown-fields": true }

const walk = (node: unknown, definitions: Node): Node => {
  if (!isNode(node)) return FREE_FORM
  if (typeof node.$ref === "string") return walk(definitions[node.$ref.replace("#/$defs/", "")], definitions)
  const union = Array.isArray(node.anyOf) ? node.anyOf : []
  const others = union.filter((option) => !(isNode(option) && option.type === "null"))
  if (union.length > 0 && others.length === 1) return { ...walk(others[0], definitions), nullable: true }
  if (union.length > 0) return FREE_FORM
  switch (node.type) {
    case "object":
      return object(node, definitions)
    case "array": {
      const items = walk(node.items, definitions)
      return { type: "array", items, ...listType(items) }
    }
    case "string":
    case "boolean":
    case "integer":
    case "number":
      return scalar(node)
    default:
      return FREE_FORM
  }
}

const object = (node: Node, definitions: Node): Node => {
  if (!isNode(node.properties)) return { type: "object", ...FREE_FORM }
  const properties = Object.entries(node.properties).map(([name, child]) => [name, walk(child, definitions)])
  return {
    type: "object",
    ...(Array.isArray(node.required) && node.required.length > 0 ? { required: node.required } : {}),
    properties: Object.fromEntries(properties)
  }
}

const scalar = ({ type, enum: values, description }: Node): Node => ({
  type,
  ...(values === undefined ? {} : { enum: values }),
  ...(description === undefined ? {} : { description })
})

const listType = (items: Node): Node =>
  isNode(items.properties) && "lastTransitionTime" in items.properties
    ? { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] }
    : { "x-kubernetes-list-type": "atomic" }
