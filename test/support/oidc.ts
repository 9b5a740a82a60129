import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair } from 'jose'
import Provider, { type Configuration, type JWK } from 'oidc-provider'

/** What the provider says of a person, beside their `sub`. */
export interface Claims {
  email?: string
  email_verified?: boolean
  name?: string
}

/** A real OpenID Connect provider on loopback, with one public client and one API. */
export interface Issuer {
  readonly url: string
  readonly clientId: string
  /** The audience of its access tokens. */
  readonly api: string
  /** The paths that were asked for, in order. */
  readonly requests: string[]
  /** The present signing key. */
  readonly key: { readonly id: string; readonly private: CryptoKey; readonly public: CryptoKey }
  /** Makes or changes a person there. */
  person(sub: string, claims: Claims): void
  /** Signs in by the authorization code flow with PKCE: the tokens that a front end has then. */
  signIn(sub: string): Promise<{ idToken: string; accessToken: string }>
  /** Signs with a new key from now on; the key set has no other. */
  rotate(): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
}

const clientId = 'school-web'
const api = 'https://school.test/api'
const daySeconds = 86_400
const redirectUri = 'https://school.test/signed-in'

export async function openIssuer(): Promise<Issuer> {
  const people = new Map<string, Claims>()
  const requests: string[] = []
  let serve: RequestListener = (_request, response) => response.writeHead(503).end()
  const listener: RequestListener = (request, response) => {
    requests.push(new URL(request.url ?? '/', 'http://x').pathname)
    serve(request, response)
  }
  let server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  let key = await newKey()
  await serveWithKey()

  async function serveWithKey(): Promise<void> {
    const jwk = { ...(await exportJWK(key.private)), kid: key.id, alg: 'RS256', use: 'sig' } as JWK
    serve = new Provider(url, configuration(people, jwk)).callback()
  }

  return {
    url,
    clientId,
    api,
    requests,
    get key() {
      return key
    },
    person: (sub, claims) => void people.set(sub, claims),
    signIn: (sub) => signIn(url, sub),
    async rotate() {
      key = await newKey()
      await serveWithKey()
    },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
    async start() {
      server = createServer(listener).listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
  }
}

async function newKey() {
  const pair = await generateKeyPair('RS256', { extractable: true })
  return { id: randomBytes(8).toString('hex'), private: pair.privateKey, public: pair.publicKey }
}

function configuration(people: Map<string, Claims>, jwk: JWK): Configuration {
  return {
    clients: [
      {
        client_id: clientId,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'none',
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    jwks: { keys: [jwk] },
    cookies: { keys: ['a key for this test alone'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    scopes: ['openid'],
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'learn',
          audience: api,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: (_context, token) =>
      'accountId' in token ? { ...people.get(String(token.accountId)) } : undefined,
    findAccount: (_context, sub) => {
      const claims = people.get(sub)
      return claims && { accountId: sub, claims: () => ({ sub, ...claims }) }
    },
    ttl: { AccessToken: daySeconds, IdToken: daySeconds, Interaction: 300, Session: 300, Grant: 300 },
  }
}

async function signIn(url: string, sub: string) {
  const verifier = randomBytes(32).toString('base64url')
  const start = new URL('/auth', url)
  start.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid email profile learn',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: 'here',
    resource: api,
  }).toString()
  const visit = browser()
  let answer = await visit(start)
  for (const form of [{ prompt: 'login', login: sub, password: 'any' }, { prompt: 'consent' }]) {
    answer = await visit(new URL(answer.location), form)
  }
  const code = new URL(answer.location).searchParams.get('code')
  if (!code) throw new Error(`The provider gave no code: ${answer.location}`)
  const response = await fetch(new URL('/token', url), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code,
      code_verifier: verifier,
      resource: api,
    }),
  })
  const tokens = (await response.json()) as { id_token: string; access_token: string }
  if (response.status !== 200) throw new Error(`The provider gave no token: ${JSON.stringify(tokens)}`)
  return { idToken: tokens.id_token, accessToken: tokens.access_token }
}

/** Keeps cookies and follows redirects until a page to fill in, or the front end's address. */
function browser() {
  const jar = new Map<string, string>()
  return async function visit(to: URL, form?: Record<string, string>): Promise<{ location: string }> {
    let next = to
    let body: URLSearchParams | undefined = form && new URLSearchParams(form)
    for (;;) {
      const response = await fetch(next, {
        method: body ? 'POST' : 'GET',
        redirect: 'manual',
        headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(body ? { body } : {}),
      })
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
        jar.set(name, value)
      }
      const location = response.headers.get('location')
      if (!location) return { location: next.href }
      next = new URL(location, next)
      body = undefined
      if (next.origin !== to.origin) return { location: next.href }
    }
  }
}
