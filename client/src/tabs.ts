/** What tabs of one origin tell each other. */
export type News<State> = { readonly kind: 'state'; readonly state: State } | { readonly kind: 'ended' }

/**
 * The other tabs of this browser that share the cookie. Where there are none to be talked to (Node.js, React Native, old browsers) all of it is
 * as if this were the only one, and the server's grace for a token that two have used at once does the rest.
 */
export interface Tabs<State> {
  /** Runs work while no other tab runs such work. */
  alone<T>(work: () => Promise<T>): Promise<T>
  tell(news: News<State>): void
  /** Asks for a state other than an old one; undefined where nobody knows any. */
  ask(old: string | null): Promise<State | undefined>
  close(): void
}

interface Listening<State> {
  /** This tab's state, as far as it may be handed on. */
  current(): { readonly state: State; readonly token: string } | null
  hear(news: News<State>): void
}

type Said<State> = News<State> | { readonly kind: 'question'; readonly old: string | null }

/** Another tab may be busy for a moment; where it takes longer this tab does the work itself. */
const patienceMs = 500

interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>
  request<T>(name: string, options: { mode: 'shared' }, work: () => Promise<T>): Promise<T>
  query(): Promise<{ held?: { name?: string }[] }>
}

/**
 * Web Locks (W3C) so that one tab works at a time, and a BroadcastChannel (HTML, section 9.5) by which it tells the others.
 * @param name which client of this origin: those of other servers have other tokens
 */
export function openTabs<State>(name: string, listening: Listening<State>): Tabs<State> {
  const locks = (globalThis.navigator as { locks?: Locks } | undefined)?.locks
  if (typeof BroadcastChannel === 'undefined' || !locks) return onlyTab()
  const channel = new BroadcastChannel(name)
  const waiting = new Set<(state: State) => void>()
  // Held for as long as the tab lives, so that the others can be counted.
  const here = `${name} here`
  let leave: () => void = () => undefined
  const gone = new Promise<void>((resolve) => {
    leave = resolve
  })
  void locks.request(here, { mode: 'shared' }, () => gone)

  channel.onmessage = ({ data }: { data: unknown }) => {
    const said = data as Said<State>
    if (said.kind === 'question') {
      const mine = listening.current()
      if (mine && mine.token !== said.old) channel.postMessage({ kind: 'state', state: mine.state })
      return
    }
    listening.hear(said)
    if (said.kind === 'state') for (const take of waiting) take(said.state)
  }
  return {
    alone: (work) => locks.request(`${name} renewal`, work),
    tell: (news) => channel.postMessage(news),
    async ask(old) {
      const { held = [] } = await locks.query()
      if (held.filter((lock) => lock.name === here).length < 2) return undefined
      return new Promise((resolve) => {
        const give = (state?: State) => {
          clearTimeout(timer)
          waiting.delete(give)
          resolve(state)
        }
        const timer = setTimeout(() => give(), patienceMs)
        waiting.add(give)
        channel.postMessage({ kind: 'question', old })
      })
    },
    close() {
      leave()
      channel.close()
    },
  }
}

/** A tab that knows of no other. */
export function onlyTab<State>(): Tabs<State> {
  return {
    alone: (work) => work(),
    tell: () => undefined,
    ask: async () => undefined,
    close: () => undefined,
  }
}
