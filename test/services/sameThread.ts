import { Effect, Layer } from "effect"
import { Programs } from "../../src/services/jinja/Programs.ts"
import { perform } from "../../src/services/jinja/perform.ts"
import { Renderer } from "../../src/services/Renderer.ts"

/** The renderer without its thread, and so without what ends by force: what it does, it does at once. */
export const sameThread = Layer.unwrap(
  Effect.sync(() => {
    const programs = new Programs()
    return Renderer.layerOver((task) => Effect.sync(() => perform(task, programs)))
  })
)
