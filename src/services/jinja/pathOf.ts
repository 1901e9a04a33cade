import { TemplateMissing } from "./Failure.ts"
import { hashKey } from "./python/Hash.ts"
import { textIn } from "./python/textOf.ts"
import type { Val } from "./values/Thing.ts"
import { Undefined } from "./values/Undefined.ts"

/** The path of a template that another one names: Python looks for anything that a dict can have for a key. */
export const pathOf = (template: Val): string => {
  if (template instanceof Undefined) return template.fail()
  const path = textIn(template)
  if (path !== undefined) return path
  hashKey(template)
  throw new TemplateMissing("")
}
