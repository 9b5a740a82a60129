import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Clock } from '../clock.ts'
import { checkMail, type Mailer } from './mailer.ts'

/** A mail in the mailbox, as kept on disk and shown; `sentAt` is ISO 8601 in UTC. */
export const KeptMail = Type.Object({
  id: Type.String(),
  to: Type.String(),
  subject: Type.String(),
  text: Type.String(),
  html: Type.Optional(Type.String()),
  unsubscribeUrl: Type.Optional(Type.String()),
  sentAt: Type.String(),
})
export type KeptMail = Static<typeof KeptMail>

export interface Mailbox extends Mailer {
  /** All that is kept, newest first. */
  list(): Promise<KeptMail[]>
  read(id: string): Promise<KeptMail | null>
}

const kept = 200

/**
 * Where mail goes while no mail server is set: the newest 200 stay in a folder, one file each, to be read there, by
 * the page (`registerMailboxPage`) or by tests. A mail whose id is there already is not kept twice. Several processes
 * may use one folder.
 * @param folder made if it is not there; readable by its owner only, since mails hold sign-in links
 */
export async function createMailbox({ folder, clock }: { folder: string; clock: Clock }): Promise<Mailbox> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  let last: Promise<void> = Promise.resolve()

  /** File names, oldest first: `0000000042-<hash of the id>.json`. */
  async function names(): Promise<string[]> {
    return (await readdir(folder)).filter((name) => /^\d{10}-[0-9a-f]{64}\.json$/.test(name)).sort()
  }

  async function load(name: string): Promise<KeptMail | null> {
    try {
      const mail: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'))
      return Value.Check(KeptMail, mail) ? mail : null
    } catch {
      return null // evicted meanwhile, or damaged by a power cut: not worth an error to a developer
    }
  }

  async function keep(mail: KeptMail): Promise<void> {
    const before = await names()
    const suffix = `-${hashOf(mail.id)}.json`
    if (before.some((name) => name.endsWith(suffix))) return
    const number = Number(before.at(-1)?.slice(0, 10) ?? 0) + 1
    // the temporary name is the mail's own, so that a retry after a crash takes it over
    const temporary = join(folder, `${hashOf(mail.id)}.tmp`)
    await writeFile(temporary, JSON.stringify(mail, null, 2), { mode: 0o600 })
    await rename(temporary, join(folder, `${String(number).padStart(10, '0')}${suffix}`))
    const excess = before.slice(0, Math.max(0, before.length + 1 - kept))
    await Promise.all(excess.map((name) => rm(join(folder, name), { force: true })))
  }

  return {
    send(mail) {
      const done = last.then(() => keep({ ...checkMail(mail), sentAt: clock.now().toISOString() }))
      last = done.catch(() => {}) // one after the other: the number in the name is the order
      return done
    },
    async list() {
      const mails = await Promise.all((await names()).reverse().map(load))
      return mails.filter((mail) => mail !== null)
    },
    async read(id) {
      const name = (await names()).find((candidate) => candidate.endsWith(`-${hashOf(id)}.json`))
      return name === undefined ? null : load(name)
    },
    close: () => last,
  }
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}
