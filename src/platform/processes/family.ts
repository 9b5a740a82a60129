import type { FromChild, Measurements, ToChild } from './messages.ts'

/** The other processes on the same port, as one of them sees them: all it knows is the one that looks after them. */
export interface Family {
  /** This process does what it was started for. */
  tellUp(): void
  /** Called when all are to end. */
  onClose(hear: () => void): void
  /** Whenever measurements of this process are asked for. */
  onMeasure(measure: () => Promise<Measurements>): void
  /** The metrics of all, added up, in the text format of Prometheus. */
  readMetrics(): Promise<string>
}

/** Joins the processes that `startFamily` looks after; if that one dies, this one ends. */
export function joinFamily(): Family {
  const asked = new Map<number, (text: string) => void>()
  let close = () => {}
  let measure: () => Promise<Measurements> = async () => []
  let count = 0
  // Whoever is not there any more needs no answer.
  const tell = (message: FromChild) => void process.send?.(message, undefined, undefined, () => undefined)

  process.on('message', async (message: ToChild) => {
    if (message.say === 'close') close()
    if (message.say === 'measure') tell({ say: 'measured', id: message.id, measurements: await measure() })
    if (message.say === 'metrics') {
      asked.get(message.id)?.(message.text)
      asked.delete(message.id)
    }
  })
  return {
    tellUp: () => tell({ say: 'up' }),
    onClose(hear) {
      close = hear
    },
    onMeasure(how) {
      measure = how
    },
    readMetrics() {
      const { promise, resolve } = Promise.withResolvers<string>()
      asked.set(++count, resolve)
      tell({ say: 'metrics?', id: count })
      return promise
    },
  }
}
