import { modules } from '../modules.ts'
import { systemClock } from '../platform/clock.ts'
import { type Database, openDatabase } from '../platform/database/database.ts'
import { hasEmbedded } from '../platform/database/embedded.ts'
import { type Examined, examine, reasonOf, shownAddress } from '../platform/doctor/check.ts'
import { platformChecks } from '../platform/doctor/platform-checks.ts'
import { openServer } from '../runtime.ts'
import { type Call, type Command, CommandError, type Output } from './command.ts'

export const doctorCommand: Command = {
  name: 'doctor',
  usage: '',
  summary: 'Look at everything the school needs, and say what is wrong and what to do; changes nothing',
  positionals: [],
  withoutSecrets: true,
  async run(call) {
    const { config, output } = call
    const checks = [...platformChecks, ...modules.flatMap((module) => module.checks ?? [])]
    const patient = await openPatient(call)
    try {
      const { database, trouble } = patient
      const found = await examine(checks, { config, clock: systemClock, database })
      tell(trouble ? [trouble, ...found] : found, output)
    } finally {
      await patient.close()
    }
  },
  tellFaults: (faults, output) =>
    tell(
      faults.map((said) => ({
        check: 'configuration',
        state: 'failure',
        said,
        todo: 'Set it right: README.md has what each variable may be. The rest is looked at then.',
      })),
      output,
    ),
}

interface Patient {
  /** Null where it does not answer; `trouble` says why. */
  readonly database: Database | null
  readonly trouble: Examined | null
  close(): Promise<void>
}

/** An embedded database is started for as long as it is looked at, but none is made. */
async function openPatient({ config, log }: Call): Promise<Patient> {
  const without = (state: 'warning' | 'failure', said: string, todo: string): Patient => ({
    database: null,
    trouble: { check: 'database', state, said, todo },
    close: async () => undefined,
  })
  const { databaseUrl, dataFolder } = config
  if (databaseUrl === null && !(await hasEmbedded(dataFolder)))
    return without(
      'warning',
      `There is no database in ${dataFolder} yet.`,
      'Start the school once: npm start.',
    )
  try {
    const server = await openServer(config, log, { exclusive: false })
    const { url } = server
    const database = openDatabase({ url, size: 4, slowMs: Number.POSITIVE_INFINITY, log })
    const close = async () => {
      await database.close()
      await server.stop()
    }
    try {
      await database.pool.query('select 1')
      return { database, trouble: null, close }
    } catch (error) {
      await close()
      throw error
    }
  } catch (error) {
    const where = databaseUrl === null ? `The database in ${dataFolder}` : shownAddress(databaseUrl)
    return without(
      'failure',
      `${where} does not answer: ${reasonOf(error)}.`,
      databaseUrl === null ? 'Read postgres.log there.' : 'Start PostgreSQL, or mend DATABASE_URL.',
    )
  }
}

/** @throws CommandError where something is a failure, so that the exit status is 1 */
function tell(found: readonly Examined[], output: Output): void {
  const width = Math.max(...found.map(({ check }) => check.length))
  const lines = found.map((finding) => {
    const { check, state, said } = finding
    const todo = finding.state === 'ok' ? '' : `\n${' '.repeat(width + 11)}${finding.todo}`
    return `${state.padEnd(7)}  ${check.padEnd(width)}  ${said}${todo}`
  })
  const count = (state: Examined['state']) => found.filter((finding) => finding.state === state).length
  const failures = count('failure')
  output.result(lines.join('\n'), { healthy: failures === 0, findings: found })
  if (failures > 0)
    throw new CommandError(`${failures} of ${found.length} checks failed, ${count('warning')} warn.`)
}
