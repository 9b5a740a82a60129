/** The sessions whose access tokens have stopped working before their time. */
export interface Revocations {
  /** From memory; by SQL only while the node cannot hear of new ones. */
  has(sessionId: string): boolean | Promise<boolean>
  /** Makes it true on this node without waiting for the signal; to be called after the commit. */
  add(sessionIds: readonly string[]): void
  /** Hears of the sessions that end, wherever they are ended; of some more than once. */
  onEnd(hear: (sessionIds: readonly string[]) => void): void
}
