import { migrate } from '../platform/database/migrate.ts'
import { processesOf } from '../platform/processes/messages.ts'
import { startFamily } from '../platform/processes/start-family.ts'
import { openRuntime, openServer } from '../runtime.ts'
import { type Call, CommandError } from './command.ts'
import { prepareSchool, tellWhere } from './prepare-school.ts'
import { untilTold } from './until-told.ts'

/** Migrates and prepares once, then has several processes serve on the port, and with `JOBS=inline` one more work the jobs. */
export async function serveMany(call: Call): Promise<void> {
  const { config, log } = call
  const server = await openServer(config, log, { exclusive: true })
  await migrate({ url: server.url, log })
  const runtime = await openRuntime(config, log, server.url)
  const prepared = await prepareSchool(call, runtime.deps).finally(() => runtime.close())
  const serving = Array.from({ length: processesOf(config) }, () => ['serve', '--sibling'])
  const working = config.jobs === 'inline' ? [['worker', '--sibling']] : []
  const family = await startFamily({ commands: [...serving, ...working], log }).catch(async (error) => {
    await server.stop()
    // It has said why itself.
    throw new CommandError(error instanceof Error ? error.message : String(error))
  })
  tellWhere(call, prepared, runtime.deps)
  await untilTold(async () => {
    await family.close()
    await server.stop()
  }, log)
}
