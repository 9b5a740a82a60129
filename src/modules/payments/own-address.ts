import type { AddressInfo } from 'node:net'
import type { Deps } from '../../platform/deps.ts'

const addresses = new WeakMap<Deps, string>()

/** Notes where this process listens. */
export function rememberAddress(deps: Deps, address: AddressInfo | string | null): void {
  if (address === null || typeof address === 'string') return
  const { address: host, family, port } = address
  const everywhere = host === '0.0.0.0' || host === '::'
  const name = everywhere ? 'localhost' : family === 'IPv6' ? `[${host}]` : host
  addresses.set(deps, `http://${name}:${port}`)
}

/** Where this program is reached from within: its own socket or, in a worker, which has none, the public address. */
export function ownAddress(deps: Deps): string {
  return addresses.get(deps) ?? deps.config.publicUrl
}
