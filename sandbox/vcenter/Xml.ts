/** One element, its name without prefix. Enough XML for SOAP: no namespaces, no mixed content. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly text: string
  readonly children: ReadonlyArray<Element>
}

export const element = (
  name: string,
  content: string | ReadonlyArray<Element> = "",
  attributes: Readonly<Record<string, string>> = {}
): Element => ({
  name,
  attributes,
  text: typeof content === "string" ? content : "",
  children: typeof content === "string" ? [] : content
})

export const child = (self: Element, name: string): Element | undefined => self.children.find((c) => c.name === name)

export const children = (self: Element, name: string): ReadonlyArray<Element> =>
  self.children.filter((c) => c.name === name)

/** Text of a child; `""` where there is none. */
export const textOf = (self: Element, name: string): string => child(self, name)?.text ?? ""

const TOKEN =
  /<\?[^>]*\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s/>]+)((?:\s+[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/y

const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** Throws a SyntaxError where the text is no XML. */
export const parse = (source: string): Element => {
  const document: Open = { name: "", attributes: {}, text: "", children: [] }
  const open = [document]
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(source)
    const top = open.at(-1)
    if (match === null || top === undefined) throw new SyntaxError(`no XML at character ${at}`)
    const [, cdata, closing, name, attributes, empty, text] = match
    if (cdata !== undefined) top.text += cdata
    else if (text !== undefined) top.text += unescape(text)
    else if (name === undefined) continue
    else if (closing === "/") {
      if (open.pop()?.name !== localName(name) || open.length === 0) throw new SyntaxError(`</${name}> closes nothing`)
    } else {
      const next: Open = { name: localName(name), attributes: attributesIn(attributes ?? ""), text: "", children: [] }
      top.children.push(next)
      if (empty !== "/") open.push(next)
    }
  }
  const [root] = document.children
  if (root === undefined || open.length !== 1) throw new SyntaxError("an element is not closed")
  return root
}

interface Open extends Element {
  text: string
  readonly children: Array<Element>
}

const attributesIn = (source: string): Record<string, string> =>
  Object.fromEntries([...source.matchAll(ATTRIBUTE)].map(([, name, a, b]) => [name ?? "", unescape(a ?? b ?? "")]))

const localName = (name: string): string => name.slice(name.indexOf(":") + 1)

export const print = (self: Element): string => {
  const attributes = Object.entries(self.attributes).map(([name, value]) => ` ${name}="${escape(value)}"`)
  const content = self.children.length === 0 ? escape(self.text) : self.children.map(print).join("")
  return `<${self.name}${attributes.join("")}>${content}</${self.name}>`
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&apos;"]
])
const NAMED: ReadonlyMap<string, string> = new Map([...ESCAPES].map(([plain, escaped]) => [escaped, plain]))

const escape = (text: string): string => text.replace(/[&<>"']/g, (plain) => ESCAPES.get(plain) ?? plain)

const unescape = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|\w+);/gi, (entity, decimal?: string, hex?: string) => {
    if (decimal !== undefined) return String.fromCodePoint(Number.parseInt(decimal, 10))
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    return NAMED.get(entity) ?? entity
  })
