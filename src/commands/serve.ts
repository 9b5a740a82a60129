import { backgroundWork, buildApp } from '../app.ts'
import { migrate } from '../platform/database/migrate.ts'
import { startWorker } from '../platform/jobs/worker.ts'
import { openRuntime, openServer } from '../runtime.ts'
import { banner } from './banner.ts'
import { type Command, CommandError } from './command.ts'
import { loadDemo } from './demo-school.ts'
import { ensureAdmin } from './first-admin.ts'
import { untilTold } from './until-told.ts'

const jobsAtOnce = 4

export const serveCommand: Command = {
  name: 'serve',
  usage: '',
  summary: 'Serve the school (what `lectern` does without a command)',
  positionals: [],
  async run(call) {
    const { config, log, output } = call
    const server = await openServer(config, log, { exclusive: true })
    await migrate({ url: server.url, log })
    const runtime = await openRuntime(config, log, server.url)
    const { deps } = runtime
    const app = await buildApp(deps)
    try {
      await app.listen({ host: config.host, port: config.port })
    } catch (error) {
      await runtime.close()
      await server.stop()
      throw asPortFault(error, config.port)
    }
    // The demo school goes into an empty database; its own admin does not count as one.
    const demo = config.demo ? await loadDemo(deps, output.progress) : null
    const claim = await ensureAdmin(deps)
    const worker =
      config.jobs === 'inline'
        ? await startWorker(deps, backgroundWork(), { url: server.url, concurrency: jobsAtOnce })
        : null
    output.result(banner({ config, claim, demo: demo !== null, mailbox: deps.mailbox !== null }), {
      listening: config.publicUrl,
      claim,
    })
    await untilTold(async () => {
      await app.close()
      await worker?.stop()
      await runtime.close()
      await server.stop()
    }, log)
  },
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
