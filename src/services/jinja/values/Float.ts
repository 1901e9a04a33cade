import { Thing, type Val } from "./Thing.ts"

/** Python's `float`: `1.0` is not `1` when printed. */
export class Float extends Thing {
  readonly type = "float"
  readonly value: number

  constructor(value: number) {
    super()
    this.value = value
  }

  override truthy(): boolean {
    return this.value !== 0
  }

  override repr(): string {
    return reprOf(this.value)
  }

  override equals(other: Val): boolean {
    if (other instanceof Float) return this.value === other.value
    if (typeof other === "boolean" || typeof other === "number") return this.value === Number(other)
    return typeof other === "bigint" && Number.isInteger(this.value) && BigInt(this.value) === other
  }

  override hashKey(): number | bigint | Thing {
    if (Number.isNaN(this.value)) return this
    if (Number.isSafeInteger(this.value)) return this.value + 0
    return Number.isInteger(this.value) ? BigInt(this.value) : this.value
  }
}

/** The shortest digits that read back as the same number, in Python's notation: an exponent below 1e-4 and from 1e16. */
const reprOf = (value: number): string => {
  if (Number.isNaN(value)) return "nan"
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf"
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0"
  const [mantissa = "", exponent = ""] = value.toExponential().split("e")
  const power = Number(exponent)
  if (power < -4 || power >= 16) {
    const digits = String(Math.abs(power)).padStart(2, "0")
    return `${mantissa}e${power < 0 ? "-" : "+"}${digits}`
  }
  const sign = mantissa.startsWith("-") ? "-" : ""
  const digits = mantissa.replace("-", "").replace(".", "")
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${digits}`
  const whole = digits.slice(0, power + 1).padEnd(power + 1, "0")
  return `${sign}${whole}.${digits.slice(power + 1) || "0"}`
}
