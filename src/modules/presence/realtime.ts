import type { Deps } from '../../platform/deps.ts'
import { signedIn } from '../../platform/http/policy.ts'
import { defineSocketRequest, type Realtime } from '../../platform/realtime/contract.ts'
import { keepLastSeen } from './keep-last-seen.ts'
import { presencePush, topicOf } from './pushes.ts'
import { reachTopic } from './reach-signals.ts'
import { readPresence } from './read-presence.ts'
import { PresenceList, WhomToWatch } from './schemas.ts'
import { stopWatching } from './stop-watching.ts'
import { tellChange } from './tell-change.ts'

const watch = defineSocketRequest({
  name: 'presence:watch',
  summary:
    'Be told on this device who of these people comes online or goes offline, instead of whom it watched before',
  policy: signedIn,
  input: WhomToWatch,
  reply: PresenceList,
  limit: { count: 60, seconds: 60 },
  async handle(deps, actor, { userIds }, socketId) {
    const follow = (reachable: readonly string[]) => deps.sockets.follow(socketId, reachable.map(topicOf))
    return { people: await readPresence(deps, actor, userIds, follow) }
  },
})

const seenEveryMs = 60_000

function start(deps: Deps, closing: AbortSignal): void {
  const { clock, log, signals, sockets, transact } = deps
  sockets.onPresence(async (change) => {
    const at = clock.now()
    if (!change.online) await keepSeen(change.userIds, at)
    await tellChange(deps, change, at)
  })
  async function keepSeen(userIds: readonly string[], at: Date): Promise<void> {
    await transact((tx) => keepLastSeen(tx, { userId: null, at }, userIds)).catch((error) =>
      log.error({ err: error }, 'when people were last seen could not be kept'),
    )
  }
  // A process that is killed says of nobody that they went.
  const timer = setInterval(() => {
    const here = sockets.people()
    if (here.length > 0) void keepSeen(here, clock.now())
  }, seenEveryMs).unref()
  closing.addEventListener('abort', () => clearInterval(timer))
  const recheck = (userId: string) =>
    stopWatching(deps, userId).catch((error) => log.error({ err: error }, 'a watcher may see too much'))
  signals.on(reachTopic, recheck)
  async function recheckAll(): Promise<void> {
    for (const userId of sockets.people()) {
      if (closing.aborted) return
      await recheck(userId)
    }
  }
  // What was not heard of while signals were lost may concern anybody; the signals themselves do not wait for so many questions.
  void signals.onConnect(async () => void recheckAll())
}

export const presenceRealtime: Realtime = { requests: [watch], pushes: [presencePush], start }
