import type { Log } from '../log.ts'
import type { App } from './app.ts'
import { overloaded, refuse } from './refusal.ts'

interface Limits {
  readonly lookEveryMs: number
  /** How long a turn of the event loop may take, on the average from one look to the next. */
  readonly mostTurnMs: number
  /** How many requests come in a turn at least. A loop that is late with fewer is so by other work, and refusing them is no relief. */
  readonly fewestRequests: number
}

const usual: Limits = { lookEveryMs: 1_000, mostTurnMs: 500, fewestRequests: 50 }
/** One look may have seen no more than a long pause, such as at the start. */
const looksInARow = 2
/** A timer comes once a turn at most. */
const tickMs = 50

/**
 * Refuses requests (503 `overloaded`) while more come than this process can answer: while each turn of its event loop takes half a second
 * and finds fifty, on the average, for two seconds. What has no rate limit either (health, metrics, webhooks of gateways) is answered under any load.
 */
export function shedLoad(app: App, log: Log, limits: Limits = usual): void {
  let timer: NodeJS.Timeout | undefined
  let turns = 0
  let requests = 0
  let since = 0
  let late = 0

  function tick(): void {
    turns++
    const passedMs = performance.now() - since
    if (passedMs < limits.lookEveryMs) return
    const turnMs = passedMs / turns
    const tooMany = turnMs > limits.mostTurnMs && requests / turns >= limits.fewestRequests
    tell(tooMany ? late + 1 : 0, turnMs)
    since += passedMs
    turns = 0
    requests = 0
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
    requests++
    if (late < looksInARow || request.routeOptions.config.rateLimit === false) return done()
    done(refuse(overloaded, overloaded.title, { retryAfterSeconds: 2 }))
  })
}
