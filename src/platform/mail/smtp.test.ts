import { once } from 'node:events'
import { createServer, type Server, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Mailer } from './mailer.ts'
import { createSmtpMailer } from './smtp.ts'

interface Arrival {
  readonly from: string
  readonly to: string[]
  readonly user: string | undefined
  /** Header lines, unfolded (RFC 5322, section 2.2.3). */
  readonly headers: string[]
  readonly body: string
}

const arrivals: Arrival[] = []
const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
  arrivals.length = 0
})

/** A real mail server on loopback that writes down what arrives. */
async function startServer(options: SMTPServerOptions = {}): Promise<number> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    ...options,
    async onData(stream, session, done) {
      const [head = '', ...body] = (await buffer(stream)).toString().split('\r\n\r\n')
      const { mailFrom, rcptTo } = session.envelope
      arrivals.push({
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
        user: session.user,
        headers: head.replace(/\r\n[ \t]/g, ' ').split('\r\n'),
        body: body.join('\r\n\r\n'),
      })
      done()
    },
  })
  open.push(() => new Promise<void>((resolve) => server.close(resolve)))
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return portOf(server.server)
}

function portOf(server: Server): number {
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

function mailerTo(port: number, credentials = ''): Mailer {
  const mailer = createSmtpMailer({
    url: `smtp://${credentials}127.0.0.1:${port}`,
    from: 'Schule für Alle <no-reply@school.example>',
  })
  open.push(mailer.close)
  return mailer
}

const mail = { id: '0199-a', to: 'ada@example.org', subject: 'Welcome', text: 'Hello Ada' }
const header = (name: string) =>
  arrivals[0]?.headers.filter((line) => line.toLowerCase().startsWith(`${name}:`))

describe('what arrives', () => {
  test('from, to, subject, text and the mail id as Message-ID', async () => {
    await mailerTo(await startServer()).send(mail)
    expect(arrivals).toHaveLength(1)
    expect(arrivals[0]).toMatchObject({ from: 'no-reply@school.example', to: ['ada@example.org'] })
    expect(header('from')).toEqual(['From: =?UTF-8?Q?Schule_f=C3=BCr_Alle?= <no-reply@school.example>'])
    expect(header('to')).toEqual(['To: ada@example.org'])
    expect(header('subject')).toEqual(['Subject: Welcome'])
    expect(header('message-id')).toEqual(['Message-ID: <0199-a@school.example>'])
    expect(header('auto-submitted')).toEqual(['Auto-Submitted: auto-generated'])
    expect(arrivals[0]?.body.trim()).toBe('Hello Ada')
  })

  test('a subject and a text in any script', async () => {
    const subject = 'प्रमाणपत्र तैयार है 🎓'
    await mailerTo(await startServer()).send({ ...mail, subject, text: 'धन्यवाद' })
    const words = header('subject')?.[0]?.matchAll(/=\?UTF-8\?B\?([^?]+)\?=/g) ?? []
    expect(Array.from(words, ([, word = '']) => Buffer.from(word, 'base64').toString()).join('')).toBe(
      subject,
    )
    expect(Buffer.from(arrivals[0]?.body ?? '', 'base64').toString()).toBe('धन्यवाद')
  })

  test('HTML beside the text', async () => {
    await mailerTo(await startServer()).send({ ...mail, html: '<p>Hello <b>Ada</b></p>' })
    expect(header('content-type')?.[0]).toContain('multipart/alternative')
    expect(arrivals[0]?.body).toContain('Hello Ada')
    expect(arrivals[0]?.body).toContain('<p>Hello <b>Ada</b></p>')
  })

  test('where one click ends such mails, for the mail program to offer', async () => {
    const unsubscribeUrl = `https://school.example/unsubscribe?token=${'x'.repeat(120)}`
    await mailerTo(await startServer()).send({ ...mail, unsubscribeUrl })
    expect(header('list-unsubscribe')?.[0]?.replaceAll(' ', '')).toBe(`List-Unsubscribe:<${unsubscribeUrl}>`)
    expect(header('list-unsubscribe-post')).toEqual(['List-Unsubscribe-Post: List-Unsubscribe=One-Click'])
  })

  test.each(['javascript:alert(1)', 'https://a.example/>\r\nBcc: eve@example.org', 'https://a.example/ b'])(
    'nothing, where that is %j',
    async (unsubscribeUrl) => {
      await expect(mailerTo(await startServer()).send({ ...mail, unsubscribeUrl })).rejects.toThrow('no URL')
      expect(arrivals).toEqual([])
    },
  )

  test('the same Message-ID for a retry, and a legal one for any id', async () => {
    const mailer = mailerTo(await startServer())
    const id = 'enrollment.activated:<a@b>\r\nBcc: eve@example.org'
    await mailer.send({ ...mail, id })
    await mailer.send({ ...mail, id })
    const [first, second] = arrivals.map(({ headers }) =>
      headers.filter((line) => line.startsWith('Message-ID')),
    )
    expect(first).toEqual(second)
    expect(first?.[0]).toMatch(/^Message-ID: <[\w%-]+@school\.example>$/)
    expect(header('bcc')).toEqual([])
  })

  test('with the name and password of the URL', async () => {
    const port = await startServer({
      authOptional: false,
      onAuth: ({ username, password }, _session, done) =>
        password === 'p@ss:word' ? done(null, { user: username }) : done(new Error('no')),
    })
    await mailerTo(port, 'ada:p%40ss%3Aword@').send(mail)
    expect(arrivals[0]?.user).toBe('ada')
    await expect(mailerTo(port, 'ada:wrong-one@').send(mail)).rejects.toThrow(
      expect.not.stringContaining('wrong-one'),
    )
    expect(arrivals).toHaveLength(1)
  })
})

describe('header injection', () => {
  test.each(['\r\n', '\n', '\r', '\u2028', '\0'])('by %j in the subject is impossible', async (end) => {
    await mailerTo(await startServer()).send({
      ...mail,
      subject: `Hi${end}Bcc: eve@example.org${end}${end}Buy`,
    })
    expect(arrivals[0]?.to).toEqual(['ada@example.org'])
    expect(header('bcc')).toEqual([])
    expect(header('subject')).toEqual(['Subject: Hi Bcc: eve@example.org Buy'])
    expect(arrivals[0]?.body.trim()).toBe('Hello Ada')
  })

  test.each([
    'ada@example.org\r\nBcc: eve@example.org',
    'ada@example.org\nRCPT TO:<eve@example.org>',
    'ada@example.org, eve@example.org',
    'ada@example.org; eve@example.org',
    'ada@example.org eve@example.org',
    'Ada <ada@example.org>',
    'friends: ada@example.org;',
    '"ada@evil.example"@example.org',
    'ada@example.org@evil.example',
    'ada',
    '@example.org',
    'ada@',
    '',
    `${'a'.repeat(250)}@b.org`,
  ])('%j is not one address', async (to) => {
    await expect(mailerTo(await startServer()).send({ ...mail, to })).rejects.toThrow('not one address')
    expect(arrivals).toEqual([])
  })
})

describe('what fails', () => {
  test('a refusal says which mail, which server and why', async () => {
    const port = await startServer({
      onRcptTo: (_address, _session, done) =>
        done(Object.assign(new Error('no such person'), { responseCode: 550 })),
    })
    await expect(mailerTo(port).send(mail)).rejects.toThrow(
      new RegExp(`^mail 0199-a was not accepted by 127\\.0\\.0\\.1:${port}: .*550 no such person`),
    )
  })

  test('a refusal that repeats the address is told without it', async () => {
    const port = await startServer({
      onRcptTo: ({ address }, _session, done) =>
        done(Object.assign(new Error(`<${address.toUpperCase()}> unknown`), { responseCode: 550 })),
    })
    const failure = await mailerTo(port)
      .send(mail)
      .catch((error: unknown) => error)
    expect(String(failure)).toContain('<the recipient> unknown')
    expect(inspect(failure, { depth: 9 }).toLowerCase()).not.toContain(mail.to.toLowerCase())
  })

  test('no server at the address rejects', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const port = portOf(server)
    await new Promise((resolve) => server.close(resolve))
    await expect(mailerTo(port).send(mail)).rejects.toThrow('ECONNREFUSED')
  })

  /** Listens, says `greeting` to whoever comes, and nothing more. */
  async function startSilent(greeting: string): Promise<number> {
    const sockets: Socket[] = []
    const server = createServer((socket) => sockets.push(socket) && socket.write(greeting)).listen(
      0,
      '127.0.0.1',
    )
    open.push(() => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    })
    await once(server, 'listening')
    return portOf(server)
  }

  test('a server that never greets is given up after ten seconds', async () => {
    const mailer = mailerTo(await startSilent(''))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    open.push(() => vi.useRealTimers())
    let outcome = ''
    const sending = mailer.send(mail).catch((error: Error) => {
      outcome = error.message
    })
    let waited = 0
    for (; outcome === '' && waited < 60_000; waited += 500) await vi.advanceTimersByTimeAsync(500)
    await sending
    expect(outcome).toContain('was not accepted')
    expect(waited).toBeGreaterThanOrEqual(9_500)
    expect(waited).toBeLessThanOrEqual(21_000)
  })

  test('a server that falls silent is given up after ten seconds', async () => {
    // the timer of a socket cannot be faked, so its time runs a hundred times as fast
    const { setTimeout } = Socket.prototype
    const spy = vi.spyOn(Socket.prototype, 'setTimeout').mockImplementation(function (
      this: Socket,
      ms,
      listener,
    ) {
      return setTimeout.call(this, ms / 100, listener)
    })
    open.push(() => spy.mockRestore())
    const mailer = mailerTo(await startSilent('220 mail.example ESMTP\r\n'))
    const began = performance.now()
    await expect(mailer.send(mail)).rejects.toThrow('was not accepted')
    expect(performance.now() - began).toBeLessThan(4_000)
    expect(spy).toHaveBeenCalledWith(10_000)
  })

  test.each([
    [{ url: 'http://mail.example', from: 'a@b.org' }, 'smtp: or smtps:'],
    [{ url: 'not a url', from: 'a@b.org' }, 'Invalid URL'],
    [{ url: 'smtp://mail.example', from: 'Lectern' }, 'holds no address'],
  ])('settings that cannot work fail at once: %j', (options, reason) => {
    expect(() => createSmtpMailer(options)).toThrow(reason)
  })
})
