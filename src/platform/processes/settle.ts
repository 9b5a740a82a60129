import { performance } from 'node:perf_hooks'

const lookEveryMs = 2_000
/** A share of the time: less is what a server does that nobody asks. */
const atRest = 0.1

/**
 * Gives back what a start needed, once, in the first two seconds in which the process is at rest: V8 would keep it for half a minute or
 * for ever, as it collects by how much is asked of it. Takes a tenth of a second of this thread. Does nothing without `--expose-gc`.
 */
export function settleMemory(): void {
  let before = performance.eventLoopUtilization()
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    if (utilization > atRest) return
    clearInterval(timer)
    // Only this flavor lets the young generation shrink (V8, src/extensions/gc-extension.cc, Heap::CollectAllAvailableGarbage).
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  }, lookEveryMs)
  timer.unref()
}
