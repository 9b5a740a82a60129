import { backgroundWork, buildApp } from '../app.ts'
import { migrate } from '../platform/database/migrate.ts'
import { startWorker, type Worker } from '../platform/jobs/worker.ts'
import { type Family, joinFamily } from '../platform/processes/family.ts'
import { processesOf } from '../platform/processes/messages.ts'
import { settleMemory } from '../platform/processes/settle.ts'
import { openRuntime, openServer } from '../runtime.ts'
import { type Call, type Command, CommandError } from './command.ts'
import { prepareSchool, tellWhere } from './prepare-school.ts'
import { untilTold } from './until-told.ts'

const jobsAtOnce = 4

export const serveCommand: Command = {
  name: 'serve',
  usage: '',
  summary: 'Serve the school (what `lectern` does without a command)',
  // By which one of several processes knows that it is one.
  options: { sibling: { type: 'boolean' } },
  positionals: [],
  async run(call) {
    const { config, log } = call
    if (call.values.sibling === true) return serveHere(call, joinFamily())
    if (processesOf(config) > 1) return (await import('./serve-many.ts')).serveMany(call)
    if (config.webConcurrency > 1)
      log.warn('WEB_CONCURRENCY needs REDIS_URL, by which processes hear of each other: one alone serves')
    return serveHere(call, null)
  },
}

async function serveHere(call: Call, family: Family | null): Promise<void> {
  const { config, log } = call
  const server = await openServer(config, log, { exclusive: family === null })
  if (!family) await migrate({ url: server.url, log })
  const runtime = await openRuntime(config, log, server.url, family)
  const { deps } = runtime
  const app = await buildApp(deps)
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await runtime.close()
    await server.stop()
    throw asPortFault(error, config.port)
  }
  let worker: Worker | null = null
  if (family) family.tellUp()
  else {
    const prepared = await prepareSchool(call, deps)
    if (config.jobs === 'inline')
      worker = await startWorker(deps, backgroundWork(), { url: server.url, concurrency: jobsAtOnce })
    tellWhere(call, prepared, deps)
  }
  settleMemory()
  const close = async () => {
    await app.close()
    await worker?.stop()
    await runtime.close()
    await server.stop()
  }
  await untilTold(close, log, family)
}

function asPortFault(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EADDRINUSE') {
    return new CommandError(
      `Port ${port} is taken by another program. Stop it, or choose another: PORT=${port + 1} npm start`,
    )
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new CommandError(
      'HOST is not an address of this machine. 127.0.0.1 is for this machine alone, 0.0.0.0 for every network.',
    )
  if (code === 'EACCES')
    return new CommandError(`Port ${port} needs rights that this account has not. Choose one above 1024.`)
  return error
}
