import https from "node:https"
import tls from "node:tls"
import type { Tls } from "../../domain/Target.ts"

/** One call that waits for changes, and room for the others beside it. */
const MAX_SOCKETS = 4

/** Milliseconds of silence after which TCP asks whether the other end is still there. */
const TCP_KEEP_ALIVE_MILLIS = 30_000

/**
 * The connections of one session.
 *
 *   tls               | trusted
 *   ------------------+--------------------------------------------------------------------
 *   Verify, no ca     | the system's authorities, those that come with Node, NODE_EXTRA_CA_CERTS
 *   Verify, ca        | these certificates alone, whether authority or the server's own
 *   Insecure          | everybody
 *
 * With `Verify` the certificate must name `fqdn`, whatever address the connection goes to.
 */
export const agentFor = (fqdn: string, trust: Tls): https.Agent =>
  new https.Agent({
    keepAlive: true,
    keepAliveMsecs: TCP_KEEP_ALIVE_MILLIS,
    maxSockets: MAX_SOCKETS,
    servername: fqdn,
    ...(trust._tag === "Insecure"
      ? { rejectUnauthorized: false }
      : { rejectUnauthorized: true, secureContext: trust.ca === undefined ? systemContext() : contextOf(trust.ca) })
  })

// Without allowPartialTrustChain a server's own certificate is no end of a chain unless it is self-signed.
const contextOf = (ca: string): tls.SecureContext => tls.createSecureContext({ ca, allowPartialTrustChain: true })

let shared: tls.SecureContext | undefined

// Reading some 300 authorities takes 50 ms: once for all sessions.
const systemContext = (): tls.SecureContext => {
  shared ??= tls.createSecureContext({
    ca: [...new Set([...tls.getCACertificates("default"), ...tls.getCACertificates("system")])]
  })
  return shared
}
