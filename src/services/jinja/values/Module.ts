import { Thing, type Val } from "./Thing.ts"

/** An imported template: what it exports, by name. Printed it is its text. */
export class Module extends Thing {
  readonly type = "TemplateModule"
  readonly path: string
  readonly #text: string
  readonly #exported: ReadonlyMap<string, Val>

  constructor(path: string, text: string, exported: ReadonlyMap<string, Val>) {
    super()
    this.path = path
    this.#text = text
    this.#exported = exported
  }

  override str(): string {
    return this.#text
  }

  override attribute(name: string): Val | undefined {
    return this.#exported.get(name)
  }
}
