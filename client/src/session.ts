import { claimsOf } from './claims.ts'
import type { Clock } from './clock.ts'
import { LecternError, unexpected } from './errors.ts'
import type { SignedIn, User } from './generated/shapes.ts'
import { createListeners } from './listeners.ts'
import type { Bearers } from './send.ts'
import { onlyTab, openTabs } from './tabs.ts'

/** Where an app keeps its refresh token: `null` where there is none. */
export interface TokenStorage {
  get(): Promise<string | null> | string | null
  set(token: string): Promise<void> | void
  delete(): Promise<void> | void
}

/** Who is signed in here, and the token that shows it. */
export interface Session {
  /** Null: nobody, or not yet known; see `restore`. */
  readonly user: User | null
  /**
   * Takes up the session that an earlier page, another tab or an earlier run of the app has begun.
   * @returns who is signed in, or null
   * @throws LecternError where the server cannot be asked
   */
  restore(): Promise<User | null>
  /** A token that is valid now, renewed if it is due; null: nobody is signed in. For requests that are not made by this client. */
  token(): Promise<string | null>
  /** Renews now, whether it is due or not, once for all who ask at the same time. */
  renew(): Promise<string | null>
  /**
   * Hears of every change: signed in, renewed, signed out, here or in another tab; of an outside bearer within 20 s.
   * @returns what ends it
   */
  onChange(listen: (change: SessionChange) => void): () => void
}

export interface SessionChange {
  readonly user: User | null
  readonly token: string | null
}

/** The session as the client itself handles it. */
interface OwnSession extends Session {
  readonly bearers: Bearers
  /**
   * Signs somebody in while no renewal is under way, here or in another tab: the cookie of an answer that comes late would put its person in
   * the place of the one who has signed in.
   */
  alone<T>(work: () => Promise<T>): Promise<T>
  begin(answer: SignedIn): Promise<void>
  end(): Promise<void>
  close(): void
}

/** All times are of this device's clock, and all are durations since an answer: what the server's clock shows does not matter. */
interface Held {
  readonly token: string
  readonly user: User
  readonly since: number
  readonly renewAfterMs: number
  readonly lifetimeMs: number
}

interface SessionParts {
  readonly name: string
  readonly mode: 'web' | 'native'
  readonly storage: TokenStorage | undefined
  readonly clock: Clock
  readonly outside: (() => Promise<string | null>) | undefined
  /** Asks the server for another token; by cookie where no refresh token is given. */
  readonly renew: (refreshToken: string | undefined) => Promise<SignedIn>
}

/** How often an outside bearer is looked at, which tells nobody of changes: some live for a minute only. */
const lookAgainMs = 20_000
/** After a renewal that failed for a reason that passes. */
const tryAgainMs = 15_000

