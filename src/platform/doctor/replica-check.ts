import { setTimeout as pause } from 'node:timers/promises'
import { createLagMeter, mostLagMs } from '../database/replica.ts'
import { type Check, failure, ok, reasonOf, shownAddress, warning } from './check.ts'

const betweenMs = 250

/** Whether it is a streaming replica, and comes to where the primary is now before servers would do without it. */
export const replicaCheck: Check = {
  name: 'replica',
  async run({ config, database }) {
    const { databaseUrl, databaseReplicaUrl: url } = config
    if (!database || databaseUrl === null || url === null) return null
    const meter = createLagMeter({ url, primaryUrl: databaseUrl })
    try {
      for (let waited = 0; waited <= mostLagMs; waited += betweenMs) {
        if ((await meter.measure()) < mostLagMs) return ok(`${shownAddress(url)} keeps up.`)
        await pause(betweenMs)
      }
      return warning(
        `${shownAddress(url)} is more than ${mostLagMs / 1_000} s behind: the primary reads all.`,
        'See what holds up its replay (pg_stat_replication on the primary, long statements on the replica).',
      )
    } catch (error) {
      return failure(
        `${shownAddress(url)} does not serve: ${reasonOf(error)}.`,
        'Start it, or mend DATABASE_REPLICA_URL; until then the primary reads all.',
      )
    } finally {
      await meter.close()
    }
  },
}
