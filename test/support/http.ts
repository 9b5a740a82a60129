/** What came back. `body` is the parsed JSON, the text of anything else, or null. */
export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape, and a wrong guess fails there
  readonly body: any
  readonly headers: Headers
}

interface RequestOptions {
  readonly headers?: Record<string, string>
}

/** Real HTTP by fetch, with a bearer or without. */
export interface Client {
  get(path: string, options?: RequestOptions): Promise<Answer>
  head(path: string, options?: RequestOptions): Promise<Answer>
  post(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>
  put(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>
  patch(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>
  delete(path: string, body?: unknown, options?: RequestOptions): Promise<Answer>
  as(bearer: string): Client
}

export function httpClient(address: string, bearer?: string): Client {
  async function send(
    method: string,
    path: string,
    body: unknown,
    options: RequestOptions = {},
  ): Promise<Answer> {
    const raw =
      body === undefined || body instanceof Blob || body instanceof FormData || typeof body === 'string'
    const response = await fetch(new URL(path, address), {
      method,
      redirect: 'manual',
      headers: {
        ...(raw ? {} : { 'content-type': 'application/json' }),
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...options.headers,
      },
      ...(body === undefined
        ? {}
        : { body: raw ? (body as Blob | FormData | string) : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      body: isJson && text ? JSON.parse(text) : text || null,
      headers: response.headers,
    }
  }
  return {
    get: (path, options) => send('GET', path, undefined, options),
    head: (path, options) => send('HEAD', path, undefined, options),
    post: (path, body, options) => send('POST', path, body, options),
    put: (path, body, options) => send('PUT', path, body, options),
    patch: (path, body, options) => send('PATCH', path, body, options),
    delete: (path, body, options) => send('DELETE', path, body, options),
    as: (token) => httpClient(address, token),
  }
}
