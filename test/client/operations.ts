import { endsSession, type MethodName, nameMethods } from './names.ts'
import type { Schema } from './type-text.ts'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly description?: string
  readonly schema: Schema
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>

interface Described {
  readonly operationId: string
  readonly summary?: string
  readonly description?: string
  readonly deprecated?: boolean
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description?: string; readonly content?: Content }>>
  readonly 'x-who'?: string
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** What the client needs to know of one operation. */
export interface Operation extends MethodName {
  readonly operationId: string
  readonly method: string
  /** As the client writes it: without `/api`; what stands beside it, with two slashes. */
  readonly path: string
  readonly summary: string
  readonly description: string
  readonly who: string
  /** In the order of the path. */
  readonly pathParameters: readonly Parameter[]
  /** All named fields that are given in one object, but for those of a JSON body; headers by their camel-cased names. */
  readonly fields: readonly Field[]
  readonly body: {
    readonly kind: 'json' | 'form' | 'text' | 'bytes'
    readonly schema: Schema
    readonly required: boolean
  } | null
  /** JSON that is answered; null where it is nothing, `file` where it is something else. */
  readonly answer: { readonly schema: Schema; readonly mayBeNothing: boolean } | 'file' | null
  /** Where the answer is a list in pages: what its items are. */
  readonly items: Schema | null
  readonly alsoCsv: boolean
  /** Takes an Idempotency-Key. */
  readonly takesKey: boolean
  readonly takesIfMatch: boolean
  readonly session: 'begins' | 'ends' | null
  readonly saysClient: boolean
  /** What it may be refused with. */
  readonly codes: readonly string[]
}

export interface Field {
  readonly name: string
  readonly header: string | null
  readonly required: boolean
  readonly schema: Schema
}

const ownHeaders = ['if-match', 'idempotency-key']
const methods = ['get', 'post', 'put', 'patch', 'delete']

export function readOperations(document: OpenApi): Operation[] {
  const described = Object.entries(document.paths).flatMap(([path, byMethod]) =>
    methods.flatMap((method) => {
      const operation = byMethod[method]
      return operation ? [{ path, method, operation, operationId: operation.operationId }] : []
    }),
  )
  const names = nameMethods(described)
  return described.map(({ path, method, operation }) => {
    const { operationId, parameters = [], summary = '', description = '' } = operation
    const name = names.get(operationId)
    if (!name) throw new Error(`${operationId} has no name`)
    const headers = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name)
    const body = readBody(operation)
    const answer = readAnswer(operation)
    const schema = answer && answer !== 'file' ? answer.schema : undefined
    const items = schema?.properties?.nextCursor ? (schema.properties.items?.items ?? null) : null
    return {
      ...name,
      operationId,
      method: method.toUpperCase(),
      path: path.startsWith('/api/') ? path.slice('/api'.length) : `/${path}`,
      summary,
      description,
      who: operation['x-who'] ?? '',
      pathParameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
        const found = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)
        if (!found) throw new Error(`${operationId} does not describe {${name}}`)
        return found
      }),
      fields: parameters.filter((one) => one.in !== 'path' && !ownHeaders.includes(one.name)).map(readField),
      body,
      answer,
      items: parameters.some(({ name }) => name === 'cursor') ? items : null,
      alsoCsv: successes(operation).some(
        ({ content }) => content?.['text/csv'] && content['application/json'],
      ),
      takesKey: headers.includes('idempotency-key'),
      takesIfMatch: headers.includes('if-match'),
      session: endsSession.includes(operationId) ? 'ends' : schema?.properties?.accessToken ? 'begins' : null,
      saysClient:
        schema?.properties?.accessToken !== undefined && body?.schema.properties?.client !== undefined,
      codes: readCodes(operation),
    }
  })
}

const readField = ({ name, in: place, required = false, schema, description }: Parameter): Field => ({
  name: place === 'header' ? name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()) : name,
  header: place === 'header' ? name : null,
  required,
  schema: description === undefined ? schema : { ...schema, description },
})

const kinds = { 'application/json': 'json', 'multipart/form-data': 'form', 'text/csv': 'text' } as const

function readBody({ requestBody }: Described): Operation['body'] {
  if (!requestBody) return null
  const [[type, { schema = {} }] = ['', {}]] = Object.entries(requestBody.content)
  const kind = kinds[type as keyof typeof kinds] ?? 'bytes'
  // A body that may be left out is described as itself or null.
  const options = schema.anyOf?.filter((option) => option.type !== 'null')
  const only = options?.length === 1 ? options[0] : undefined
  const optional = schema.anyOf?.some((option) => option.type === 'null') ?? false
  return { kind, schema: only ?? schema, required: !optional && requestBody.required !== false }
}

const successes = ({ responses }: Described) =>
  Object.entries(responses).flatMap(([status, response]) => (status.startsWith('2') ? [response] : []))

/** Where several statuses answer with something, the shapes of all of them. */
function readAnswer(operation: Described): Operation['answer'] {
  const contents = successes(operation).flatMap(({ content }) => (content ? [content] : []))
  if (contents.length === 0) return null
  const json = contents.flatMap((content) => content['application/json']?.schema ?? [])
  if (json.length === 0) return 'file'
  const different = [
    ...new Map(json.map((schema) => [JSON.stringify(schema.properties ?? schema), schema])).values(),
  ]
  const [first = {}] = different
  const mayBeNothing = successes(operation).some(({ content }) => !content)
  return { schema: different.length === 1 ? first : { anyOf: different }, mayBeNothing }
}

/** The codes begin the paragraphs of the descriptions: `` `stale`: It was changed … ``. */
function readCodes({ operationId, responses }: Described): string[] {
  const codes = Object.entries(responses).flatMap(([status, { description = '', content }]) => {
    if (!content?.['application/problem+json']) return []
    const found = [...description.matchAll(/^`([a-z_]+)`:/gm)].flatMap(([, code]) => code ?? [])
    if (found.length === 0) throw new Error(`the ${status} of ${operationId} does not tell its code`)
    return found
  })
  return [...new Set(codes)]
}
