import { Data } from "effect"
import { type Element, element } from "./Xml.ts"

/** A fault as vCenter raises it: its type, the sentence for people, and what it says of the object. */
export class Fault extends Data.TaggedError("Fault")<{
  readonly name: string
  readonly text: string
  readonly detail: ReadonlyArray<Element>
}> {}

const SENTENCES: ReadonlyMap<string, string> = new Map([
  ["InvalidLogin", "Cannot complete login due to an incorrect user name or password."],
  ["InvalidCollectorVersion", "The version is not known to this collector."],
  ["InvalidRequest", "The request is not one of this API."],
  ["ManagedObjectNotFound", "The object has already been deleted or has not been completely created"],
  ["NoPermission", "Permission to perform this operation was denied."],
  ["NotAuthenticated", "The session is not authenticated."],
  ["RequestCanceled", "The request was canceled by a user."]
])

export const fault = (name: string, detail: ReadonlyArray<Element> = []): Fault =>
  new Fault({ name, text: SENTENCES.get(name) ?? `${name} was raised.`, detail })

export const notFound = (type: string, ref: string): Fault =>
  fault("ManagedObjectNotFound", [element("obj", ref, { type })])

/** NoPermission and NotAuthenticated say which privilege on which object was wanted. */
export const denied = (name: "NoPermission" | "NotAuthenticated", type: string, ref: string): Fault =>
  fault(name, [element("object", ref, { type }), element("privilegeId", "System.View")])
