import { Failure } from "../Failure.ts"
import { Float } from "./Float.ts"
import { Thing, type Val } from "./Thing.ts"

/** Python's `range`, of numbers that JavaScript holds exactly. */
export class Range extends Thing {
  readonly type = "range"
  readonly start: number
  readonly stop: number
  readonly step: number

  constructor(start: number, stop: number, step: number) {
    super()
    if (step === 0) throw new Failure("type", "range() arg 3 must not be zero")
    this.start = start
    this.stop = stop
    this.step = step
  }

  at(index: number): number {
    return this.start + index * this.step
  }

  override truthy(): boolean {
    return this.length() > 0
  }

  override repr(): string {
    const { start, stop, step } = this
    return step === 1 ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`
  }

  override *iterate(): Generator<Val> {
    const length = this.length()
    for (let index = 0; index < length; index++) yield this.at(index)
  }

  override length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step))
  }

  override attribute(name: string): Val | undefined {
    return name === "start" ? this.start : name === "stop" ? this.stop : name === "step" ? this.step : undefined
  }

  override contains(value: Val): boolean {
    const number = value instanceof Float ? value.value : typeof value === "boolean" ? Number(value) : value
    if (typeof number !== "number" || !Number.isInteger(number)) return false
    const index = (number - this.start) / this.step
    return Number.isInteger(index) && index >= 0 && index < this.length()
  }

  override equals(other: Val): boolean {
    if (!(other instanceof Range) || other.length() !== this.length()) return false
    if (this.length() === 0) return true
    return other.start === this.start && (this.length() === 1 || other.step === this.step)
  }

  override hashKey(): string {
    const length = this.length()
    return `\u0000range:${[length, ...(length > 0 ? [this.start] : []), ...(length > 1 ? [this.step] : [])]}`
  }
}
