/**
 * The cookies of one session, name and value verbatim: vCenter's value is quoted, and only valid with its quotes.
 * Only the answer to `Login` sets them: what comes before belongs to no session.
 */
export class Cookies {
  readonly #values = new Map<string, string>()

  /** Forgets the session: vCenter answers InvalidLogin to a login that comes with a live one. */
  drop(): void {
    this.#values.clear()
  }

  /** Takes the `Set-Cookie` headers of an answer. */
  keep(headers: ReadonlyArray<string>): void {
    for (const header of headers) {
      const [, name, value] = /^([^=;\s]+)=([^;]*)/.exec(header) ?? []
      if (name !== undefined && value !== undefined) this.#values.set(name, value.trim())
    }
  }

  /** The `Cookie` header. */
  get header(): Readonly<Record<string, string>> {
    if (this.#values.size === 0) return {}
    return { Cookie: [...this.#values].map(([name, value]) => `${name}=${value}`).join("; ") }
  }

  /** What must not be shown. */
  get secrets(): ReadonlyArray<string> {
    return [...this.#values.values()].map((value) => value.replaceAll('"', ""))
  }
}
