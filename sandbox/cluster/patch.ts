import type { Json } from "../../src/domain/Manifest.ts"
import type { PatchOperation } from "../../src/domain/Patch.ts"
import { isArray, isObject } from "../../src/services/kube/Json.ts"

/** The value after a JSON patch (RFC 6902); undefined when an operation names something that is not there. */
export const patch = (value: Json, operations: ReadonlyArray<PatchOperation>): Json | undefined =>
  operations.reduce<Json | undefined>(
    (before, operation) => (before === undefined ? undefined : at(before, pointer(operation.path), operation)),
    value
  )

/** The parts of a JSON pointer (RFC 6901). */
const pointer = (path: string): ReadonlyArray<string> =>
  path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))

const at = (value: Json, [part, ...rest]: ReadonlyArray<string>, operation: PatchOperation): Json | undefined => {
  if (part === undefined) return operation.op === "remove" ? undefined : operation.value
  if (isArray(value)) return inList(value, part, rest, operation)
  if (!isObject(value)) return undefined
  const { [part]: inner, ...others } = value
  if (rest.length > 0) {
    const changed = inner === undefined ? undefined : at(inner, rest, operation)
    return changed === undefined ? undefined : { ...value, [part]: changed }
  }
  if (operation.op !== "add" && inner === undefined) return undefined
  return operation.op === "remove" ? others : { ...value, [part]: operation.value }
}

const inList = (
  items: ReadonlyArray<Json>,
  part: string,
  rest: ReadonlyArray<string>,
  operation: PatchOperation
): Json | undefined => {
  const index = part === "-" ? items.length : Number(part)
  const inner = items[index]
  if (rest.length > 0) {
    const changed = inner === undefined ? undefined : at(inner, rest, operation)
    return changed === undefined ? undefined : items.with(index, changed)
  }
  if (operation.op === "add") return index <= items.length ? items.toSpliced(index, 0, operation.value) : undefined
  if (inner === undefined) return undefined
  return operation.op === "remove" ? items.toSpliced(index, 1) : items.with(index, operation.value)
}
