import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { hashPassword, makeAdmin } from '../modules/accounts/index.ts'
import { type Command, CommandError } from './command.ts'
import { withRuntime } from './with-runtime.ts'

const shortest = 8

export const adminCommand: Command = {
  name: 'admin',
  usage: 'create --email EMAIL --name NAME',
  summary: 'Make an admin; the password is asked for, or read from standard input',
  options: { email: { type: 'string' }, name: { type: 'string' } },
  positionals: ['create'],
  async run(call) {
    const { output, positionals, values, config } = call
    const { email, name } = values
    if (positionals[0] !== 'create') throw new CommandError('The one thing this does is: admin create')
    if (typeof email !== 'string') throw new CommandError('Say --email EMAIL.')
    if (!/^[^\s@]+@[^\s@]+$/.test(email))
      throw new CommandError(`--email: "${email}" is not an e-mail address.`)
    if (typeof name !== 'string' || name.trim() === '') throw new CommandError('Say --name NAME.')
    const password = await readPassword()
    if (password.length < shortest)
      throw new CommandError(`The password must have at least ${shortest} characters.`)
    const passwordHash = await hashPassword(password, config.passwordCost)
    await withRuntime(call, async ({ deps }) => {
      const cause = { userId: null, at: deps.clock.now() }
      const { user } = await deps.transact((tx) => makeAdmin(tx, cause, { email, name, passwordHash }))
      output.result(`${email} is an admin.`, { id: user.id, email: user.email })
    })
  },
}

/** From a pipe, all of it; from a terminal, a line that is not shown. */
async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '')
  process.stderr.write('Password: ')
  const prompt = createInterface({ input: process.stdin, terminal: true })
  const password = await prompt.question('')
  prompt.close()
  process.stderr.write('\n')
  return password
}
