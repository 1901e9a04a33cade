import type { ZoneRecord } from "../../src/domain/Zone.ts"

/** A record of a reply; SOA records are written with the zone's own names. */
export type Resource = ZoneRecord | { readonly type: "SOA"; readonly serial: number }

export interface Question {
  readonly id: number
  readonly name: string
  readonly type: string
}

/** A message before it is encoded and signed. */
export interface Draft {
  readonly id: number
  readonly isAnswer: boolean
  readonly isTruncated: boolean
  readonly rcode: number
  readonly question: Question | undefined
  readonly answers: ReadonlyArray<Resource>
  /** `forged`: made with another secret; `stale`: with the time of an hour ago. */
  readonly signature: "right" | "none" | "forged" | "stale"
}

/** What a query is answered with, and what becomes of the connection then. */
export interface Reply {
  readonly messages: ReadonlyArray<Draft>
  readonly ending: "stay" | "close" | "reset"
}

/** How the next answer goes wrong. Those that need a transfer of several messages leave a single message as it is. */
export type Fault =
  /** Closes the connection without an answer, as designate does on a wrong key. */
  | "drop"
  /** Never answers, and keeps the connection. */
  | "mute"
  /** Resets the connection after the first message. */
  | "reset"
  /** Closes the connection after half of the messages. */
  | "truncate"
  /** Sends half of the messages and then nothing more. */
  | "stall"
  | "unsigned"
  | "unsignedLast"
  | "forged"
  | "forgedLast"
  | "stale"
  /** Answers SERVFAIL, unsigned, instead of the middle message, as designate can. */
  | "servfailInTheMiddle"
  | "empty"
  | "soaNotFirst"
  | "answersAfterTheEnd"
  | "otherClosingSoa"
  | "wrongQuestion"
  | "noQuestion"
  | "wrongId"
  | "notAnAnswer"
  | "truncatedBit"
  | { readonly rcode: number }
  /** The response code without a TSIG. */
  | { readonly unsignedRcode: number }
  /** This many messages after the first are not signed. */
  | { readonly unsignedMiddle: number }
  /** The server's clock is this many seconds ahead: it finds the query's time wrong (BADTIME). */
  | { readonly clockAhead: number }

/** The reply with the fault in it. */
export const apply = (fault: Fault, reply: Reply): Reply => {
  if (typeof fault === "string") return NAMED[fault](reply)
  if ("rcode" in fault) return onFirst(reply, { rcode: fault.rcode, answers: [] })
  if ("unsignedRcode" in fault) {
    return onFirst(reply, { rcode: fault.unsignedRcode, answers: [], signature: "none" })
  }
  if ("unsignedMiddle" in fault) {
    return onEach(reply, (draft, index) =>
      index > 0 && index <= fault.unsignedMiddle ? { ...draft, signature: "none" } : draft
    )
  }
  return reply
}

const SERVFAIL = 2

const NAMED: Readonly<Record<Extract<Fault, string>, (reply: Reply) => Reply>> = {
  drop: () => ({ messages: [], ending: "close" }),
  mute: () => ({ messages: [], ending: "stay" }),
  reset: ({ messages }) => ({ messages: messages.slice(0, 1), ending: "reset" }),
  truncate: ({ messages }) => ({ messages: messages.slice(0, Math.ceil(messages.length / 2)), ending: "close" }),
  stall: ({ messages }) => ({ messages: messages.slice(0, Math.ceil(messages.length / 2)), ending: "stay" }),
  unsigned: (reply) => onEach(reply, (draft) => ({ ...draft, signature: "none" })),
  unsignedLast: (reply) => onLast(reply, { signature: "none" }),
  forged: (reply) => onFirst(reply, { signature: "forged" }),
  forgedLast: (reply) => onLast(reply, { signature: "forged" }),
  stale: (reply) => onFirst(reply, { signature: "stale" }),
  servfailInTheMiddle: (reply) =>
    onEach(reply, (draft, index) =>
      index === Math.floor(reply.messages.length / 2)
        ? { ...draft, rcode: SERVFAIL, answers: [], signature: "none" }
        : draft
    ),
  empty: (reply) => onFirst(reply, { answers: [] }),
  soaNotFirst: (reply) =>
    onEach(reply, (draft, index) => (index === 0 ? { ...draft, answers: draft.answers.slice(1) } : draft)),
  answersAfterTheEnd: (reply) =>
    onEach(reply, (draft, index) =>
      index === reply.messages.length - 1
        ? { ...draft, answers: [...draft.answers, { name: "late.example.com", type: "A", data: "192.0.2.1" }] }
        : draft
    ),
  otherClosingSoa: (reply) =>
    onEach(reply, (draft, index) =>
      index === reply.messages.length - 1
        ? { ...draft, answers: draft.answers.with(-1, { type: "SOA", serial: 4_000_000_000 }) }
        : draft
    ),
  wrongQuestion: (reply) =>
    onEach(reply, (draft) => ({ ...draft, question: draft.question && { ...draft.question, name: "example.org" } })),
  noQuestion: (reply) => onFirst(reply, { question: undefined }),
  wrongId: (reply) => onEach(reply, (draft) => ({ ...draft, id: draft.id ^ 1 })),
  notAnAnswer: (reply) => onFirst(reply, { isAnswer: false }),
  truncatedBit: (reply) => onFirst(reply, { isTruncated: true })
}

const onEach = (reply: Reply, change: (draft: Draft, index: number) => Draft): Reply => ({
  ...reply,
  messages: reply.messages.map(change)
})

const onFirst = (reply: Reply, change: Partial<Draft>): Reply =>
  onEach(reply, (draft, index) => (index === 0 ? { ...draft, ...change } : draft))

const onLast = (reply: Reply, change: Partial<Draft>): Reply =>
  onEach(reply, (draft, index) => (index === reply.messages.length - 1 ? { ...draft, ...change } : draft))
