import type { IncomingHttpHeaders } from 'node:http'
import type { Config } from '../config.ts'

/**
 * Whether a page may open a connection: CORS does not hold for WebSockets, so the server has to look (RFC 6455, section 10.2). What is no
 * page says no origin and is let in, as are our own pages and those of the configured front ends. Who it is, the token tells.
 */
export function mayConnectFrom(
  { origin, host }: Pick<IncomingHttpHeaders, 'origin' | 'host'>,
  { corsOrigins, publicUrl }: Pick<Config, 'corsOrigins' | 'publicUrl'>,
): boolean {
  if (origin === undefined) return true
  if (corsOrigins.includes(origin) || origin === new URL(publicUrl).origin) return true
  return URL.canParse(origin) && new URL(origin).host === host
}
