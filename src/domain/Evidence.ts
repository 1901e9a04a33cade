import type { Desired } from "./Desired.ts"
import type { Presence } from "./Inventory.ts"
import type { Ledger, RecordedSubject } from "./Ledger.ts"
import type { Prune } from "./Plan.ts"

/**
 * vCenter hides objects that the user may no longer see: they leave the inventory just as deleted ones do. So the
 * absence of a cluster or datacenter counts only when vCenter, asked for it by its reference, confirms it.
 */
export interface Question {
  readonly type: "ClusterComputeResource" | "Datacenter"
  readonly ref: string
}

/** Answers by managed object id. */
export type Answers = ReadonlyMap<string, Presence>

const typeOf = ({ scope }: RecordedSubject): Question["type"] =>
  scope === "datacenter" ? "Datacenter" : "ClusterComputeResource"

/** What must be asked before these may be believed, each reference once. */
export const questions = (prunes: ReadonlyArray<Prune>, ledger: Ledger, desired: Desired): ReadonlyArray<Question> => {
  const asked = new Map<string, Question>()
  for (const { entry, cause } of prunes) {
    const subject = ledger.subjects.get(entry.subject)
    if (cause !== "subject gone" || subject === undefined) continue
    for (const each of [subject, ...membersGone(subject, ledger, desired)]) {
      asked.set(each.ref, { type: typeOf(each), ref: each.ref })
    }
  }
  return [...asked.values()]
}

/** The recorded clusters of a datacenter that are not in the inventory any more. */
const membersGone = (subject: RecordedSubject, ledger: Ledger, desired: Desired): ReadonlyArray<RecordedSubject> =>
  subject.scope === "datacenter"
    ? [...ledger.subjects.values()].filter(
        ({ ref, scope, datacenter }) => scope === "cluster" && datacenter === subject.ref && !desired.subjects.has(ref)
      )
    : []

/**
 * Why the absence behind a prune is not confirmed; undefined when it is, or when none is behind it.
 *
 *   cause          | vCenter answers                         | unconfirmed
 *   ---------------+-----------------------------------------+---------------------------------
 *   not an absence | –                                       | –
 *   subject gone   | ManagedObjectNotFound                   | –
 *   subject gone   | another name than the recorded one      | –
 *   subject gone   | the recorded name (cluster)             | it exists and is hidden
 *   subject gone   | the recorded name (datacenter)          | unless each of its clusters is gone, or all have moved
 *                  |                                         | away and the inventory shows it without any
 *   subject gone   | NoPermission, no answer, anything else  | the answer
 *   subject gone   | never recorded                          | nothing to ask for
 */
export const unconfirmed = (prune: Prune, ledger: Ledger, desired: Desired, answers: Answers): string | undefined => {
  if (prune.cause !== "subject gone") return undefined
  const subject = ledger.subjects.get(prune.entry.subject)
  if (subject === undefined) return `${prune.entry.subject} is not recorded: its absence cannot be confirmed`
  const own = doubt(subject, answers)
  // One that is there without a cluster of ours is gone to us; one that cannot be seen may hold clusters we never saw.
  const seen = answers.get(subject.ref)?._tag === "Present"
  if (own === undefined || subject.scope !== "datacenter" || !seen) return own
  const members = membersGone(subject, ledger, desired)
  if (members.length === 0) return isLeft(subject, ledger, desired) ? undefined : own
  return members.map((member) => doubt(member, answers)).find((reason) => reason !== undefined)
}

/** Whether all clusters have left a datacenter, which is there to be seen: each of them is known to be elsewhere. */
const isLeft = ({ ref }: RecordedSubject, ledger: Ledger, { datacenters, subjects }: Desired): boolean => {
  const isIn = ({ datacenter, scope }: RecordedSubject) => scope !== "datacenter" && datacenter === ref
  const isStray = ({ datacenter, scope }: RecordedSubject) => scope !== "datacenter" && datacenter === ""
  return (
    datacenters?.has(ref) === true && ![...ledger.subjects.values()].some(isIn) && ![...subjects.values()].some(isStray)
  )
}

const doubt = (subject: RecordedSubject, answers: Answers): string | undefined => {
  const answer = answers.get(subject.ref)
  if (answer === undefined) return `the vCenter has not been asked for ${subject.name} (${subject.ref}) yet`
  switch (answer._tag) {
    case "Gone":
      return undefined
    case "Present":
      return answer.name === subject.name
        ? `${subject.name} (${subject.ref}) still exists, but the inventory does not show it: check the permissions`
        : undefined
    case "Unknown":
      return `the vCenter does not say whether ${subject.name} (${subject.ref}) is gone: ${answer.reason}`
  }
}
