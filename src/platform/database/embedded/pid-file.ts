import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface PidFile {
  readonly pid: number
  /** 0 until the postmaster has written it. */
  readonly port: number
  /** `starting`, `ready`, `standby`, `stopping`, or empty until it is written. */
  readonly status: string
}

/**
 * Reads a postmaster.pid. Its lines, by PostgreSQL's src/include/utils/pidfile.h: 1 process id, 2 data folder, 3 start time
 * (seconds since 1970), 4 port, 5 folder of the Unix socket, 6 first listen address, 7 shared memory key and id,
 * 8 status, padded with spaces to eight characters. They appear one after another while the postmaster starts.
 * @returns null where there is no file, or none that names a process
 */
export async function readPidFile(data: string): Promise<PidFile | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return parsePidFile(text)
}

export function parsePidFile(text: string): PidFile | null {
  const lines = text.split('\n')
  // A standalone backend writes its process id negated.
  const pid = Math.abs(Number.parseInt(lines[0] ?? '', 10))
  if (!Number.isSafeInteger(pid) || pid === 0) return null
  return { pid, port: Number.parseInt(lines[3] ?? '', 10) || 0, status: lines[7]?.trim() ?? '' }
}

/** Whether a process has that number, even one that has ended and waits for its parent to notice (a zombie). */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether a process runs. Under a PID 1 that reaps nobody, as in some containers, zombies stay for ever: they do not run. */
export function isAlive(pid: number): boolean {
  return exists(pid) && !isZombie(pid)
}

/** Linux: the field after the parenthesised name, proc_pid_stat(5). */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return /^ [ZX]/.test(stat.slice(stat.lastIndexOf(')') + 1))
  } catch {
    return false
  }
}
