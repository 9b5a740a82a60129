/** What the client goes by: this device's clock, which need not agree with the server's. */
export interface Clock {
  /** Milliseconds, as `Date.now()`. */
  now(): number
  /**
   * Runs something once, later. What is done in the background must not hold up the end of a program of Node.js, as what somebody waits for must.
   * @returns what calls it off
   */
  after(ms: number, work: () => void, options?: { readonly background?: boolean }): () => void
}

export const deviceClock: Clock = {
  now: () => Date.now(),
  after(ms, work, { background = false } = {}) {
    const timer: unknown = setTimeout(work, ms)
    const isOfNode =
      typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function'
    if (background && isOfNode) (timer as { unref(): void }).unref()
    return () => clearTimeout(timer as number)
  },
}
