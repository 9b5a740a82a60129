import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

const secrets = [
  'authorization',
  'cookie',
  'password',
  'newPassword',
  'currentPassword',
  'token',
  'refreshToken',
  'accessToken',
]

const hidden = '[redacted]'

/**
 * The structured log: one JSON object a line. What has the name of a secret is not shown: of the line, of an object in it, of an error.
 * @param level pino's level names: trace, debug, info, warn, error, silent
 * @param stream standard output, unless a command gives its result there
 */
export function createLog(level: string, stream: 'stdout' | 'stderr' = 'stdout'): Log {
  return logTo(pino.destination(stream === 'stdout' ? 1 : 2), level)
}

/** The same, to wherever. */
export function logTo(destination: DestinationStream, level: string): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secrets.flatMap((name) => [name, `req.headers.${name}`]), censor: hidden },
    // By a path for any object (`*.password`) pino would look for it in every text and number of every line, at several times its cost.
    formatters: { log: hideWithin },
    serializers: { err: (error: Error) => hide(withoutClient(pino.stdSerializers.err(error))) },
  }
  return pino(options, destination)
}

function hideWithin(line: Record<string, unknown>): Record<string, unknown> {
  let shown = line
  for (const key in line) {
    const value = line[key]
    // An error is made an object by its serializer first.
    if (typeof value !== 'object' || key === 'err') continue
    const safe = hide(value)
    if (safe !== value) shown = { ...shown, [key]: safe }
  }
  return shown
}

/** The pool hangs the connection that was lost on its error, with the key that cancels statements on it. */
function withoutClient({ client: _, ...shown }: pino.SerializedError): object {
  return shown
}

/** The same value, or a copy without what it has under the name of a secret. */
function hide(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const found = secrets.filter((name) => Object.hasOwn(value, name))
  if (found.length === 0) return value
  return { ...value, ...Object.fromEntries(found.map((name) => [name, hidden])) }
}
