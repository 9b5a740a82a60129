import { modules } from '../modules.ts'
import { storageKeysOf } from '../platform/module.ts'
import { copyObject, deleteCopied } from '../platform/storage/copy.ts'
import { openStorage } from '../platform/storage/open.ts'
import { type StoreName, storeNames } from '../platform/storage/settings.ts'
import type { Storage } from '../platform/storage/storage.ts'
import { type Call, type Command, CommandError, type Output } from './command.ts'
import { withRuntime } from './with-runtime.ts'

const atOnce = 8
const progressEveryMs = 500

export const mediaCommand: Command = {
  name: 'media',
  usage: 'migrate --from STORE --to STORE [--delete]',
  summary:
    'Copy every file from one media store to another and compare it (local, s3, cloudinary); --delete removes what was compared from the old one',
  options: { from: { type: 'string' }, to: { type: 'string' }, delete: { type: 'boolean' } },
  positionals: ['migrate'],
  async run(call) {
    const { config, output, positionals, values } = call
    if (positionals[0] !== 'migrate') throw new CommandError('The one thing this does is: media migrate')
    const from = readStore(call, 'from')
    const to = readStore(call, 'to')
    if (from === to) throw new CommandError('--from and --to are the same store.')
    const deletes = values.delete === true
    if (deletes && config.stores.inUse === from) {
      throw new CommandError(
        `MEDIA_STORE is still ${from}: set it to ${to} before anything is deleted there.`,
      )
    }
    await withRuntime(call, async ({ deps }) => {
      const stores = { from: await open(call, from), to: await open(call, to) }
      const report = await migrate(storageKeysOf(modules, deps.db), { ...stores, deletes }, output)
      output.result(describe(report, from, to), report)
      if (report.failed.length > 0) throw new CommandError('Run it again for what failed.')
    })

    async function open({ config }: Call, name: StoreName): Promise<Storage> {
      const storage = await openStorage(name, config, { now: () => new Date() })
      if (!storage)
        throw new CommandError(`The store ${name} is not configured: docs/media.md names its variables.`)
      return storage
    }
  },
}

function readStore({ values }: Call, option: 'from' | 'to'): StoreName {
  const name = storeNames.find((known) => known === values[option])
  if (!name) throw new CommandError(`Say --${option} STORE: one of ${storeNames.join(', ')}.`)
  return name
}

interface Report {
  copied: number
  bytes: number
  present: number
  deleted: number
  failed: { key: string; reason: string }[]
}

/** Several objects at a time; one that fails holds up no other. */
async function migrate(
  keys: AsyncGenerator<string>,
  { from, to, deletes }: { from: Storage; to: Storage; deletes: boolean },
  output: Output,
): Promise<Report> {
  const report: Report = { copied: 0, bytes: 0, present: 0, deleted: 0, failed: [] }
  const fail = (key: string, reason: string) => void report.failed.push({ key, reason })
  let told = performance.now()
  async function work(): Promise<void> {
    for await (const key of keys) {
      try {
        const copied = await copyObject({ from, to, key })
        if (copied.outcome === 'missing') fail(key, 'is in neither store')
        else {
          report[copied.outcome] += 1
          if (copied.outcome === 'copied') report.bytes += copied.bytes
          if (deletes && (await deleteCopied({ from, to, key }))) report.deleted += 1
        }
      } catch (error) {
        fail(key, error instanceof Error ? error.message : String(error))
      }
      if (performance.now() - told < progressEveryMs) continue
      told = performance.now()
      output.progress(
        `${report.copied} copied (${megabytes(report.bytes)}), ${report.present} there already …`,
      )
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return report
}

function describe(
  { copied, bytes, present, deleted, failed }: Report,
  from: StoreName,
  to: StoreName,
): string {
  return [
    `Copied ${copied} files (${megabytes(bytes)}) from ${from} to ${to}; ${present} were there already.`,
    ...(deleted > 0 ? [`Deleted ${deleted} from ${from}.`] : []),
    ...failed.map(({ key, reason }) => `${key}: ${reason}`),
  ].join('\n')
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
