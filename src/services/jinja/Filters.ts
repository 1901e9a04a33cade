import { HTML_FILTERS } from "./filters/HtmlFilters.ts"
import { LIST_FILTERS } from "./filters/ListFilters.ts"
import { NUMBER_FILTERS } from "./filters/NumberFilters.ts"
import { OPERATOR_FILTERS } from "./filters/OperatorFilters.ts"
import { pprint } from "./filters/pprint.ts"
import { SELECT_FILTERS } from "./filters/SelectFilters.ts"
import { TEXT_FILTERS } from "./filters/TextFilters.ts"
import { urlize } from "./filters/urlize.ts"
import { wordwrap } from "./filters/wordwrap.ts"
import { attributeOf } from "./python/Lookup.ts"
import { str, truthy } from "./python/Text.ts"
import { type Run, takes } from "./values/Callable.ts"
import { Undefined } from "./values/Undefined.ts"

const fallback: Run = takes(["value", ["default_value", ""], ["boolean", false]], ([value, otherwise, boolean]) =>
  value instanceof Undefined || (truthy(boolean) && !truthy(value)) ? otherwise : value
)

/** Every filter by its name: Jinja2's and the predecessor's. A Map, so that no name reaches a prototype. */
export const FILTERS: ReadonlyMap<string, Run> = new Map<string, Run>([
  ...Object.entries(TEXT_FILTERS),
  ...Object.entries(LIST_FILTERS),
  ...Object.entries(SELECT_FILTERS),
  ...Object.entries(NUMBER_FILTERS),
  ...Object.entries(HTML_FILTERS),
  ...Object.entries(OPERATOR_FILTERS),
  [
    "attr",
    takes(["obj", "name"], ([value, name]) => {
      const text = str(name)
      const found = attributeOf(value, text)
      return found === undefined ? new Undefined("the object has no such attribute") : found
    })
  ],
  ["d", fallback],
  ["default", fallback],
  ["pprint", takes(["value"], ([value]) => pprint(value))],
  ["urlize", urlize],
  ["wordwrap", wordwrap]
])
