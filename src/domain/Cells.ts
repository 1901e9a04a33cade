import { Option, Result, Schema } from "effect"

/** The names of the nova cells, or why they cannot be known. */
export type Cells = Result.Result<ReadonlySet<string>, string>

/** Labels of the ConfigMaps that name nova cells, in every namespace. */
export const CELLS_SELECTOR = "system=openstack,component=nova,type=nova-cell"

const ConfigMap = Schema.Struct({
  metadata: Schema.Struct({ namespace: Schema.optionalKey(Schema.String), name: Schema.String }),
  data: Schema.optionalKey(Schema.Struct({ cells: Schema.optionalKey(Schema.Unknown) }))
})

const decode = Schema.decodeUnknownOption(ConfigMap)

/**
 * The cells that all ConfigMaps together name, sorted. A wrong set would move agents to another cell, so one ConfigMap
 * that cannot be read makes the whole set unknown.
 *
 *   ConfigMaps                                | cells
 *   ------------------------------------------+--------------------------------
 *   none                                      | unknown
 *   every one has the key `cells`             | all names, trimmed, each once
 *   one without the key, or without any name  | unknown, and which one it is
 */
export const cells = (configMaps: ReadonlyArray<unknown>): Cells => {
  if (configMaps.length === 0) return Result.fail(`no ConfigMap with the labels ${CELLS_SELECTOR} exists`)
  const all: Array<string> = []
  for (const configMap of configMaps) {
    const decoded = Option.getOrUndefined(decode(configMap))
    const text = decoded?.data?.cells
    const names = typeof text === "string" ? text.split(",").map((name) => name.trim()) : []
    const found = names.filter((name) => name !== "")
    if (found.length === 0) return Result.fail(`${labelOf(decoded?.metadata)} names no cell in its key "cells"`)
    all.push(...found)
  }
  return Result.succeed(new Set(all.sort()))
}

const labelOf = (metadata: { readonly namespace?: string; readonly name: string } | undefined): string =>
  metadata === undefined ? "a ConfigMap without a name" : `ConfigMap ${metadata.namespace ?? ""}/${metadata.name}`
