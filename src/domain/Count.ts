/** `1 object`, `2 objects`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`

/** `exactly this one`, `exactly these 2`. */
export const exactly = (count: number): string => (count === 1 ? "exactly this one" : `exactly these ${count}`)
