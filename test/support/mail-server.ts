import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A mail server on loopback, which takes every mail of those who do not sign in. */
export interface MailServer {
  readonly url: string
  /** Whom it was given mails for, in order. */
  readonly addressees: readonly string[]
  close(): Promise<void>
}

export async function openMailServer(): Promise<MailServer> {
  const addressees: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: (_auth, _session, done) => done(new Error('wrong password')),
    onData(stream, { envelope }, done) {
      stream.resume().once('end', () => {
        addressees.push(...envelope.rcptTo.map(({ address }) => address))
        done()
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    addressees,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
