import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { Effect, Ref } from "effect"
import { eventually } from "./eventually.ts"
import { Processes } from "./Processes.ts"

/** A secret for these tests only. */
export const TSIG_KEY = Buffer.from("a secret for tests only, of 32 b").toString("base64")

/** Host names of the zone with their IPv4 addresses. */
export type Hosts = ReadonlyMap<string, string>

/** BIND with one zone, which it transfers only to who signs with the key `tsig-key`. */
export interface NameServer {
  readonly port: number
  readonly zone: string
  /** Changes the zone, with a higher serial; it is in force when this is over. */
  readonly edit: (change: (hosts: Hosts) => Hosts) => Effect.Effect<void>
  /** Another secret for `tsig-key`; the zone stays as it is. */
  readonly changeKey: (secret: string) => Effect.Effect<void>
  /** What `dig` gets by zone transfer, one record a line. */
  readonly transfer: (secret: string) => Effect.Effect<string>
  readonly serial: Effect.Effect<number>
}

const FIRST_SERIAL = 2026010100

export const start = Effect.fn("NameServer.start")(function* (
  zone: string,
  folder: string,
  ports: { readonly dns: number; readonly control: number }
) {
  const { run, start: startProcess } = yield* Processes
  const state = yield* Ref.make<{ readonly serial: number; readonly hosts: Hosts }>({
    serial: FIRST_SERIAL,
    hosts: new Map()
  })
  const path = `${process.env.PATH}:/usr/sbin:/sbin`
  const command = (name: string) =>
    run("env", [`PATH=${path}`, "sh", "-c", `command -v ${name}`]).pipe(Effect.map((text) => text.trim()))
  const rndcBinary = yield* command("rndc")
  const rndc = (...args: ReadonlyArray<string>) =>
    run(rndcBinary, ["-c", join(folder, "rndc.conf"), "-p", String(ports.control), ...args])
  const dig = (...args: ReadonlyArray<string>) =>
    run("dig", ["@127.0.0.1", "-p", String(ports.dns), "+tries=1", "+time=3", ...args])

  const write = (secret: string) => {
    writeFileSync(join(folder, "rndc.conf"), `${RNDC_KEY}options { default-key "rndc"; default-server 127.0.0.1; };\n`)
    writeFileSync(join(folder, "named.conf"), configuration(zone, folder, ports, secret))
  }
  const writeZone = Effect.flatMap(Ref.get(state), ({ serial, hosts }) =>
    Effect.sync(() => writeFileSync(join(folder, "zone"), zoneText(zone, serial, hosts)))
  )
  const serial = dig("+short", "SOA", zone).pipe(Effect.map((soa) => Number(soa.split(" ")[2])))
  const served = Effect.gen(function* () {
    const [is, wanted] = [yield* serial, (yield* Ref.get(state)).serial]
    if (is !== wanted) return yield* Effect.fail(new Error(`serial ${is}, not ${wanted}`))
  })

  write(TSIG_KEY)
  yield* writeZone
  const named = yield* startProcess({
    name: "named",
    command: yield* command("named"),
    args: ["-g", "-c", join(folder, "named.conf")]
  })
  yield* named.during(eventually("BIND serves the zone", served))

  return {
    port: ports.dns,
    zone,
    serial,
    edit: Effect.fnUntraced(function* (change) {
      yield* Ref.update(state, ({ serial, hosts }) => ({ serial: serial + 1, hosts: change(hosts) }))
      yield* writeZone
      yield* rndc("reload", zone)
      yield* eventually("BIND serves the changed zone", served)
    }),
    changeKey: Effect.fnUntraced(function* (secret) {
      write(secret)
      yield* rndc("reconfig")
    }),
    transfer: (secret) => dig("+nocomments", "+tcp", "-y", `hmac-sha256:tsig-key:${secret}`, zone, "AXFR")
  } satisfies NameServer
})

const RNDC_KEY = `key "rndc" { algorithm hmac-sha256; secret "${TSIG_KEY}"; };\n`

const configuration = (
  zone: string,
  folder: string,
  ports: { readonly dns: number; readonly control: number },
  secret: string
): string => `
options {
  directory "${folder}";
  pid-file "${join(folder, "named.pid")}";
  session-keyfile "${join(folder, "session.key")}";
  managed-keys-directory "${folder}";
  listen-on port ${ports.dns} { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion no;
  notify no;
  dnssec-validation no;
  allow-transfer { none; };
};
${RNDC_KEY}
key "tsig-key" { algorithm hmac-sha256; secret "${secret}"; };
controls { inet 127.0.0.1 port ${ports.control} allow { 127.0.0.1; } keys { "rndc"; }; };
zone "${zone}" { type primary; file "zone"; allow-transfer { key "tsig-key"; }; };
`

const zoneText = (zone: string, serial: number, hosts: Hosts): string =>
  [
    "$TTL 60",
    `@ SOA ns.${zone}. hostmaster.${zone}. ${serial} 3600 600 86400 60`,
    "@ NS ns",
    "ns A 127.0.0.1",
    "unrelated A 192.0.2.1",
    ...[...hosts].map(([name, address]) => `${name} A ${address}`),
    ""
  ].join("\n")
