import type { Log } from '../log.ts'
import type { App } from './app.ts'
import { overloaded, refuse } from './refusal.ts'

interface Limits {
  readonly lookEveryMs: number
  /** How long a turn of the event loop may take, on the average from one look to the next. */
  readonly mostTurnMs: number
}

const usual: Limits = { lookEveryMs: 1_000, mostTurnMs: 500 }
/** One look may have seen no more than a long pause, such as at the start. */
const looksInARow = 2
/** A timer comes once a turn at most. */
const tickMs = 50

/**
 * Refuses requests (503 `overloaded`) while this process has more to do than it can: while each turn of its event loop takes half a second
 * on the average, for two seconds. What has no rate limit either (health, metrics, webhooks of gateways) is answered under any load.
 */
export function shedLoad(app: App, log: Log, { lookEveryMs, mostTurnMs }: Limits = usual): void {
  let timer: NodeJS.Timeout | undefined
  let turns = 0
  let since = 0
  let late = 0

  function tick(): void {
    turns++
    const passedMs = performance.now() - since
    if (passedMs < lookEveryMs) return
    const turnMs = passedMs / turns
    tell(turnMs > mostTurnMs ? late + 1 : 0, turnMs)
    since += passedMs
    turns = 0
  }

  function tell(now: number, turnMs: number): void {
    if (now === looksInARow) log.warn({ turnMs }, 'the event loop is late: requests are refused')
    if (now === 0 && late >= looksInARow) log.info('the event loop keeps up again')
    late = now
  }

  app.addHook('onListen', async () => {
    since = performance.now()
    timer = setInterval(tick, tickMs).unref()
  })
  app.addHook('onClose', async () => clearInterval(timer))
  app.addHook('onRequest', (request, _reply, done) => {
    if (late < looksInARow || request.routeOptions.config.rateLimit === false) return done()
    done(refuse(overloaded, overloaded.title, { retryAfterSeconds: 2 }))
  })
}
