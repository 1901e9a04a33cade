/**
 * Ends the process as SIGTERM does when nobody reads its output any more (`… | head`): sessions are logged out, and what
 * is under way is recorded.
 */
export const endWithReader = (): void => {
  let gone = false
  process.stdout.on("error", () => {
    if (!gone) process.kill(process.pid, "SIGTERM")
    gone = true
  })
}
