import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { EmbeddedLog } from './log.ts'

/** A user and a group, by number. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** How PostgreSQL's programs are run, and to whom the data belongs. */
export interface Runner {
  readonly name: 'itself' | 'account' | 'search' | 'override' | 'namespace'
  /** Null: files stay with the account of this process. */
  readonly owner: Account | null
  readonly prefix: readonly string[]
}

/**
 * PostgreSQL refuses to run as root. Root runs it, in this order of preference:
 *
 * 1. `account`: under an unprivileged account.
 * 2. `search`, `override`: the same, with one capability, where that account may not enter a folder above the data or the
 *    programs (a checkout in /root). CAP_DAC_READ_SEARCH is the lesser; containers often leave only CAP_DAC_OVERRIDE.
 *    The secure bit makes access(2), with which PostgreSQL looks for its programs, count the capability: capabilities(7).
 * 3. `namespace`: where no other account exists (a sandbox that maps root alone), in a user namespace in which root goes by another
 *    number: user_namespaces(7). The data belongs to root then.
 */
function runnersFor(owner: Account): Runner[] {
  if (owner.uid === 0) {
    const alias = String(nobody.uid)
    return [
      {
        name: 'namespace',
        owner,
        prefix: ['unshare', '--user', `--map-user=${alias}`, `--map-group=${alias}`],
      },
    ]
  }
  const withCapability = (name: Runner['name'], capability: string): Runner => ({
    name,
    owner,
    prefix: [
      'setpriv',
      `--reuid=${owner.uid}`,
      `--regid=${owner.gid}`,
      '--clear-groups',
      '--securebits=+no_setuid_fixup',
      ...['inh-caps', 'ambient-caps', 'bounding-set'].map((set) => `--${set}=-all,+${capability}`),
    ],
  })
  return [
    { name: 'account', owner, prefix: [] },
    withCapability('search', 'dac_read_search'),
    withCapability('override', 'dac_override'),
  ]
}

const nobody: Account = { uid: 65_534, gid: 65_534 }
const root: Account = { uid: 0, gid: 0 }
const itself: Runner = { name: 'itself', owner: null, prefix: [] }

/** @throws where a file is there and belongs to somebody else, and this process is not root, saying what to do */
export async function refuseForeign(path: string): Promise<void> {
  const own = process.getuid?.()
  if (own === undefined || own === 0) return
  const owner = await stat(path).then(
    (found) => found.uid,
    () => own,
  )
  if (owner === own) return
  throw new Error(
    `${path} belongs to user ${owner} and this is user ${own}: run Lectern as that user or as root.`,
  )
}

/**
 * Chooses how to run PostgreSQL on data that is there already: under the account it belongs to.
 * @throws where that cannot be, saying what to do
 */
export async function runnerForData(data: string, program: string): Promise<Runner> {
  if (process.getuid?.() !== 0) return itself
  const { uid, gid } = await stat(data)
  for (const runner of runnersFor({ uid, gid })) if (await reaches(runner, data, program)) return runner
  throw unreachable(dirname(data))
}

/**
 * Chooses how to run PostgreSQL on a new, empty folder, and gives the folder to the account that will use it.
 * @param folder made by this process, mode 0700
 * @throws where no way works, saying what to do
 */
export async function runnerForNew(folder: string, program: string, log: EmbeddedLog): Promise<Runner> {
  if (process.getuid?.() !== 0) return itself
  for (const runner of [...runnersFor(await unprivilegedAccount(folder)), ...runnersFor(root)]) {
    if (!(await give(folder, runner)) || !(await reaches(runner, folder, program))) continue
    log.info(
      { uid: runner.owner?.uid, way: runner.name },
      'PostgreSQL refuses to run as root: it runs as another user',
    )
    return runner
  }
  throw unreachable(dirname(folder))
}

/** Hands a file to the account that will use it. False where the system refuses, as a sandbox without other accounts does. */
export async function give(path: string, runner: Runner): Promise<boolean> {
  if (!runner.owner) return true
  return chown(path, runner.owner.uid, runner.owner.gid).then(
    () => true,
    () => false,
  )
}

/** Starts a program of PostgreSQL. Of the environment it gets nothing: PGDATA, PGPORT or LANG would change what it does. */
export function spawnAs(
  runner: Runner,
  program: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const [file = program, ...rest] = [...runner.prefix, program, ...args]
  const account = runner.name === 'account' && runner.owner ? runner.owner : {}
  return spawn(file, rest, {
    cwd: dirname(program),
    windowsHide: true,
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin' },
    ...account,
    ...options,
  })
}

/**
 * The account that a root process gives new data to: the owner of the folders around it, who may enter them; otherwise postgres or nobody by /etc/passwd, passwd(5); otherwise the number that is nobody nearly everywhere.
 */
async function unprivilegedAccount(folder: string): Promise<Account> {
  for (const parent of [dirname(folder), dirname(dirname(folder))]) {
    const { uid, gid } = await stat(parent)
    if (uid !== 0) return { uid, gid }
  }
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '')
  return accountIn(accounts, 'postgres') ?? accountIn(accounts, 'nobody') ?? nobody
}

/** Finds an account in the text of a passwd(5) file: name, password, uid, gid, …, separated by colons. */
export function accountIn(passwd: string, name: string): Account | null {
  const fields = passwd
    .split('\n')
    .find((line) => line.startsWith(`${name}:`))
    ?.split(':')
  const uid = Number.parseInt(fields?.[2] ?? '', 10)
  const gid = Number.parseInt(fields?.[3] ?? '', 10)
  return uid > 0 && gid >= 0 ? { uid, gid } : null
}

/** Asks a shell that is run in that way: it knows access lists, capabilities and whether the way exists at all. */
async function reaches(runner: Runner, folder: string, program: string): Promise<boolean> {
  const args = ['-c', '[ -x "$0" ] && [ -w "$1" ] && [ "$(id -u)" != 0 ]', program, folder]
  const shell = spawnAs(runner, '/bin/sh', args, { stdio: 'ignore' })
  try {
    const [code] = await once(shell, 'exit')
    return code === 0
  } catch {
    return false // setpriv or unshare is not installed, or the system refuses
  }
}

function unreachable(folder: string): Error {
  return new Error(
    `PostgreSQL refuses to run as root, and no other user may use ${folder} or its programs in node_modules. ` +
      'Run Lectern as an ordinary user, move it to a folder that others may enter, or set DATABASE_URL.',
  )
}
