import type { Config } from '../config.ts'
import { processesOf } from '../processes/messages.ts'
import { type Check, type Finding, failure, ok, warning } from './check.ts'

/** What can be told from the configuration alone; all of it is taken as it is outside production. */
const rules: readonly (readonly [name: string, judge: (config: Config) => Finding | null])[] = [
  ['configuration', () => ok('All variables can be used.')],
  ['public address', judgeAddress],
  ['processes', judgeProcesses],
  ['proxy', judgeProxy],
  ['demo school', judgeDemo],
  ['calls', judgeCalls],
]

export const settingsChecks: readonly Check[] = rules.map(([name, judge]) => ({
  name,
  run: async ({ config }) => judge(config),
}))

function judgeAddress({ production, publicUrl }: Config): Finding {
  const { protocol, hostname } = new URL(publicUrl)
  if (!production) return ok(publicUrl)
  const todo = 'Set PUBLIC_URL to the address that people use, such as https://school.example.'
  if (/^(localhost|127\.|\[::1])/.test(hostname))
    return failure(`Links in mails and certificates would lead to ${publicUrl}.`, todo)
  if (protocol !== 'https:')
    return failure(
      `${publicUrl} is not encrypted: browsers keep no session there, and passwords can be read on the way.`,
      todo,
    )
  return ok(publicUrl)
}

function judgeProcesses(config: Config): Finding | null {
  if (config.webConcurrency === processesOf(config)) return null
  return warning(
    `WEB_CONCURRENCY=${config.webConcurrency} is not followed: without Redis one process serves alone.`,
    'Set REDIS_URL.',
  )
}

function judgeProxy({ production, publicUrl, trustProxy }: Config): Finding | null {
  if (!production || trustProxy !== false || !publicUrl.startsWith('https:')) return null
  return warning(
    'Something in front ends TLS, and is not believed about who asks: all clients share the limits of one address.',
    'Set TRUST_PROXY=on behind one proxy, or to the addresses of those that there are.',
  )
}

function judgeDemo({ production, demo }: Config): Finding | null {
  if (!production || !demo) return null
  return warning(
    'The demo school, whose passwords are known, goes into an empty database.',
    'Unset LECTERN_DEMO.',
  )
}

function judgeCalls({ production, ice }: Config): Finding {
  if (ice.turn) return ok(`TURN: ${ice.turn.urls.join(', ')}.`)
  const said = ice.stunUrls.length > 0 ? 'There is STUN, but no TURN' : 'There is neither STUN nor TURN'
  if (!production) return ok(`${said}: calls work within one network.`)
  return warning(
    `${said}: calls between networks of schools and phones will often not connect.`,
    'Set TURN_URLS and TURN_SECRET (docs/calls.md).',
  )
}
