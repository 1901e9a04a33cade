import { limitExceeded } from "../Failure.ts"
import type { Val } from "../values/Thing.ts"
import { MAX_WIDTH } from "./Digits.ts"
import { binary } from "./Operators.ts"
import { textOf } from "./textOf.ts"

/** Python's `" " * width`, for indentations. */
export const spaces = (width: Val): string => {
  const text = textOf(binary("*", " ", width))
  if (text.length > MAX_WIDTH) throw limitExceeded(`an indentation of more than ${MAX_WIDTH}`)
  return text
}
