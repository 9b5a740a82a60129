/**
 * Short-lived texts by key, shared by every node where Redis is configured. What is in it may vanish at any time
 * and every call may reject, quickly, while Redis is away: the caller decides what it then does without.
 */
export interface Cache {
  /** The value, or null once it expired, was evicted or never was. */
  get(key: string): Promise<string | null>
  /** Replaces value and time to live. @param ttlSeconds a whole number of seconds, 1 or more, else a RangeError */
  set(key: string, value: string, ttlSeconds: number): Promise<void>
  delete(key: string): Promise<void>
  /**
   * Counts in a fixed window, atomically over all nodes. The window opens with the first count and closes
   * `ttlSeconds` after it, however many follow. Rejects for a key that was `set` to something else than a number.
   * @param by a whole number, 1 if left out; a negative one takes counts back, and does nothing once the window closed
   */
  increment(key: string, ttlSeconds: number, by?: number): Promise<Window>
  /** Resolves if the cache answers. */
  ping(): Promise<void>
  close(): Promise<void>
}

export interface Window {
  /** Counts in this window, this one included. */
  readonly count: number
  /** Whole seconds, rounded up, until the window closes. */
  readonly resetSeconds: number
}

/** Throws a RangeError for a time to live that Redis would refuse. */
export function checkTtl(ttlSeconds: number): void {
  if (!Number.isSafeInteger(ttlSeconds) || ttlSeconds < 1) {
    throw new RangeError(`a time to live is a whole number of seconds, 1 or more, not ${ttlSeconds}`)
  }
}
