import { readFile } from 'node:fs/promises'
import { availableParallelism, loadavg, totalmem } from 'node:os'

/** In MiB, as the kernel says in `/proc/<pid>/status`: resident now, or at its peak. Linux only. */
export async function residentMb(
  pid: number | undefined,
  what: 'VmRSS' | 'VmHWM' = 'VmRSS',
): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024
}

/** Of the process, in all its threads (proc(5), stat: utime and stime, in hundredths of a second). */
export async function cpuSeconds(pid: number | undefined): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

export function describeMachine(): string {
  const memory = Math.round(totalmem() / 2 ** 30)
  const busy = loadavg()
    .slice(0, 2)
    .map((load) => load.toFixed(1))
  return `${availableParallelism()} cores, ${memory} GiB, Node.js ${process.versions.node}, load average ${busy.join(', ')}`
}

export const say = (line: string) => process.stdout.write(`${line}\n`)
