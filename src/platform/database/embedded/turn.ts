import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import type { EmbeddedLog } from './log.ts'

const busy = 5 // SQLITE_BUSY, https://sqlite.org/rescode.html
const pollMs = 20
const sayAfterMs = 3_000
const giveUpAfterMs = 600_000

/**
 * Runs `work` while no other process (and no other caller in this one) does so for the same folder: initdb, starting and
 * stopping happen one at a time.
 *
 * Node.js has no file locks of its own, and a file that holds a process id can be left behind by a crash and be
 * recovered by two at once. SQLite's exclusive transaction is a lock of the operating system, which ends with the process.
 * @throws where the turn does not come within ten minutes
 */
export async function inTurn<T>(folder: string, log: EmbeddedLog, work: () => Promise<T>): Promise<T> {
  const lock = new DatabaseSync(join(folder, 'postgres.lock'), { timeout: 0 })
  try {
    await acquire(lock, folder, log)
    return await work()
  } finally {
    lock.close()
  }
}

async function acquire(lock: DatabaseSync, folder: string, log: EmbeddedLog): Promise<void> {
  const began = performance.now()
  for (let said = false; !tryAcquire(lock); ) {
    const waited = performance.now() - began
    if (waited > giveUpAfterMs)
      throw new Error(`Another process has kept ${folder} locked for ten minutes: end it.`)
    if (waited > sayAfterMs && !said) {
      said = true
      log.info({ folder }, 'waiting for another process that starts or stops the embedded PostgreSQL')
    }
    await pause(pollMs)
  }
}

function tryAcquire(lock: DatabaseSync): boolean {
  try {
    lock.exec('begin exclusive')
    return true
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return false
    throw error
  }
}
