import { isAway } from './database/queue.ts'
import { overloaded, refuse } from './http/refusal.ts'

/**
 * Does together what is asked for in one turn of the event loop, or while other work is under way, as soon as that is done: the busier it
 * is, the more at a time. A batch that fails is tried again one by one, so that one's fault is nobody else's; but where the database was
 * waited for in vain, all who wait are told so, since one after the other they would wait for minutes.
 * @param work gives a result for each item, in their order
 * @param limits.atOnce how many batches run at a time
 * @param limits.most how many items a batch has at most
 * @param limits.mostWaiting past which more are refused with 503, before they begin
 */
export function doTogether<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  limits: { atOnce: number; most: number; mostWaiting?: number },
): (item: Item) => Promise<Result> {
  interface Asked {
    readonly item: Item
    readonly resolve: (result: Result | Promise<Result>) => void
    readonly reject: (error: unknown) => void
  }
  const { atOnce, most, mostWaiting = Number.POSITIVE_INFINITY } = limits
  const waiting: Asked[] = []
  let running = 0

  async function run(batch: readonly Asked[]): Promise<void> {
    try {
      const results = await work(batch.map(({ item }) => item))
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result)
    } catch (error) {
      if (isAway(error)) for (const { reject } of [...batch, ...waiting.splice(0)]) reject(error)
      else if (batch.length === 1) batch[0]?.reject(error)
      else for (const one of batch) await run([one])
    }
  }

  async function runWaiting(): Promise<void> {
    while (waiting.length > 0) await run(waiting.splice(0, most))
    running--
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= mostWaiting)
        return reject(refuse(overloaded, overloaded.title, { retryAfterSeconds: 1 }))
      waiting.push({ item, resolve, reject })
      if (running === atOnce) return
      running++
      setImmediate(runWaiting)
    })
}
