import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a port of this machine that can be cut for those who go by it, and for nobody else. */
export interface Cable {
  readonly port: number
  cut(): void
  /** What goes by it now hears nothing any more, and is not told so; who comes next does. */
  hush(): void
  mend(): void
  close(): Promise<void>
}

export async function layCable(to: number): Promise<Cable> {
  const ends = new Set<Socket>()
  let whole = true
  const server = createServer((near) => {
    if (!whole) return near.destroy()
    const far = connect(to, '127.0.0.1')
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(end)
      end.on('error', () => undefined)
      end.on('close', () => {
        ends.delete(end)
        other.destroy()
      })
      end.pipe(other)
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  function cut(): void {
    whole = false
    for (const end of ends) end.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    hush() {
      for (const end of ends) {
        end.unpipe()
        end.removeAllListeners('close').pause()
      }
    },
    mend() {
      whole = true
    },
    async close() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
