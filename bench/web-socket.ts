import { request } from 'node:http'
import type { Socket } from 'node:net'

export interface Texts {
  send(text: string): void
  close(): void
}

/**
 * A WebSocket (RFC 6455) for texts of less than 64 KiB, in one frame each, and for nothing else: the one of Node.js stops its process for
 * 10 to 20 ms every second to collect what thousands of them leave, and shares the processor with what is measured.
 */
export function openTexts(
  { port, path }: { port: number; path: string },
  hear: (text: string, texts: Texts) => void,
): Promise<Texts> {
  const { promise, resolve, reject } = Promise.withResolvers<Texts>()
  const headers = {
    connection: 'upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  }
  request({ host: '127.0.0.1', port, path, headers, agent: false })
    .on('error', reject)
    .on('response', ({ statusCode }) => reject(new Error(`not let in: ${statusCode}`)))
    .on('upgrade', (_answer, socket, head) => {
      const texts = {
        send: (text: string) => void socket.write(frameOf(text)),
        close: () => socket.destroy(),
      }
      listen(socket as Socket, head, (text) => hear(text, texts))
      resolve(texts)
    })
    .end()
  return promise
}

/** Clients mask what they send (section 5.3); the mask of zeros leaves it as it is. */
function frameOf(text: string): Buffer {
  const bytes = Buffer.byteLength(text)
  const head = bytes < 126 ? 2 : 4
  const frame = Buffer.alloc(head + 4 + bytes)
  frame[0] = 0x81
  frame[1] = 0x80 | Math.min(bytes, 126)
  if (bytes >= 126) frame.writeUInt16BE(bytes, 2)
  frame.write(text, head + 4)
  return frame
}

function listen(socket: Socket, first: Buffer, hear: (text: string) => void): void {
  let kept = first
  const read = () => {
    for (;;) {
      const [kind = 0, short = 0] = kept
      const head = short < 126 ? 2 : 4
      if (kept.length < head) return
      const end = head + (short < 126 ? short : kept.readUInt16BE(2))
      if (kept.length < end) return
      if (kind === 0x81) hear(kept.toString('utf8', head, end))
      kept = kept.subarray(end)
    }
  }
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  socket.on('data', (data: Buffer) => {
    kept = kept.length > 0 ? Buffer.concat([kept, data]) : data
    read()
  })
  read()
}
