/** People who have come online, or gone offline, on all their devices and all nodes. */
export interface PresenceChange {
  readonly userIds: readonly string[]
  readonly online: boolean
}

/** Who has a device connected, over all nodes. */
export interface Roster {
  /**
   * Begins to keep the people of this process.
   * @param options.here who they are, at any time
   * @param options.hear is told of each change on one of the nodes
   */
  keep(options: {
    here: () => readonly string[]
    hear: (change: PresenceChange) => Promise<void>
  }): Promise<void>
  arrive(userId: string): void
  leave(userId: string): void
  online(userIds: readonly string[]): Promise<ReadonlySet<string>>
  /** Nobody is here any more; those who are on no other node are offline. */
  shut(): Promise<void>
  close(): Promise<void>
}

/** For a process beside which no other serves sockets. */
export function createMemoryRoster(): Roster {
  const here = new Set<string>()
  let hear: (change: PresenceChange) => Promise<void> = async () => undefined
  return {
    async keep(options) {
      hear = options.hear
    },
    arrive(userId) {
      if (here.has(userId)) return
      here.add(userId)
      void hear({ userIds: [userId], online: true })
    },
    leave(userId) {
      if (here.delete(userId)) void hear({ userIds: [userId], online: false })
    },
    online: async (userIds) => new Set(userIds.filter((userId) => here.has(userId))),
    async shut() {
      const userIds = [...here]
      here.clear()
      if (userIds.length > 0) await hear({ userIds, online: false })
    },
    close: async () => undefined,
  }
}
