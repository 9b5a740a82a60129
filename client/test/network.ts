/** What becomes of one request: its answer is lost, it never arrives, or somebody on the way answers instead. */
export type Fate = 'answer lost' | 'never sent' | 'silence' | Response

export interface Sent {
  readonly method: string
  readonly path: string
  readonly headers: Headers
}

/** A network between a client and the real server: it writes down what is sent, and does wrong when it is told to. */
export function network() {
  const sent: Sent[] = []
  const fates: Fate[] = []
  const ways: ((request: Sent) => Promise<void> | void)[] = []
  return {
    sent,
    /** What the next requests suffer, one each. */
    next: (...coming: Fate[]) => void fates.push(...coming),
    /** Calls something before each request is sent. */
    before: (work: (request: Sent) => Promise<void> | void) => void ways.push(work),
    to: (path: string) => sent.filter((request) => request.path === path),
    async fetch(
      input: Parameters<typeof fetch>[0],
      init: Parameters<typeof fetch>[1] = {},
    ): Promise<Response> {
      const request = {
        method: init.method ?? 'GET',
        path: new URL(String(input)).pathname,
        headers: new Headers(init.headers),
      }
      sent.push(request)
      for (const work of ways) await work(request)
      const fate = fates.shift()
      if (fate instanceof Response) return fate
      if (fate === 'never sent') throw new TypeError('the network is down')
      if (fate === 'silence')
        return new Promise((_, reject) =>
          init.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
        )
      const response = await fetch(input, init)
      if (fate !== 'answer lost') return response
      await response.arrayBuffer()
      throw new TypeError('the connection was reset')
    },
  }
}
