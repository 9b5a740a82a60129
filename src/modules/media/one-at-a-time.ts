/**
 * Lets one piece of work at a time happen to a thing. The last that comes is the one that counts: it tells the one at work to stop, waits
 * for its end, and begins. So a client that comes back is not held up by its own lost connection.
 */
export function oneAtATime(): <T>(id: string, work: (signal: AbortSignal) => Promise<T>) => Promise<T> {
  const atWork = new Map<string, { stop: AbortController; end: Promise<unknown> }>()
  return async (id, work) => {
    for (let other = atWork.get(id); other; other = atWork.get(id)) {
      other.stop.abort()
      await other.end
    }
    const stop = new AbortController()
    const result = work(stop.signal)
    const end = result.catch(() => undefined).finally(() => atWork.delete(id))
    atWork.set(id, { stop, end })
    return result
  }
}
