import { Agent, request } from 'node:http'

export interface Measured {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

/**
 * Asks one address after another, so many at a time, each over a connection that is kept open.
 * @param options.paths what to ask; from its beginning again where it is shorter than `count`
 * @param options.bearers who asks, in turn; left out: nobody is signed in
 * @throws where an answer is not 200
 */
export async function load(options: {
  origin: string
  paths: readonly string[]
  bearers?: readonly string[]
  count: number
  concurrency: number
}): Promise<Measured> {
  const { origin, paths, bearers = [], count, concurrency } = options
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  const times: number[] = []
  let next = 0
  const ask = (path: string, bearer: string | undefined) =>
    new Promise<void>((resolve, reject) => {
      const began = performance.now()
      request(
        new URL(path, origin),
        { agent, headers: bearer ? { authorization: `Bearer ${bearer}` } : {} },
        (response) => {
          response.resume().on('end', () => {
            times.push(performance.now() - began)
            if (response.statusCode === 200) resolve()
            else reject(new Error(`${response.statusCode} ${path}`))
          })
        },
      )
        .on('error', reject)
        .end()
    })
  const worker = async () => {
    while (next < count) {
      const turn = next++
      await ask(paths[turn % paths.length] ?? '/', bearers[turn % bearers.length])
    }
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: concurrency }, worker))
  const seconds = (performance.now() - began) / 1_000
  agent.destroy()
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { perSecond: count / seconds, p50: at(0.5), p99: at(0.99) }
}
