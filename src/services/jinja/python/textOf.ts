import { typeError } from "../Failure.ts"
import { Markup } from "../values/Markup.ts"
import type { Val } from "../values/Thing.ts"
import { Undefined } from "../values/Undefined.ts"
import { typeName } from "./Text.ts"

/** The text in a value, for what uses it as one: an undefined value says why it is undefined. */
export const definedText = (value: Val): string => (value instanceof Undefined ? value.fail() : textOf(value))

/** The text in a value, or undefined when it is none. */
export const textIn = (value: Val): string | undefined =>
  typeof value === "string" ? value : value instanceof Markup ? value.text : undefined

/** The text in a value, for what takes nothing but a text, as Python's own methods. */
export const textOf = (value: Val): string => {
  const text = textIn(value)
  if (text !== undefined) return text
  throw typeError(`a string is required, not ${typeName(value)}`)
}
