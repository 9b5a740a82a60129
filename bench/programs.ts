import { residentMb } from './process.ts'
import { measurePurchases } from './purchase.ts'
import { measureRoster } from './roster.ts'
import { measureSockets, type SocketFigures } from './sockets.ts'
import type { Stand } from './stand.ts'
import { measureStart } from './start.ts'
import { measureUpload } from './upload.ts'

/** A figure that is not one of many requests. */
export interface Finding {
  readonly name: string
  readonly value: string
  readonly aim: string
  readonly met: boolean | null
}

/** How much each program does. */
export interface Extent {
  readonly purchases: number
  readonly sockets: { people: number; talking: number; perSecond: number; seconds: number }
  readonly uploadMebibytes: number
  readonly exportRows: number
}

/** What is measured by programs of their own, and what each finds. */
export interface ProgramPlan {
  readonly finds: readonly string[]
  measure(extent: Extent): Promise<Finding[]>
}

/** On the large school: first what is unloaded; and, when all requests were sent, what its server has come to. */
export const schoolFinds = ['simulated purchase to access', 'webhook accepted to access', 'memory under load']
const flatMb = 60

export async function findPurchases(stand: Stand, extent: Extent, folder: string): Promise<Finding[]> {
  const { purchase, webhook } = await measurePurchases(stand, { count: extent.purchases, folder })
  return [
    finding('simulated purchase to access', `p50 ${ms(purchase.p50)}, p99 ${ms(purchase.p99)}`),
    finding(
      'webhook accepted to access',
      `p50 ${ms(webhook.p50)}, p99 ${ms(webhook.p99)}`,
      'p99 under 50 ms',
      webhook.p99 < 50,
    ),
  ]
}

export async function findLoadMemory({ server }: Stand): Promise<Finding> {
  const { pid } = server.process
  const value = `${mb(await residentMb(pid))}, at most ${mb(await residentMb(pid, 'VmHWM'))}`
  return finding('memory under load', value)
}

export const programPlans: readonly ProgramPlan[] = [
  {
    finds: ['ready after npm start, second run', 'memory idle'],
    async measure() {
      const { readySeconds, idleMb } = await measureStart()
      return [
        finding(
          'ready after npm start, second run',
          `${readySeconds.toFixed(1)} s`,
          'under 2 s',
          readySeconds < 2,
        ),
        finding('memory idle', mb(idleMb), 'under 150 MiB', idleMb < 150),
      ]
    },
  },
  {
    finds: ['sockets: memory', 'chat messages', 'chat: message to delivery', 'the same, all connected'],
    async measure({ sockets }) {
      const { people, talking, perSecond } = sockets
      const crowd = await measureSockets(sockets)
      const chat = people === talking ? crowd : await measureSockets({ ...sockets, people: talking })
      const isWhole = [chat, crowd].every(
        ({ sent, delivered, acknowledged }) => delivered === sent && acknowledged === sent,
      )
      const delays = ({ p50, p99 }: SocketFigures) => `p50 ${ms(p50)}, p99 ${ms(p99)} at ${perSecond}/s`
      return [
        finding(
          'sockets: memory',
          `${crowd.sockets} connected: ${mb(crowd.connected)} (${mb(crowd.before)} before)`,
          '5,000 connected under 300 MiB',
          people < 5_000 ? null : crowd.connected < 300,
        ),
        finding(
          'chat messages',
          `${chat.delivered} of ${chat.sent} delivered over ${chat.sockets} sockets, ${Math.round(chat.perSecond)}/s asked ${perSecond}/s`,
          'all',
          isWhole,
        ),
        finding(
          'chat: message to delivery',
          delays(chat),
          'p99 under 30 ms at 1,000/s over 1,000 sockets',
          perSecond < 1_000 ? null : chat.p99 < 30,
        ),
        finding('the same, all connected', `${delays(crowd)}, ${crowd.sockets} sockets`),
      ]
    },
  },
  {
    finds: ['upload', 'memory while uploading'],
    async measure({ uploadMebibytes }) {
      const figures = await measureUpload({ kind: 'local', mebibytes: uploadMebibytes })
      const rise = Math.max(...figures.map(({ most, before }) => most - before))
      const speeds = figures.map(
        ({ name, megabytesPerSecond }) => `${Math.round(megabytesPerSecond)} ${name}`,
      )
      return [
        finding('upload', `${speeds.join('; ')} (MB/s)`),
        finding(
          'memory while uploading',
          `+${mb(rise)} for ${uploadMebibytes} MiB`,
          `flat: at most ${flatMb} MiB more`,
          rise <= flatMb,
        ),
      ]
    },
  },
  {
    finds: ['memory while exporting CSV'],
    async measure({ exportRows }) {
      const [first, second] = await measureRoster(exportRows)
      if (!first || !second) throw new Error('two exports are measured')
      const rise = second.peak - second.before
      return [
        finding(
          'memory while exporting CSV',
          `${exportRows} rows: ${mb(first.before)} to ${mb(first.peak)}, again +${mb(rise)}; ${second.seconds.toFixed(1)} s`,
          `flat: at most ${flatMb} MiB more the second time`,
          rise <= flatMb,
        ),
      ]
    },
  },
]

function finding(name: string, value: string, aim = '', met: boolean | null = null): Finding {
  return { name, value, aim, met }
}

const ms = (milliseconds: number) => `${milliseconds.toFixed(1)} ms`
const mb = (mebibytes: number) => `${Math.round(mebibytes)} MiB`
