import { backgroundWork } from '../app.ts'
import { migrate } from '../platform/database/migrate.ts'
import { startWorker } from '../platform/jobs/worker.ts'
import { joinFamily } from '../platform/processes/family.ts'
import { openRuntime, openServer } from '../runtime.ts'
import type { Command } from './command.ts'
import { untilTold } from './until-told.ts'

const concurrency = 8

export const workerCommand: Command = {
  name: 'worker',
  usage: '',
  summary: 'Work background jobs only; servers beside it run with JOBS=off',
  options: { sibling: { type: 'boolean' } },
  positionals: [],
  async run({ config, log, output, values }) {
    const family = values.sibling === true ? joinFamily() : null
    const server = await openServer(config, log, { exclusive: false })
    await migrate({ url: server.url, log })
    const runtime = await openRuntime(config, log, server.url, family)
    const worker = await startWorker(runtime.deps, backgroundWork(), { url: server.url, concurrency })
    if (family) family.tellUp()
    else output.result('Working background jobs. Stop with Ctrl-C.', { working: true })
    await untilTold(
      async () => {
        await worker.stop()
        await runtime.close()
        await server.stop()
      },
      log,
      family,
    )
  },
}
