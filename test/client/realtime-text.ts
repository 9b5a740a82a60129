import { commentText, type Schema, typeText } from './type-text.ts'

export interface AsyncApi {
  readonly channels: {
    readonly realtime: { readonly messages: Readonly<Record<string, { readonly payload: Schema }>> }
  }
  readonly operations: Readonly<
    Record<string, { readonly action: 'send' | 'receive'; readonly summary?: string }>
  >
}

/** The requests and pushes of the sockets as types; what looks like a shape of the HTTP API is called as it is there. */
export function realtimeText({ channels, operations }: AsyncApi, names: ReadonlyMap<string, string>): string {
  const { messages } = channels.realtime
  const payload = (name: string): Schema => {
    const message = messages[name]
    if (!message) throw new Error(`asyncapi.json has no message ${name}`)
    return message.payload
  }
  const received = { sent: false, names }
  const sent = { sent: true, names: new Map<string, string>() }
  const described = Object.entries(operations)
  const requests = described.flatMap(([name, { action, summary = '' }]) => {
    if (action !== 'receive') return []
    const reply = payload(`${name}.reply`)
    const input = typeText(payload(name), sent, '    ')
    const answer = typeText(withoutOk(reply), received, '    ')
    return `${commentText(summary, '  ')}  '${name}': {\n    input: ${input}\n    reply: ${answer}\n  }`
  })
  const pushes = described.flatMap(([name, { action, summary = '' }]) =>
    action === 'send'
      ? `${commentText(summary, '  ')}  '${name.slice('push '.length)}': ${typeText(payload(name), received, '  ')}`
      : [],
  )
  const text = `/** What a device asks for, and how it is answered where it is not refused. */
export interface Requests {
${requests.join('\n')}
}

/** What the server pushes. */
export interface Pushes {
${pushes.join('\n')}
}
`
  const used = [...new Set(names.values())].filter((name) => new RegExp(`\\b${name}\\b`).test(text)).sort()
  return `import type { ${used.join(', ')} } from './shapes.ts'\n\n${text}`
}

/** `ok` tells an answer from a refusal; who awaits a request gets the one or is thrown the other. */
function withoutOk(reply: Schema): Schema {
  const { ok: _, ...properties } = reply.properties ?? {}
  return { ...reply, properties, required: (reply.required ?? []).filter((name) => name !== 'ok') }
}
