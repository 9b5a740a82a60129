/** Who wants to hear of something. */
export interface Listeners<Told> {
  /** @returns what ends the listening */
  add(listen: (told: Told) => void): () => void
  tell(told: Told): void
  /** Whether anybody listens. */
  some(): boolean
}

/** What a listener throws is the app's: it is reported like any other error that nobody catches, and hinders neither the other listeners nor us. */
export function createListeners<Told>(): Listeners<Told> {
  const listening = new Set<(told: Told) => void>()
  return {
    add(listen) {
      // The same function may listen twice, and end once.
      const own = (told: Told) => listen(told)
      listening.add(own)
      return () => void listening.delete(own)
    },
    some: () => listening.size > 0,
    tell(told) {
      for (const listen of listening) {
        try {
          listen(told)
        } catch (error) {
          queueMicrotask(() => {
            throw error
          })
        }
      }
    },
  }
}
