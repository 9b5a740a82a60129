import { once } from 'node:events'
import { type ResourceLimits, Worker } from 'node:worker_threads'
import { takeTurns } from './turns.ts'

/**
 * Does what takes the processor for long in threads beside that of requests: begun when first needed, since most starts of the program
 * need none, each at one piece of work at a time, in the order they came.
 * @param file of the thread: it says that it is ready once, and answers each message with one
 * @param options.atOnce how many threads there are at most
 * @param options.mostWaiting past which more work is refused with 503, before it begins
 * @param options.mostMs after which a piece of work is given up, and its thread with it
 * @returns what asks a thread: `ask` says what, when it is the work's turn. It rejects where that does, and where the thread failed
 * or took too long; the next piece gets another
 */
export function workAside<Asked, Told>(
  file: URL,
  options: { atOnce: number; mostWaiting: number; mostMs?: number; limits?: ResourceLimits },
): (ask: () => Asked | Promise<Asked>) => Promise<Told> {
  const { atOnce, mostWaiting, mostMs, limits = {} } = options
  const inTurn = takeTurns(atOnce, mostWaiting)
  const idle = new Set<Worker>()

  async function open(): Promise<Worker> {
    const worker = new Worker(file, { resourceLimits: limits })
    // Else an error that comes when nobody waits would end the program.
    worker.on('error', () => idle.delete(worker))
    await once(worker, 'message')
    return worker
  }

  return (ask) =>
    inTurn(async () => {
      const asked = await ask()
      const [free] = idle
      const worker = free ?? (await open())
      idle.delete(worker)
      worker.ref()
      try {
        const told = once(worker, 'message', mostMs ? { signal: AbortSignal.timeout(mostMs) } : {})
        worker.postMessage(asked)
        const [answer] = (await told) as [Told]
        worker.unref()
        idle.add(worker)
        return answer
      } catch (error) {
        void worker.terminate()
        throw error
      }
    })
}
