/**
 * Attributes that Python's and Jinja2's types have and this renderer does not. They are refused: as undefined they would print as
 * nothing, silently.
 */
const REFUSED: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    bytes: ["capitalize", "center", "count", "endswith", "expandtabs", "find", "fromhex", "index", "isalnum"].concat(
      ["isalpha", "isascii", "isdigit", "islower", "isspace", "istitle", "isupper", "join", "ljust", "lower", "lstrip"],
      ["maketrans", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition"],
      ["rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "translate", "upper"],
      ["zfill"]
    ),
    int: ["from_bytes", "to_bytes"],
    bool: ["from_bytes", "to_bytes"],
    float: ["fromhex"],
    type: ["mro"],
    dict_keys: ["mapping"],
    dict_values: ["mapping"],
    dict_items: ["mapping"],
    BlockReference: ["_async_call", "_context", "_depth", "_stack"],
    Context: [
      "blocks",
      "call",
      "derived",
      "environment",
      "eval_ctx",
      "exported_vars",
      "get_all",
      "get_exported"
    ].concat(["globals_keys", "parent", "resolve_or_missing", "super", "vars"]),
    LoopContext: ["_after", "_before", "_current", "_iterable", "_iterator", "_last_changed_value", "_length"].concat([
      "_peek_next",
      "_recurse",
      "_to_iterator",
      "_undefined"
    ]),
    Macro: ["_argument_count", "_async_invoke", "_default_autoescape", "_environment", "_func", "_invoke"],
    generator: ["close", "send", "throw", "gi_code", "gi_frame", "gi_running", "gi_yieldfrom"]
  }).map(([type, names]) => [type, new Set(names)])
)

export const isRefused = (type: string, name: string): boolean => REFUSED.get(type)?.has(name) ?? false
