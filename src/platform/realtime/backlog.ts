import type { Connection } from './rooms.ts'

/** What a device that reads too slowly, or not at all, may make the server keep. */
const mostWaitingBytes = 1024 * 1024
/** What a packet takes beside its text, roughly. */
const packetBytes = 250

/** What Engine.IO does not declare, in engine.io/build/socket.js and transports/websocket.js: what waits is in its buffer, or in that of `ws`. */
export interface Transported {
  readonly writeBuffer: readonly { readonly data?: string | Buffer }[]
  readonly transport: { readonly socket?: { readonly bufferedAmount: number; terminate(): void } }
}

/** Whether so much waits for a device that it cannot be thought to keep up. */
export function isBehind({ conn }: Connection): boolean {
  const { writeBuffer, transport } = conn as unknown as Transported
  let bytes = transport.socket?.bufferedAmount ?? 0
  for (const { data } of writeBuffer) bytes += packetBytes + (data?.length ?? 0)
  return bytes > mostWaitingBytes
}

/** Ends a connection and frees what waits, at once: who reads nothing does not answer a close either. */
export function cutOff({ conn }: Connection): void {
  const { transport } = conn as unknown as Transported
  conn.close(true)
  transport.socket?.terminate()
}
