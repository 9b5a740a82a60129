import type { Redis } from 'ioredis'
import { newId } from '../ids.ts'
import type { Log } from '../log.ts'
import type { PresenceChange, Roster } from './roster.ts'

const beatMs = 3_000
/** A node that has not said for so long that it lives is dead; with a beat's time to notice, people are offline in 11 s. */
const deadAfterMs = 8_000

const prefix = 'lectern:presence:'
const nodesKey = `${prefix}nodes`
/** The nodes that somebody has devices on. */
const personKey = (userId: string) => `${prefix}person:${userId}`
/** Who has devices on a node: whom its death concerns. */
const nodeKey = (nodeId: string) => `${prefix}node:${nodeId}`

// Each is one step on the server, so that of two nodes exactly one sees a change happen. A node is listed before anybody is on it, and
// unlisted after everybody is off: whoever dies in between, another clears up.
const arriveScript = `
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], 'NX', time[1] * 1000 + math.floor(time[2] / 1000), ARGV[2])
local before = redis.call('SCARD', KEYS[2])
redis.call('SADD', KEYS[2], ARGV[2])
redis.call('SADD', KEYS[3], ARGV[1])
return before == 0 and 1 or 0`
const leaveScript = `
redis.call('SREM', KEYS[2], ARGV[1])
if redis.call('SREM', KEYS[1], ARGV[2]) == 0 then return 0 end
return redis.call('SCARD', KEYS[1]) == 0 and 1 or 0`
const beatScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('ZSCORE', KEYS[1], ARGV[1]) and 1 or 0
redis.call('ZADD', KEYS[1], now, ARGV[1])
return { known, redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2]) }`

/**
 * Keeps who is online in Redis: by person the nodes they are on, by node a sign of life every three seconds. A node that dies without a word
 * is found out by the others, who take its people off. While Redis is away each node knows its own people; when it is back, each writes down anew who is here.
 * @param options.redis rejects at once while it is away, and is closed with the roster
 */
export function createRedisRoster({ redis, log }: { redis: Redis; log: Log }): Roster {
  const nodeId = newId()
  let here: () => readonly string[] = () => []
  let hear: (change: PresenceChange) => Promise<void> = async () => undefined
  let timer: NodeJS.Timeout | undefined
  let open = false
  let beating: Promise<void> | undefined
  /** Whether what Redis says of this node may be wrong. */
  let astray = false
  /** Whether the beat before was heard: after an outage everybody's is old, and says nothing. */
  let steady = false
  const left = new Set<string>()

  async function tell(userIds: readonly string[], online: boolean): Promise<void> {
    if (userIds.length === 0) return
    await hear({ userIds, online })
  }

  /** Of many people in one go. @returns those for whom it was a change */
  async function change(script: string, userIds: readonly string[], node: string): Promise<string[]> {
    const keys = (userId: string) =>
      script === arriveScript
        ? [nodesKey, personKey(userId), nodeKey(node)]
        : [personKey(userId), nodeKey(node)]
    const changed = await Promise.all(
      userIds.map(async (userId) => {
        const of = keys(userId)
        return (await redis.eval(script, of.length, ...of, userId, node)) === 1 ? [userId] : []
      }),
    )
    return changed.flat()
  }

  async function beat(): Promise<void> {
    const [known, dead] = (await redis.eval(beatScript, 1, nodesKey, nodeId, deadAfterMs)) as [
      number,
      string[],
    ]
    if (astray || known === 0) {
      const gone = [...left]
      await tell(await change(arriveScript, here(), nodeId), true)
      await tell(await change(leaveScript, gone, nodeId), false)
      for (const userId of gone) left.delete(userId)
      astray = false
    }
    if (steady) for (const node of dead) await bury(node)
    steady = true
  }

  async function bury(node: string): Promise<void> {
    const people = await redis.smembers(nodeKey(node))
    await tell(await change(leaveScript, people, node), false)
    await redis.zrem(nodesKey, node)
    log.warn({ node, people: people.length }, 'a node that served sockets is gone')
  }

  function lost(error: unknown): void {
    if (!astray) log.warn({ reason: String(error) }, 'who is online is known of this node alone')
    astray = true
    steady = false
  }

  function beatAgain(): void {
    beating = beat()
      .catch(lost)
      .then(() => {
        if (open) timer = setTimeout(beatAgain, beatMs).unref()
      })
  }

  return {
    async keep(options) {
      here = options.here
      hear = options.hear
      open = true
      beatAgain()
      await beating
    },
    arrive(userId) {
      left.delete(userId)
      change(arriveScript, [userId], nodeId).then((changed) => tell(changed, true), lost)
    },
    leave(userId) {
      change(leaveScript, [userId], nodeId).then(
        (changed) => tell(changed, false),
        (error) => {
          left.add(userId)
          lost(error)
        },
      )
    },
    async online(userIds) {
      try {
        const counts = await Promise.all(userIds.map((userId) => redis.scard(personKey(userId))))
        return new Set(userIds.filter((_userId, index) => counts[index] !== 0))
      } catch (error) {
        lost(error)
        const people = new Set(here())
        return new Set(userIds.filter((userId) => people.has(userId)))
      }
    },
    async shut() {
      // Whoever was here connects to another node within seconds, or is taken off by one as the people of a dead node are.
      open = false
      clearTimeout(timer)
      await beating
    },
    async close() {
      open = false
      clearTimeout(timer)
      redis.disconnect()
    },
  }
}
