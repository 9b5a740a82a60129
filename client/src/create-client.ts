import { type Call, type CallOptions, callOf, type Page } from './call.ts'
import { type Clock, deviceClock } from './clock.ts'
import { LecternError, unexpected } from './errors.ts'
import type { Api } from './generated/api.ts'
import type { SignedIn } from './generated/shapes.ts'
import { table } from './generated/table.ts'
import { type Operation, readOperation } from './operation.ts'
import { prepare } from './prepare.ts'
import { send, unlessAborted } from './send.ts'
import { createSession, type Session, type TokenStorage } from './session.ts'

export interface ClientOptions {
  /** Where Lectern is, without `/api`: `https://api.school.example`. If not given, the page's own origin. */
  readonly baseUrl?: string | undefined
  /**
   * `web` (if not said): the refresh token is in a cookie that no script can read. `native`: it is in the answers, and kept in `storage`; for
   * apps and programs, which have no cookies.
   */
  readonly mode?: 'web' | 'native' | undefined
  /** Where `native` keeps the refresh token: the keychain of a phone. If not given, in memory. */
  readonly storage?: TokenStorage | undefined
  /** The bearer of an outside identity provider (Clerk or any OIDC issuer): asked for every request, and never renewed here. */
  readonly bearer?: (() => Promise<string | null>) | undefined
  /** How long one attempt may take if its call does not say: 30,000. */
  readonly timeoutMs?: number | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly clock?: Clock | undefined
}

/** Every operation as `client.<resource>.<method>`, and who is signed in. */
export interface Client extends Api {
  readonly session: Session
  readonly baseUrl: string
  /** Ends what goes on by itself: the renewal of the token. What is under way goes on. */
  close(): void
}

/** One that hangs is tried again while the server still takes the same refresh token: ten seconds. */
const renewalMs = 8_000

/** Makes a client; it does nothing by itself until it is asked. */
export function createClient(options: ClientOptions = {}): Client {
  const { mode = 'web', clock = deviceClock, bearer, timeoutMs: usualTimeoutMs = 30_000 } = options
  const fetch = options.fetch ?? ((...args: Parameters<typeof globalThis.fetch>) => globalThis.fetch(...args))
  const baseUrl = (
    options.baseUrl ??
    (globalThis as { location?: { origin: string } }).location?.origin ??
    ''
  ).replace(/\/+$/, '')
  const transport = { fetch, clock }
  const session = createSession({
    name: `lectern ${baseUrl}`,
    mode,
    storage: options.storage,
    clock,
    outside: bearer,
    renew: (refreshToken) =>
      run(operations.renewal, refreshToken ? [{ refreshToken }] : [], {
        timeoutMs: renewalMs,
      }) as Promise<SignedIn>,
  })

  async function run(
    operation: Operation,
    args: readonly unknown[],
    callOptions: CallOptions,
  ): Promise<unknown> {
    const input =
      operation.saysClient && mode === 'native' ? { client: mode, ...(args.at(-1) as object) } : undefined
    const given = input ? [...args.slice(0, -1), input] : args
    const prepared = prepare(baseUrl, operation, given, callOptions, usualTimeoutMs)
    // Who signs in is not yet anybody, and who renews shows another token.
    const bearers = operation.session === 'begins' ? null : session.bearers
    const data = await send(transport, prepared, bearers, callOptions)
    if (operation.answer === 'json' && operation.words.has('pages') && !isPage(data))
      throw unexpected('The answer is no list.', 200)
    return data
  }

  async function runAndFollow(
    operation: Operation,
    args: readonly unknown[],
    callOptions: CallOptions,
  ): Promise<unknown> {
    try {
      if (operation.session === 'begins') {
        const signIn = async () => {
          const data = await run(operation, args, callOptions)
          await session.begin(data as SignedIn)
          return data
        }
        return await unlessAborted(callOptions.signal, session.alone(signIn))
      }
      const data = await run(operation, args, callOptions).catch((error) => {
        if (operation.session === 'ends' && error.code === 'unauthenticated') return undefined
        throw error
      })
      if (operation.session === 'ends') await session.end()
      return data
    } catch (cause) {
      if (cause instanceof LecternError) throw cause
      throw new LecternError('device_failed', 'This device could not do its part.', { cause })
    }
  }

  const operations = { renewal: readOperation(table.auth?.refresh ?? '') }
  const resources = Object.entries(table).map(([resource, methods]) => {
    const made = Object.entries(methods).flatMap(([name, entry]) =>
      methodsOf(name, readOperation(entry), runAndFollow),
    )
    return [resource, Object.fromEntries(made)] as const
  })
  return {
    ...(Object.fromEntries(resources) as unknown as Api),
    session,
    baseUrl,
    close: () => session.close(),
  }
}

type Method = (...args: unknown[]) => Call<unknown, string> | AsyncIterableIterator<unknown>
type Run = (operation: Operation, args: readonly unknown[], options: CallOptions) => Promise<unknown>

/** The method itself; that which goes through all pages, where there are pages; that which gives CSV, where there is CSV. */
function methodsOf(name: string, operation: Operation, run: Run): [string, Method][] {
  const { pathParameters, takesInput } = operation
  const count = pathParameters + (takesInput ? 1 : 0)
  const call = (operation: Operation, args: unknown[]) =>
    callOf(run(operation, args.slice(0, count), (args[count] ?? {}) as CallOptions))
  const made: [string, Method][] = [[name, (...args) => call(operation, args)]]
  if (operation.words.has('csv'))
    made.push([`${name}Csv`, (...args) => call({ ...operation, answer: 'csv' }, args)])
  if (operation.words.has('pages')) {
    const rest = name.replace(/^(list|get)/, '')
    made.push([
      `iterate${rest.charAt(0).toUpperCase()}${rest.slice(1)}`,
      (...args) =>
        allPages(
          (input) => call(operation, [...args.slice(0, pathParameters), input, args[count]]),
          args[pathParameters],
        ),
    ])
  }
  return made
}

const isPage = (data: unknown): data is Page<unknown> => Array.isArray((data as Page<unknown>)?.items)

async function* allPages(
  read: (input: object) => Call<unknown, string>,
  input: unknown,
): AsyncGenerator<unknown> {
  let cursor: string | null | undefined
  do {
    const page = (await read({ ...(input as object), ...(cursor ? { cursor } : {}) })) as Page<unknown>
    yield* page.items
    cursor = page.nextCursor
  } while (cursor)
}