export function createSession(parts: SessionParts): OwnSession {
  const { name, mode, clock, outside } = parts
  const storage = parts.storage ?? inMemory()
  const listeners = createListeners<SessionChange>()
  let held: Held | null = null
  /** Nobody has asked yet whether there is a session to be taken up. */
  let unknown = true
  /** Counts beginnings and ends, so that a renewal that was under way meanwhile is of no effect. */
  let epoch = 0
  let renewal: Promise<string | null> | null = null
  let callOff: () => void = () => undefined
  let callOffKeeping: () => void = () => undefined
  let closed = false
  /** Undefined: not asked yet. */
  let lastOutside: string | null | undefined
  /** What the storage should have, and has not yet: this refresh token, or none (null). Undefined: go by the storage. */
  let unkept: string | null | undefined
  let keeping: Promise<void> = Promise.resolve()

  const tabs =
    mode === 'web' && 'document' in globalThis && !outside
      ? openTabs<Held>(name, {
          current: () => (held && !isDue(held) ? { state: held, token: held.token } : null),
          hear: (news) => hold(news.kind === 'state' ? news.state : null),
        })
      : onlyTab<Held>()

  const elapsed = ({ since }: Held) => clock.now() - since
  // A clock that was set back tells nothing: renew, and know again.
  const isDue = (state: Held) => elapsed(state) >= state.renewAfterMs || elapsed(state) < 0

  function hold(state: Held | null): void {
    epoch++
    unknown = false
    const changed = held?.token !== state?.token
    held = state
    callOff()
    if (state && !closed) schedule(state.renewAfterMs - elapsed(state))
    if (changed) listeners.tell({ user: state?.user ?? null, token: state?.token ?? null })
  }

  function schedule(ms: number): void {
    callOff()
    const renewOrTryAgain = () => void renew().catch(() => schedule(tryAgainMs))
    callOff = clock.after(Math.max(0, ms), renewOrTryAgain, { background: true })
  }

  /**
   * A refresh token that is rotated exists nowhere else, and a keychain may be locked for a moment: it counts at once, and is stored as soon as
   * it can be.
   * @throws what the storage throws, and tries again
   */
  function keep(value: string | null): Promise<void> {
    if (mode !== 'native') return Promise.resolve()
    unkept = value
    callOffKeeping()
    keeping = keeping
      .catch(() => undefined)
      .then(async () => {
        if (unkept !== value) return
        await (value === null ? storage.delete() : storage.set(value))
        if (unkept === value) unkept = undefined
      })
    const tryAgain = () => {
      if (closed || unkept !== value) return
      callOffKeeping = clock.after(tryAgainMs, () => void keep(value).catch(() => undefined), {
        background: true,
      })
    }
    keeping.catch(tryAgain)
    return keeping
  }

  /** @returns when it is stored @throws LecternError where it is none */
  function begin(answer: SignedIn): Promise<void> {
    if (!isSignedIn(answer)) throw unexpected('The answer does not say who is signed in.')
    const lifetimeMs = lifetimeOf(answer.accessToken) ?? 2 * 1_000 * answer.refreshAfterSeconds
    const state: Held = {
      token: answer.accessToken,
      user: answer.user,
      since: clock.now(),
      lifetimeMs,
      renewAfterMs: Math.min(answer.refreshAfterSeconds * 1_000, lifetimeMs * 0.8),
    }
    hold(state)
    if (!closed) tabs.tell({ kind: 'state', state })
    return answer.refreshToken === undefined ? Promise.resolve() : keep(answer.refreshToken)
  }

  async function end(): Promise<void> {
    hold(null)
    if (!closed) tabs.tell({ kind: 'ended' })
    // Nobody can use it any more, wherever it lies.
    await keep(null).catch(() => undefined)
  }

  /** The outside bearer as it is now; who listens hears where it is another. */
  async function askOutside(ask: () => Promise<string | null>): Promise<string | null> {
    const token = await ask()
    const before = lastOutside
    lastOutside = token
    if (before !== undefined && before !== token) listeners.tell({ user: null, token })
    return token
  }

  function lookOutside(): void {
    callOff()
    if (!outside || closed || !listeners.some()) return
    const look = () =>
      void askOutside(outside)
        .catch(() => undefined)
        .finally(lookOutside)
    callOff = clock.after(lookAgainMs, look, { background: true })
  }

  function renew(): Promise<string | null> {
    if (outside) return askOutside(outside)
    // As it was when this was asked for, not when this tab's turn has come.
    const old = held?.token ?? null
    renewal ??= tabs
      .alone(() => renewAlone(old))
      .finally(() => {
        renewal = null
      })
    return renewal
  }

  async function renewAlone(old: string | null): Promise<string | null> {
    // Another tab has done it, and told.
    if (held && held.token !== old && !isDue(held)) return held.token
    const theirs = await tabs.ask(old)
    if (theirs && !isDue(theirs)) return held?.token ?? theirs.token
    const refreshToken = mode !== 'native' ? undefined : unkept === undefined ? await storage.get() : unkept
    if (refreshToken === null) {
      hold(null)
      return null
    }
    const before = epoch
    try {
      const answer = await parts.renew(refreshToken)
      // What is not stored yet is stored later.
      if (epoch === before) await begin(answer).catch(() => undefined)
    } catch (error) {
      // By Lectern itself: a proxy that wants a password of its own ends no session.
      const refused =
        error instanceof LecternError && error.status === 401 && error.code !== 'unexpected_answer'
      if (!refused) throw error
      // One that never had a session knows nothing of those of other tabs.
      if (epoch === before) await (held ? end() : hold(null))
    }
    return held?.token ?? null
  }

  async function token(): Promise<string | null> {
    if (outside) return askOutside(outside)
    if (!held || !isDue(held)) return held?.token ?? null
    const { token, lifetimeMs } = held
    const left = lifetimeMs - elapsed(held)
    return renew().catch((error) => {
      // It is due, but still good.
      if (left > 0 && left <= lifetimeMs) return token
      throw error
    })
  }

  return {
    get user() {
      return held?.user ?? null
    },
    async restore() {
      if (!held && !outside) await renew()
      return held?.user ?? null
    },
    token,
    renew,
    onChange(listen) {
      const end = listeners.add(listen)
      if (outside) lookOutside()
      return end
    },
    bearers: {
      token,
      async replace(refused) {
        if (outside) return null
        if (held && held.token !== refused) return held.token
        return held || unknown ? renew() : null
      },
    },
    async alone(work) {
      if (mode === 'native') return work()
      await renewal?.catch(() => undefined)
      return tabs.alone(work)
    },
    begin,
    end,
    close() {
      closed = true
      callOff()
      callOffKeeping()
      tabs.close()
    },
  }
}

const isSignedIn = ({ accessToken, user, refreshAfterSeconds }: Partial<SignedIn>): boolean =>
  typeof accessToken === 'string' && typeof user?.id === 'string' && typeof refreshAfterSeconds === 'number'

/** How long a JWT lives (RFC 7519: `exp` less `iat`), in milliseconds; undefined where it does not say. */
function lifetimeOf(token: string): number | undefined {
  const { exp, iat } = claimsOf(token)
  const ms = (Number(exp) - Number(iat)) * 1_000
  return ms > 0 ? ms : undefined
}

function inMemory(): TokenStorage {
  let kept: string | null = null
  return {
    get: () => kept,
    set: (token) => {
      kept = token
    },
    delete: () => {
      kept = null
    },
  }
}
