import { Schema } from "effect"

/** One aspect of a resource's state, as in Kubernetes' API conventions. */
export const Condition = Schema.Struct({
  type: Schema.String,
  status: Schema.Literals(["True", "False", "Unknown"]),
  /** One word in CamelCase. */
  reason: Schema.String,
  message: Schema.String,
  /** RFC 3339. */
  lastTransitionTime: Schema.String,
  observedGeneration: Schema.optionalKey(Schema.Int)
})
export type Condition = typeof Condition.Type
