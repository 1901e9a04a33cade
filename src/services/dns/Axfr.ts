import { Result } from "effect"
import type { ZoneRecord } from "../../domain/Zone.ts"
import { type Failure, incomplete } from "./Failure.ts"
import { type Answer, isName, type Soa } from "./Message.ts"

/** How far a zone transfer has come (RFC 5936, 2.2). */
export interface Axfr {
  readonly zone: string
  readonly opening: Soa | undefined
  /** The closing SOA has come. */
  readonly isWhole: boolean
}

/** One message's part of the zone. */
export interface Part {
  readonly axfr: Axfr
  /** Without the opening and closing SOA. */
  readonly records: ReadonlyArray<ZoneRecord>
}

export const begin = (zone: string): Axfr => ({ zone, opening: undefined, isWhole: false })

/**
 * Takes the answers of the next message.
 *
 *   so far      | record               | result
 *   ------------+----------------------+--------------------------------------------
 *   nothing     | no record at all     | Incomplete
 *   nothing     | SOA of the zone      | opened
 *   nothing     | any other            | Incomplete: a transfer begins with its SOA
 *   opened      | any other            | a record
 *   opened      | the same SOA         | whole
 *   opened      | another SOA          | Incomplete: the zone changed meanwhile
 *   whole       | any                  | Incomplete: answers after the final SOA
 */
export const receive = (axfr: Axfr, answers: ReadonlyArray<Answer>): Result.Result<Part, Failure> => {
  let { opening, isWhole } = axfr
  const records: Array<ZoneRecord> = []
  for (const { name, type, data, soa } of answers) {
    if (isWhole) return Result.fail(incomplete("answers after the final SOA"))
    const apex = soa !== undefined && isName(name, axfr.zone) ? soa : undefined
    if (opening === undefined) {
      if (apex === undefined) return Result.fail(incomplete(`the transfer does not begin with the SOA of ${axfr.zone}`))
      opening = apex
    } else if (apex === undefined) {
      records.push({ name, type, data })
    } else if (isSameSoa(opening, apex)) {
      isWhole = true
    } else {
      return Result.fail(incomplete(`the closing SOA (${apex.serial}) is not the opening one (${opening.serial})`))
    }
  }
  if (opening === undefined) return Result.fail(incomplete("the first message of the transfer is empty"))
  return Result.succeed({ axfr: { zone: axfr.zone, opening, isWhole }, records })
}

const isSameSoa = (a: Soa, b: Soa): boolean =>
  a.mname === b.mname &&
  a.rname === b.rname &&
  a.serial === b.serial &&
  a.refresh === b.refresh &&
  a.retry === b.retry &&
  a.expire === b.expire &&
  a.minimum === b.minimum
