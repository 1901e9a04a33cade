import type { KubeReason } from "../../src/services/Kube.ts"
import type { Failure } from "../../src/services/kube/Failure.ts"

/** The operations of the `Kube` service, and what they are asked about. */
export interface Asked {
  readonly verb: Verb
  readonly apiVersion: string
  readonly kind: string
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  readonly dryRun: boolean
}

export type Verb = "discover" | "get" | "list" | "watch" | "apply" | "patch" | "create" | "delete" | "update status"

export const isWrite = ({ verb, dryRun }: Asked): boolean =>
  !dryRun && !["discover", "get", "list", "watch"].includes(verb)

/** A failure to come. What is left out matches everything. */
export interface Fault {
  readonly verb?: Verb
  readonly kind?: string
  readonly name?: string
  readonly reason: typeof KubeReason.Type
  readonly detail?: string
  readonly retryAfter?: number
  /** How many requests fail, one when left out. */
  readonly times?: number
  /** The request is performed all the same; only its answer is lost. */
  readonly afterEffect?: boolean
}

/** The failures that were ordered, each used up by the requests that it matches. */
export class Faults {
  #orders: Array<{ readonly fault: Fault; left: number }> = []

  add(fault: Fault): void {
    this.#orders.push({ fault, left: fault.times ?? 1 })
  }

  clear(): void {
    this.#orders = []
  }

  /** The failure of this request, counted down. */
  take(asked: Asked): (Failure & { readonly afterEffect: boolean }) | undefined {
    const order = this.#orders.find(({ fault }) => matches(fault, asked))
    if (order === undefined) return undefined
    order.left--
    if (order.left <= 0) this.#orders = this.#orders.filter((other) => other !== order)
    const { reason, detail = "ordered by the sandbox", retryAfter, afterEffect = false } = order.fault
    return { reason, detail, afterEffect, ...(retryAfter === undefined ? {} : { retryAfter }) }
  }
}

const matches = (fault: Fault, asked: Asked): boolean =>
  (fault.verb === undefined || fault.verb === asked.verb) &&
  (fault.kind === undefined || fault.kind === asked.kind) &&
  (fault.name === undefined || fault.name === asked.name)
