import { typeError } from "../Failure.ts"
import { Markup } from "../values/Markup.ts"
import type { Val } from "../values/Thing.ts"
import { Undefined } from "../values/Undefined.ts"
import { typeName } from "./Text.ts"

/** The text in a value, for what takes nothing but a text. */
export const textOf = (value: Val): string => {
  if (typeof value === "string") return value
  if (value instanceof Markup) return value.text
  if (value instanceof Undefined) return value.fail()
  throw typeError(`a string is required, not ${typeName(value)}`)
}
