import { hash } from "node:crypto"
import type { Context } from "../Context.ts"
import { Failure, typeError } from "../Failure.ts"
import { pathOf } from "../pathOf.ts"
import { str, typeName } from "../python/Text.ts"
import { definedText } from "../python/textOf.ts"
import { Bytes } from "../values/Bytes.ts"
import { type Run, takes } from "../values/Callable.ts"
import { Markup } from "../values/Markup.ts"
import type { Val } from "../values/Thing.ts"
import { Undefined } from "../values/Undefined.ts"

const bytesOf = (value: Val): Buffer => {
  if (value instanceof Bytes) return Buffer.from(value.latin1, "latin1")
  const text = value instanceof Markup ? value.text : value
  if (typeof text !== "string") throw typeError(`a text is required, not '${typeName(value)}'`)
  return Buffer.from(text, "utf8")
}

const known = (context: Context, name: string): Val => {
  const value = context.read(name)
  if (value instanceof Undefined) throw typeError(`derive_password needs '${name}', which is undefined`)
  return value
}

// oslo.config takes a single `$` for a reference to another setting.
const iniEscape = (value: Val): string => {
  const text = str(value)
  return text.includes("$") ? text.replaceAll("$", "$$$$") : text
}

const quote: Run = takes(["value"], ([value]) => `"${iniEscape(value).replaceAll('"', '\\"')}"`)

/**
 * The predecessor's filters.
 *
 *   filter                | gives
 *   ----------------------+-------------------------------------------------------------------
 *   ini_escape            | the text with `$` as `$$`
 *   ini_quote, quote      | the same with `"` as `\"`, in double quotes
 *   b64enc, sha256sum     | base64, hexadecimal SHA-256 of the text in UTF-8
 *   derive_password(host) | the password of a user (None: the context's `username`) on a host (default: `host`)
 *   render                | the template with this path, in the same context, by its own options
 */
export const OPERATOR_FILTERS: Readonly<Record<string, Run>> = {
  b64enc: takes(["value"], ([value]) => bytesOf(value).toString("base64")),
  derive_password: takes(["username", ["host", null]], ([username, host], context) => {
    const user = definedText(username ?? known(context, "username"))
    const site = definedText(host ?? known(context, "host"))
    if (user === "" || site === "") throw new Failure("type", "derive_password needs a user name and a host")
    return context.rendering.sources.password(user, site)
  }),
  ini_escape: takes(["value"], ([value]) => iniEscape(value)),
  ini_quote: quote,
  quote,
  render: takes(["path"], ([path], context) => context.rendered(pathOf(path), context.all())),
  sha256sum: takes(["value"], ([value]) => hash("sha256", bytesOf(value)))
}
