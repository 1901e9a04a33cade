import { unsupported } from "../Failure.ts"
import { Bytes } from "../values/Bytes.ts"
import { Builtin, type Run } from "../values/Callable.ts"
import { BuiltinClass, Class } from "../values/Class.ts"
import { Dict, DictView } from "../values/Dict.ts"
import { Float } from "../values/Float.ts"
import { Markup } from "../values/Markup.ts"
import { PySet } from "../values/PySet.ts"
import { Range } from "../values/Range.ts"
import { Thing, type Val } from "../values/Thing.ts"
import { Tuple } from "../values/Tuple.ts"
import { Undefined } from "../values/Undefined.ts"
import { dictMethods, viewMethods } from "./DictMethods.ts"
import { bytesMethods } from "./Encoding.ts"
import { listMethods } from "./ListMethods.ts"
import { markupMethod } from "./markupMethod.ts"
import { intOf } from "./Numbers.ts"
import { numberAttribute } from "./numberAttribute.ts"
import { pointAt } from "./Points.ts"
import { isRefused } from "./Refused.ts"
import { sequenceMethods } from "./SequenceMethods.ts"
import { setMethods } from "./SetMethods.ts"
import { stringMethods } from "./StringMethods.ts"
import { specialMethod } from "./specialMethod.ts"
import { typeName } from "./Text.ts"

/**
 * `value.name` as Jinja2 looks it up: a method or attribute first, then an item, then undefined.
 * Only the tables here and an object's own table are looked at, never a JavaScript property.
 */
export const getAttribute = (value: Val, name: string): Val => {
  const found = attributeOf(value, name)
  if (found !== undefined) return found
  const item = itemOf(value, name)
  return item === undefined ? nothing(value, name) : item
}

/**
 * `value[key]` as Jinja2 looks it up: an item first, then, for a text, a method or attribute, then undefined.
 *
 * @param isLiteral the key stands in the template, so that messages may show it
 */
export const getItem = (value: Val, key: Val, isLiteral = false): Val => {
  const found = itemOf(value, key)
  if (found !== undefined) return found
  const name = key instanceof Markup ? key.text : key
  if (typeof name !== "string") return nothing(value, typeof key === "number" ? key : undefined)
  const attribute = attributeOf(value, name)
  return attribute === undefined ? nothing(value, isLiteral ? name : undefined) : attribute
}

/** A method or attribute, as Python's `getattr`; undefined when there is none. */
export const attributeOf = (value: Val, name: string): Val | undefined => {
  if (value instanceof Undefined && name !== "__class__") return value.fail()
  const own = value instanceof Thing ? value.attribute(name) : undefined
  if (own !== undefined) return own
  if (name.startsWith("__")) {
    const special = specialMethod(value, name)
    if (special === undefined) throw unsupported(`the attribute ${name.slice(0, 80)} of ${typeName(value)}`)
    return special
  }
  if (
    isRefused(typeName(value), name) ||
    ((value instanceof Class || value instanceof BuiltinClass) && METHODS.some((methods) => methods.has(name)))
  ) {
    throw unsupported(`the attribute ${name.slice(0, 80)} of ${typeName(value)}`)
  }
  if (value instanceof Float || typeof value === "boolean" || intOf(value) !== undefined) {
    return numberAttribute(value, name)
  }
  const method = methodOf(value, name)
  if (method === undefined) return undefined
  return new Builtin(name, (args) => method({ ...args, positional: [value, ...args.positional] }))
}

// Those that a class has as well, and gives unbound.
const METHODS = [stringMethods, listMethods, dictMethods, setMethods]

const methodOf = (value: Val, name: string): Run | undefined => {
  if (typeof value === "string") return stringMethods.get(name)
  if (Array.isArray(value)) return listMethods.get(name)
  if (value instanceof Dict) return dictMethods.get(name)
  if (value instanceof Markup) return markupMethod(name)
  if (value instanceof Bytes) return bytesMethods.get(name)
  if (value instanceof PySet) return setMethods.get(name)
  if (value instanceof DictView) return value.type === "dict_values" ? undefined : viewMethods.get(name)
  return value instanceof Tuple || value instanceof Range ? sequenceMethods.get(name) : undefined
}

// Whatever Python would raise here (a wrong index, a wrong type, no such key) only means that there is no item.
const itemOf = (value: Val, key: Val): Val | undefined => {
  if (value instanceof Undefined) return value.fail()
  if (value instanceof Dict) return isKey(key) ? value.get(key) : undefined
  if (typeof value === "string")
    return at(
      value.length,
      key,
      (index) => pointAt(value, index),
      () => [...value].length
    )
  if (value instanceof Markup) {
    const found = itemOf(value.text, key)
    return typeof found === "string" ? new Markup(found) : found
  }
  if (Array.isArray(value)) return at(value.length, key, (index) => value[index])
  if (value instanceof Tuple) return at(value.items.length, key, (index) => value.items[index])
  if (value instanceof Range) {
    const length = value.length()
    return at(length, key, (index) => (index < length ? value.at(index) : undefined))
  }
  return value instanceof Thing ? value.item(key) : undefined
}

const at = <A>(length: number, key: Val, take: (index: number) => A, exactly?: () => number): A | undefined => {
  const index = intOf(key)
  if (typeof index !== "number") return undefined
  const from = index < 0 ? index + (exactly?.() ?? length) : index
  return from < 0 ? undefined : take(from)
}

const isKey = (key: Val): boolean => !(Array.isArray(key) || key instanceof Dict || key instanceof PySet)

// The key of a subscript may be a secret: only what stands in the template's text, and numbers, are shown.
const nothing = (value: Val, key: string | number | undefined): Undefined => {
  const what = value === null ? "None" : `${typeName(value)} object`
  if (typeof key === "number") return new Undefined(`${what} has no element ${key}`)
  return new Undefined(key === undefined ? `'${what}' has no such item` : `'${what}' has no attribute '${key}'`)
}
