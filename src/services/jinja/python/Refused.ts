/**
 * Attributes that Python's types have and this renderer does not. They are refused: as undefined they would print as
 * nothing, silently.
 */
const REFUSED: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    str: ["encode", "format_map", "maketrans", "translate"],
    Markup: ["encode", "format_map", "maketrans", "translate", "striptags", "unescape", "escape"],
    int: ["as_integer_ratio", "bit_count", "conjugate", "from_bytes", "to_bytes"],
    bool: ["as_integer_ratio", "bit_count", "conjugate", "from_bytes", "to_bytes"],
    float: ["as_integer_ratio", "conjugate", "fromhex", "hex"],
    dict: ["fromkeys"],
    set: ["difference_update", "intersection_update", "pop", "symmetric_difference_update"],
    dict_keys: ["isdisjoint", "mapping"],
    dict_values: ["mapping"],
    dict_items: ["isdisjoint", "mapping"],
    generator: ["close", "send", "throw", "gi_code", "gi_frame", "gi_running", "gi_yieldfrom"]
  }).map(([type, names]) => [type, new Set(names)])
)

export const isRefused = (type: string, name: string): boolean => REFUSED.get(type)?.has(name) ?? false
