import { spawn } from 'node:child_process'
import { once } from 'node:events'
import Fastify from 'fastify'
import options from '../bin/node-options.json' with { type: 'json' }
import { openDatabase } from '../src/platform/database/database.ts'
import { createLog } from '../src/platform/log.ts'

/**
 * The floors: a bare Fastify whose one route reads a row by its primary key, and whose other inserts one, over the same pool of
 * connections and by prepared statements. As a program, `node bench/floor.ts <database>`, it serves and says on which port.
 */
const connections = 10

export interface Floor {
  readonly origin: string
  readonly pid: number | undefined
  stop(): Promise<void>
}

/** Starts the floors in a process of their own, over the tables of a built school. */
export async function startFloor(databaseUrl: string): Promise<Floor> {
  const child = spawn(process.execPath, [...options, import.meta.filename, databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'close')
  const [said] = await Promise.race([once(child.stdout, 'data'), exited])
  const port = Number(String(said))
  if (!port) throw new Error('the floor did not start')
  return {
    origin: `http://127.0.0.1:${port}`,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

async function serve(url: string): Promise<void> {
  const { pool } = openDatabase({ url, size: connections, slowMs: 60_000, log: createLog('warn') })
  await pool.query(
    'create table if not exists bench_floor (id uuid primary key, user_id uuid not null, at timestamptz not null)',
  )
  const app = Fastify()
  app.get<{ Params: { id: string } }>('/read/:id', async ({ params }) => {
    const text = 'select id, name, role, headline, created_at from users where id = $1'
    const { rows } = await pool.query({ name: 'read', text, values: [params.id] })
    return rows[0]
  })
  app.post<{ Body: { id: string } }>('/write', async ({ body }) => {
    const text = 'insert into bench_floor (id, user_id, at) values ($1, $1, $2)'
    await pool.query({ name: 'write', text, values: [body.id, new Date()] })
    return { id: body.id }
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  process.stdout.write(new URL(address).port)
}

if (import.meta.main) await serve(process.argv[2] ?? '')
