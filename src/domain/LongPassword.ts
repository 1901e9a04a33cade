import { createHmac } from "node:crypto"

/** The six forms a derived password can take; vCenters use `long`. */
export type PasswordType = "max" | "long" | "medium" | "basic" | "short" | "pin"

/** Cost of the slow half: scrypt with `salt(user)` gives the key for every site of one user and seed. */
export const SCRYPT = { N: 32768, r: 8, p: 2, length: 64 } as const

const NAMESPACE = "com.lyndir.masterpassword"

const TEMPLATES: Readonly<Record<PasswordType, readonly [string, ...ReadonlyArray<string>]>> = {
  max: ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
  long: [
    "CvcvnoCvcvCvcv",
    "CvcvCvcvnoCvcv",
    "CvcvCvcvCvcvno",
    "CvccnoCvcvCvcv",
    "CvccCvcvnoCvcv",
    "CvccCvcvCvcvno",
    "CvcvnoCvccCvcv",
    "CvcvCvccnoCvcv",
    "CvcvCvccCvcvno",
    "CvcvnoCvcvCvcc",
    "CvcvCvcvnoCvcc",
    "CvcvCvcvCvccno",
    "CvccnoCvccCvcv",
    "CvccCvccnoCvcv",
    "CvccCvccCvcvno",
    "CvcvnoCvccCvcc",
    "CvcvCvccnoCvcc",
    "CvcvCvccCvccno",
    "CvccnoCvcvCvcc",
    "CvccCvcvnoCvcc",
    "CvccCvcvCvccno"
  ],
  medium: ["CvcnoCvc", "CvcCvcno"],
  basic: ["aaanaaan", "aannaaan", "aaannaaa"],
  short: ["Cvcn"],
  pin: ["nnnn"]
}

const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ["V", "AEIOU"],
  ["C", "BCDFGHJKLMNPQRSTVWXYZ"],
  ["v", "aeiou"],
  ["c", "bcdfghjklmnpqrstvwxyz"],
  ["a", "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"],
  ["n", "0123456789"],
  ["o", "@&%?,=[]_:-+*$#!'^~;()/."],
  ["x", "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()"]
])

/**
 * The scrypt salt of a user: the algorithm's name, the length of the user name, the user name.
 *
 * Lengths count characters (code points), not bytes, because the vCenters' passwords were made so. Implementations that
 * count bytes give other passwords for names outside ASCII.
 */
export const salt = (user: string): Uint8Array => measured(NAMESPACE, user)

/**
 * The password of one site, by the master-password algorithm (version 3, https://masterpassword.app).
 *
 * @param key 64 bytes: scrypt of the seed with `salt(user)` and the parameters `SCRYPT`
 * @param site for a vCenter its fully-qualified name
 * @param options `counter` is a 32-bit unsigned number; vCenters use 1
 */
export const derive = (
  key: Uint8Array,
  site: string,
  options: { readonly type: PasswordType; readonly counter: number }
): string => {
  const seed = createHmac("sha256", key).update(measured(NAMESPACE, site)).update(uint32(options.counter)).digest()
  const templates = TEMPLATES[options.type]
  const template = templates[byte(seed, 0) % templates.length] ?? templates[0]
  return [...template]
    .map((place, index) => {
      const characters = CHARACTERS.get(place) ?? ""
      return characters.charAt(byte(seed, index + 1) % characters.length)
    })
    .join("")
}

const measured = (prefix: string, text: string): Uint8Array =>
  Buffer.concat([Buffer.from(prefix), uint32([...text].length), Buffer.from(text)])

const uint32 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const byte = (bytes: Uint8Array, index: number): number => bytes[index] ?? 0
