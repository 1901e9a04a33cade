/**
 * A place in a template, line and column in one number: compiled code notes at every step where it is, and a number
 * costs it nothing.
 */
export type Position = number

/** Columns beyond are counted as this one. */
const WIDTH = 2 ** 16

/** Both from 1. */
export const positionOf = (line: number, column: number): Position => line * WIDTH + Math.min(column, WIDTH - 1)

export const lineOf = (position: Position): number => Math.floor(position / WIDTH)

export const columnOf = (position: Position): number => position % WIDTH
