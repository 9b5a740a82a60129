import type { Config } from '../config.ts'
import { type Check, type Checkup, failure, ok, warning } from './check.ts'
import { askFor } from './database-checks.ts'

const noticedMs = 2_000
/** Signatures of webhooks hold for five minutes; S3 refuses requests that are fifteen minutes off. */
const harmfulMs = 60_000

/** This machine's clock against that of the database and of outside services. */
export const clockCheck: Check = {
  name: 'clock',
  async run(checkup) {
    const skews = (await Promise.all([askDatabase(checkup), ...askOutside(checkup)])).filter(
      (skew) => skew !== null,
    )
    const [worst] = skews.sort((a, b) => leastOf(b) - leastOf(a))
    return worst ? judgeSkew(worst) : null
  },
}

interface Skew {
  readonly of: string
  /** How far our clock is ahead of theirs. */
  readonly ms: number
  /** By how much that may be wrong, either way. */
  readonly coarseMs: number
}

/** By how much the clocks differ at least. */
function leastOf({ ms, coarseMs }: Skew): number {
  return Math.abs(ms) - coarseMs
}

function judgeSkew({ of, ms }: Skew) {
  const off = Math.abs(ms)
  if (off < noticedMs) return ok('It agrees with those it was compared with.')
  const said = `This clock is ${Math.round(off / 1_000)} s ${ms > 0 ? 'ahead of' : 'behind'} that of ${of}.`
  const todo = 'Let NTP set the clocks of all machines: systemctl enable --now systemd-timesyncd.'
  return off < harmfulMs ? warning(said, todo) : failure(said, todo)
}

async function askDatabase({ database, clock }: Checkup): Promise<Skew | null> {
  if (!database) return null
  const before = clock.now().getTime()
  const { at } = await askFor<{ at: Date }>(database, 'select clock_timestamp() as at')
  const own = (before + clock.now().getTime()) / 2
  return { of: 'the database', ms: own - at.getTime(), coarseMs: 0 }
}

/** By the Date of any answer (RFC 9110, section 6.6.1), which has whole seconds. */
function askOutside({ config, clock }: Checkup): Promise<Skew | null>[] {
  return addressesOf(config).map(async (address) => {
    try {
      const before = clock.now().getTime()
      const { headers } = await fetch(address, {
        method: 'HEAD',
        redirect: 'manual',
        signal: AbortSignal.timeout(5_000),
      })
      const at = Date.parse(headers.get('date') ?? '') + 500
      const own = (before + clock.now().getTime()) / 2
      return Number.isNaN(at) ? null : { of: new URL(address).host, ms: own - at, coarseMs: 1_000 }
    } catch {
      // Whether they answer is for other checks to say.
      return null
    }
  })
}

function addressesOf({ stripe, razorpay, stores }: Config): string[] {
  const { s3 } = stores
  return [
    stripe.secretKey ? (stripe.apiBase ?? 'https://api.stripe.com') : null,
    razorpay.keyId ? (razorpay.apiBase ?? 'https://api.razorpay.com') : null,
    s3 ? (s3.endpoint ?? `https://s3.${s3.region}.amazonaws.com`) : null,
  ].filter((address) => address !== null)
}
