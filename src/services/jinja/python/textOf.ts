import { typeError } from "../Failure.ts"
import { Markup } from "../values/Markup.ts"
import type { Val } from "../values/Thing.ts"
import { Undefined } from "../values/Undefined.ts"
import { typeName } from "./Text.ts"

/** The text in a value, for what uses it as one: an undefined value says why it is undefined. */
export const definedText = (value: Val): string => (value instanceof Undefined ? value.fail() : textOf(value))

/** The text in a value, for what takes nothing but a text, as Python's own methods. */
export const textOf = (value: Val): string => {
  if (typeof value === "string") return value
  if (value instanceof Markup) return value.text
  throw typeError(`a string is required, not ${typeName(value)}`)
}
