import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { restoreMark } from '../database/migrate.ts'
import { BackupError } from './backup-error.ts'
import type { Entry, Part, SequenceValue, Totals } from './format.ts'
import { beginJobs, copyJobsIn, endJobs } from './jobs.ts'
import { nameOfPart } from './read-backup.ts'
import { copyIn, copySettings, findTables, type OnProgress, quote } from './tables.ts'

/**
 * Loads what a backup holds into a database of the same migrations, in one transaction: whatever is in it is replaced.
 *
 * Nothing is asked for that only a superuser may do (`session_replication_role`): foreign keys are taken off and put on again, which
 * checks each at once over all rows, and in any order of tables; the triggers of the tables' owner, which keep facts that are in the
 * backup as rows already, are switched off meanwhile.
 */
export async function loadBackup(
  client: pg.Client,
  entries: AsyncGenerator<Entry>,
  onProgress: OnProgress,
): Promise<{ tables: number; rows: number }> {
  const loaded = { tables: 0, rows: 0 }
  await client.query(`begin; ${copySettings}`)
  try {
    const tables = await findTables(client)
    const keys = await takeOffForeignKeys(client)
    for (const { name } of tables)
      await client.query(`alter table public.${quote(name)} disable trigger user`)
    await client.query(`truncate ${tables.map(({ name }) => `public.${quote(name)}`).join(', ')}`)
    const missing = new Set([...tables.map(({ name }) => `table ${name}`), 'jobs'])
    // To the very end of the file: what is wrong with it is thrown there at the latest.
    for (let next = await entries.next(); !next.done; next = await entries.next()) {
      const entry = next.value
      if (entry.kind === 'sequences') await setSequences(client, entry.sequences)
      if (entry.kind !== 'begin') continue
      if (entry.part.part === 'file') continue
      if (!missing.delete(nameOfPart(entry.part)))
        throw new BackupError(`The backup holds ${nameOfPart(entry.part)}, which its migrations do not make.`)
      const totals = await loadPart(client, entry.part, entries, onProgress)
      if (entry.part.part !== 'table') continue
      loaded.tables += 1
      loaded.rows += totals.rows
    }
    if (missing.size > 0) throw new BackupError(`The backup lacks ${[...missing].join(', ')}.`)
    await client.query('set constraints all immediate')
    for (const { name } of tables) await client.query(`alter table public.${quote(name)} enable trigger user`)
    for (const key of keys) await client.query(key)
    await client.query(`drop table ${restoreMark}; commit`)
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
  // So that the first statements are planned as well as the later ones.
  await client.query('analyze')
  return loaded
}

/** @returns the statements that put them on again */
async function takeOffForeignKeys(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ off: string; on: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as off,
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as on
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace order by conrelid, conname`,
  )
  for (const { off } of rows) await client.query(off)
  return rows.map(({ on }) => on)
}

async function loadPart(
  client: pg.Client,
  part: Exclude<Part, { part: 'file' }>,
  entries: AsyncGenerator<Entry>,
  onProgress: OnProgress,
): Promise<Totals> {
  let totals: Totals | null = null
  let bytes = 0
  async function* data() {
    for (;;) {
      const { value, done } = await entries.next()
      if (done) return
      if (value.kind === 'end') {
        totals = value.totals
        onProgress({ name: nameOfPart(part), totals: value.totals })
        return
      }
      if (value.kind !== 'data') throw new BackupError('The backup is damaged: a part has no end.')
      bytes += value.bytes.length
      onProgress({ name: nameOfPart(part), totals: { rows: 0, bytes } })
      yield value.bytes
    }
  }
  if (part.part === 'jobs') await client.query(beginJobs)
  const copy = client.query(copyFrom(part.part === 'jobs' ? copyJobsIn : copyIn(part)))
  await pipeline(Readable.from(data()), copy)
  if (part.part === 'jobs') await client.query(endJobs)
  const expected = totals as Totals | null
  if (copy.rowCount !== expected?.rows) {
    throw new BackupError(`Of ${nameOfPart(part)} ${copy.rowCount} rows came, not ${expected?.rows}.`)
  }
  return expected
}

async function setSequences(client: pg.Client, sequences: readonly SequenceValue[]): Promise<void> {
  for (const { name, last } of sequences)
    await client.query('select setval($1::regclass, $2)', [`public.${quote(name)}`, last])
}
