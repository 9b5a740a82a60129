/** What the client goes by: this device's clock, which need not agree with the server's. */
export interface Clock {
  /** Milliseconds, as `Date.now()`. */
  now(): number
  /** Runs something once, later. @returns what calls it off */
  after(ms: number, work: () => void): () => void
}

export const deviceClock: Clock = {
  now: () => Date.now(),
  after(ms, work) {
    const timer: unknown = setTimeout(work, ms)
    // In Node.js a renewal that is due in minutes must not hold up the end of the program.
    if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
      timer.unref()
    return () => clearTimeout(timer as number)
  },
}
