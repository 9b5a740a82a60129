import cluster, { type Worker } from 'node:cluster'
import { setTimeout as wait } from 'node:timers/promises'
import { AggregatorRegistry } from 'prom-client'
import type { Log } from '../log.ts'
import type { FromChild, Measurements, ToChild } from './messages.ts'

const restartMs = 1_000
const measurePatienceMs = 2_000

export interface RunningFamily {
  /** Ends all of them: each finishes what it has taken. */
  close(): Promise<void>
}

/**
 * Runs this program several times (https://nodejs.org/api/cluster.html): they share the port that they listen on. One that ends is replaced a second later. Resolves when each has said that it is up.
 * @param options.commands what each of them runs: a command and its arguments
 * @throws where one of them ends before that; then none is left
 */
export async function startFamily(options: {
  commands: readonly (readonly string[])[]
  log: Log
}): Promise<RunningFamily> {
  const { commands, log } = options
  const children = new Set<Worker>()
  const up = new Set<Worker>()
  const measured = new Map<number, (measurements: Measurements) => void>()
  const execArgv = process.execArgv.filter((flag) => !flag.startsWith('--watch'))
  let closing = false
  let count = 0
  const tell = (child: Worker, message: ToChild) => void child.send(message, () => undefined)

  // They take connections themselves: one that we had handed to a process that dies would hang.
  cluster.schedulingPolicy = cluster.SCHED_NONE

  /** @returns a promise of the first time that it is up */
  function start(command: readonly string[]): Promise<void> {
    // What numbers may be beside numbers (NaN) goes through this serialization, and not through JSON.
    cluster.setupPrimary({ args: [...command], execArgv, serialization: 'advanced' })
    const child = cluster.fork()
    const { pid } = child.process
    const { promise: firstUp, resolve, reject } = Promise.withResolvers<void>()
    children.add(child)
    child.on('message', (message: FromChild) => {
      if (message.say === 'up') {
        up.add(child)
        resolve()
      }
      if (message.say === 'metrics?') void answer(child, message.id)
      if (message.say === 'measured') measured.get(message.id)?.(message.measurements)
    })
    child.on('error', (error) => log.warn({ err: error, child: pid }, 'a process cannot be told'))
    child.on('exit', async (code, signal) => {
      const wasUp = up.delete(child)
      children.delete(child)
      reject(new Error(`A process (lectern ${command.join(' ')}) ended before it was up.`))
      if (closing) return
      log.error({ child: pid, code, signal, wasUp }, 'a process has ended; another takes its place')
      await wait(restartMs)
      if (!closing) start(command).catch(() => undefined)
    })
    return firstUp
  }

  async function answer(child: Worker, id: number): Promise<void> {
    const measurements = await Promise.all([...children].map(measure))
    const text = await AggregatorRegistry.aggregate(measurements).metrics()
    tell(child, { say: 'metrics', id, text })
  }

  /** Of one that does not answer, or has only just begun, there is nothing. */
  async function measure(child: Worker): Promise<Measurements> {
    const id = ++count
    const { promise, resolve } = Promise.withResolvers<Measurements>()
    measured.set(id, resolve)
    tell(child, { say: 'measure', id })
    const over = new AbortController()
    const late = wait<Measurements>(measurePatienceMs, [], { signal: over.signal }).catch(() => [])
    return Promise.race([promise, late]).finally(() => {
      measured.delete(id)
      over.abort()
    })
  }

  async function close(): Promise<void> {
    closing = true
    const gone = [...children].map((child) => new Promise((resolve) => child.once('exit', resolve)))
    for (const child of children) {
      // One that is still starting hears nothing, and has nothing to finish.
      if (up.has(child)) tell(child, { say: 'close' })
      else child.process.kill('SIGTERM')
    }
    await Promise.all(gone)
  }

  try {
    await Promise.all(commands.map(start))
  } catch (error) {
    closing = true
    for (const child of children) child.process.kill('SIGKILL')
    throw error
  }
  return { close }
}
