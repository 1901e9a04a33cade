import { Option, Result, Schema } from "effect"

/** A SOAP fault as vSphere sends it. */
export interface Fault {
  /** The vSphere type of its detail, `NotAuthenticated` for example; the SOAP fault code where there is no detail. */
  readonly name: string
  /** What the server says to people; may hold anything. */
  readonly text: string
  /** Reference of the object it speaks of. */
  readonly object: string | undefined
}

const Text = Schema.Union([Schema.String, Schema.Struct({ $value: Schema.String })])

const Envelope = Schema.Struct({
  root: Schema.Struct({
    Envelope: Schema.Struct({
      Body: Schema.Struct({
        Fault: Schema.Struct({
          faultcode: Schema.optionalKey(Schema.Unknown),
          faultstring: Schema.optionalKey(Schema.Unknown),
          detail: Schema.optionalKey(Schema.Unknown)
        })
      })
    })
  })
})

const Detail = Schema.Record(Schema.String, Schema.Unknown)

const Attributes = Schema.Struct({ attributes: Schema.Record(Schema.String, Schema.String) })

const About = Schema.Struct({ obj: Schema.Struct({ $value: Schema.String }) })

const decodeEnvelope = Schema.decodeUnknownResult(Envelope)
const decodeDetail = Schema.decodeUnknownOption(Detail)
const decodeAttributes = Schema.decodeUnknownOption(Attributes)
const decodeAbout = Schema.decodeUnknownOption(About)
const decodeText = Schema.decodeUnknownOption(Text)

/** The fault in what the soap package throws for one; `undefined` when it threw for another reason. */
export const faultIn = (thrown: unknown): Fault | undefined => {
  const envelope = decodeEnvelope(thrown)
  if (Result.isFailure(envelope)) return undefined
  const { faultcode, faultstring, detail } = envelope.success.root.Envelope.Body.Fault
  const [element, content] = Object.entries(Option.getOrElse(decodeDetail(detail), () => ({}))).find(
    ([key]) => key !== "attributes"
  ) ?? [textOf(faultcode), undefined]
  return {
    name: typeOf(content) ?? plain(element).replace(/Fault$/, ""),
    text: textOf(faultstring),
    object: Option.getOrUndefined(Option.map(decodeAbout(content), ({ obj }) => obj.$value))
  }
}

/**
 * The type that an element gives itself: an attribute `type` of whatever prefix (vCenter writes `xsi:type`, govmomi's
 * simulator `XMLSchema-instance:type`; without a prefix it is a reference's own attribute).
 */
export const typeOf = (element: unknown): string | undefined =>
  Option.match(decodeAttributes(element), {
    onNone: () => undefined,
    onSome: ({ attributes }) => {
      const type = Object.entries(attributes).find(([key]) => key.endsWith(":type"))?.[1]
      return type === undefined ? undefined : plain(type)
    }
  })

// A type is a word of the API: anything else that stands there is not repeated.
const plain = (name: string): string => /^(?:\w+:)?(\w{1,80})$/.exec(name)?.[1] ?? "an unknown type"

const textOf = (value: unknown): string =>
  Option.match(decodeText(value), {
    onNone: () => "",
    onSome: (text) => (typeof text === "string" ? text : text.$value)
  })
