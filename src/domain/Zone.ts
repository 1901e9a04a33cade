/** One record of a zone transfer that can name a vCenter. */
export interface ZoneRecord {
  /** Fully-qualified owner name without the closing dot. */
  readonly name: string
  readonly type: string
  /** The address of A and AAAA, the target of CNAME, `""` for every other type. */
  readonly data: string
}
