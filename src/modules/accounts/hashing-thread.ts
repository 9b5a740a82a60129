import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { hashSync, verifySync } from '@node-rs/bcrypt'

/** A password to hash at a cost, or to compare with a hash. */
export type Hashing = { password: Uint8Array } & ({ cost: number } | { against: string })

// Linux, and it alone, has a priority of each thread (setpriority(2)): a storm of sign-ins takes what requests leave of the cores, and
// where they leave nothing a third of what each of them gets (sched(7), the weights of nice values).
if (process.platform === 'linux') setPriority(5)

parentPort?.on('message', (asked: Hashing) =>
  parentPort?.postMessage(
    'cost' in asked
      ? hashSync(asked.password, { cost: asked.cost })
      : verifySync(asked.password, asked.against),
  ),
)
parentPort?.postMessage('ready')
