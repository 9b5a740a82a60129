import { type Check, failure, ok, reasonOf, shownAddress, warning } from './check.ts'

const oldest = [6, 2] as const

/** What is pushed goes through a stream, and limits and presence are keys that Redis must not throw away for want of room. */
export const redisCheck: Check = {
  name: 'redis',
  async run({ config }) {
    if (config.redisUrl === null) return null
    const { Redis } = await import('ioredis')
    const redis = new Redis(config.redisUrl, {
      lazyConnect: true,
      connectTimeout: 3_000,
      commandTimeout: 3_000,
      retryStrategy: () => null,
    })
    let trouble: unknown
    redis.on('error', (error) => {
      trouble = error
    })
    try {
      await redis.connect()
      const info = readInfo(await redis.info())
      return judge(info)
    } catch (error) {
      return failure(
        `${shownAddress(config.redisUrl)} does not answer: ${reasonOf(trouble ?? error)}.`,
        'Start Redis, mend REDIS_URL, or unset it where one process serves alone.',
      )
    } finally {
      redis.disconnect()
    }
  },
}

function judge(info: ReadonlyMap<string, string>) {
  const version = info.get('redis_version') ?? '0'
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
    return failure(`Redis ${version} lacks what its streams are used for.`, 'Move to Redis 6.2 or newer.')
  const policy = info.get('maxmemory_policy') ?? 'unknown'
  if (policy !== 'noeviction')
    return warning(
      `Redis ${version} answers; when it is full it throws keys away (${policy}).`,
      'Set maxmemory-policy noeviction, and give Redis to Lectern alone.',
    )
  if (info.get('cluster_enabled') === '1')
    return warning(
      `Redis ${version} is a cluster, which Lectern does not know.`,
      'Use a single one, with a replica.',
    )
  return ok(`Redis ${version} answers, and throws nothing away.`)
}

/** `name:value` lines. https://redis.io/docs/latest/commands/info/ */
function readInfo(text: string): Map<string, string> {
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf(':')
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : []
    }),
  )
}
