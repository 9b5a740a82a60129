import { capital, commonCodes, shapes } from './names.ts'
import { type OpenApi, type Operation, readOperations } from './operations.ts'
import { type AsyncApi, realtimeText } from './realtime-text.ts'
import { commentText, type Schema, signatureOf, typeText, type Writing, writtenOut } from './type-text.ts'

const warning = '// Generated from openapi.json and asyncapi.json by test/generate.ts: npm run generate.\n'

/** The generated files of the client, by their paths: shapes, the typed methods, the table they are made from, realtime. */
export function generateClient(openapi: OpenApi, asyncapi: AsyncApi): ReadonlyMap<string, string> {
  const operations = readOperations(openapi)
  const shapesFile = createShapes(operations)
  const api = apiText(operations, shapesFile)
  const realtime = realtimeText(asyncapi, shapesFile.names)
  return new Map([
    ['client/src/generated/shapes.ts', warning + shapesFile.text()],
    ['client/src/generated/api.ts', warning + api],
    ['client/src/generated/codes.ts', warning + codesText(operations)],
    ['client/src/generated/table.ts', warning + tableText(operations)],
    ['client/src/generated/realtime.ts', warning + realtime],
  ])
}

interface Shapes {
  readonly names: ReadonlyMap<string, string>
  /** The name of the type of something: known by its looks, or made now of a name that nothing else has. */
  named(schema: Schema, name: string): string
  /** The declaration of an input, by its name. */
  declare(name: string, text: string, comment: string): void
  text(): string
}

function createShapes(operations: readonly Operation[]): Shapes {
  const names = new Map<string, string>()
  const declared: string[] = []
  const writing: Writing = { sent: false, names }
  const chosen = Object.entries(shapes).map(([name, place]) => [name, findShape(operations, place)] as const)
  for (const [name, schema] of chosen) names.set(signatureOf(schema, writing), name)
  const declareSchema = (name: string, schema: Schema) => {
    const own = new Map([...names].filter(([, other]) => other !== name))
    const text = writtenOut(schema, { sent: false, names: own })
    declared.push(declaration(name, text, schema.description ?? ''))
  }
  for (const [name, schema] of chosen) declareSchema(name, schema)
  return {
    names,
    named(schema, name) {
      const signature = signatureOf(schema, writing)
      const known = names.get(signature)
      if (known) return known
      if (!schema.properties) return typeText(schema, writing, '')
      names.set(signature, name)
      declareSchema(name, schema)
      return name
    },
    declare: (name, text, comment) => void declared.push(declaration(name, text, comment)),
    text: () => `import type { FileSource } from '../files.ts'\n\n${declared.join('\n')}`,
  }
}

function declaration(name: string, text: string, comment: string): string {
  const isObject = /^\{\n[\s\S]*\n\}$/.test(text) && !text.includes('\n} | {') && !text.includes('\n} & {')
  return `${commentText(comment, '')}${isObject ? `export interface ${name} ${text}` : `export type ${name} = ${text}`}\n`
}

/** `listCourses.items`: what is in the items of the answer of listCourses. */
function findShape(operations: readonly Operation[], place: string): Schema {
  const [operationId = '', ...fields] = place.split('.')
  const answer = operations.find((operation) => operation.operationId === operationId)?.answer
  let schema = answer && answer !== 'file' ? answer.schema : undefined
  for (const field of fields) schema = schema?.properties?.[field]?.items ?? schema?.properties?.[field]
  if (!schema) throw new Error(`test/client/names.ts: there is no ${place}`)
  return schema
}

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' | ') || 'never'

function apiText(operations: readonly Operation[], shapesFile: Shapes): string {
  const resources = byResource(operations)
  const interfaces = resources.map(([resource, own]) => {
    const methods = own.flatMap((operation) => methodTexts(operation, shapesFile))
    return `/** \`client.${resource}\` */\nexport interface ${capital(resource)}Api {\n${methods.join('\n')}\n}\n`
  })
  const used = new Set(interfaces.join('\n').match(/\b[A-Z]\w+/g))
  const imported = [
    ...new Set(
      [...shapesFile.text().matchAll(/^export (?:type|interface) (\w+)/gm)].flatMap(([, name]) => name ?? []),
    ),
  ]
  return `import type { Call, CallOptions, Page } from '../call.ts'
import type { ClientCode } from '../errors.ts'
${used.has('FileSource') ? "import type { FileSource } from '../files.ts'\n" : ''}import type { CommonServerCode } from './codes.ts'
import type {
${imported
  .filter((name) => used.has(name))
  .sort()
  .map((name) => `  ${name},\n`)
  .join('')}} from './shapes.ts'

/** What a request may end with, whichever it is. */
export type CommonCode = ClientCode | CommonServerCode

${interfaces.join('\n')}
/** Every operation of the server: \`client.<resource>.<method>\`. */
export interface Api {
${resources.map(([resource]) => `  readonly ${resource}: ${capital(resource)}Api`).join('\n')}
}
`
}

function codesText(operations: readonly Operation[]): string {
  const all = [...new Set(operations.flatMap(({ codes }) => codes))].sort()
  return `/** The codes that the server refuses with: every one in openapi.json. */
export type ServerCode =
${all.map((code) => `  | '${code}'`).join('\n')}

/** What nearly every operation may be refused with. */
export type CommonServerCode = ${quoted(commonCodes)}
`
}

function methodTexts(operation: Operation, shapesFile: Shapes): string[] {
  const { name, items, answer, alsoCsv, codes } = operation
  const parameters = parametersText(operation, shapesFile)
  const own = codes.filter((code) => !commonCodes.includes(code))
  const code = own.length > 0 ? `${quoted(own)} | CommonCode` : 'CommonCode'
  const base = capital(operation.operationId)
  const type = items
    ? `Page<${shapesFile.named(items, `${base}Item`)}>`
    : answer === null
      ? 'void'
      : answer === 'file'
        ? 'Blob'
        : `${shapesFile.named(answer.schema, `${base}Result`)}${answer.mayBeNothing ? ' | undefined' : ''}`
  const comment = commentText(docOf(operation), '  ')
  return [
    `${comment}  ${name}(${parameters}): Call<${type}, ${code}>`,
    ...(items
      ? [
          `${commentText(`All of \`${name}\`, page after page, as they are asked for.`, '  ')}  ${iteratorName(name)}(${parameters}): AsyncIterableIterator<${shapesFile.named(items, `${base}Item`)}>`,
        ]
      : []),
    ...(alsoCsv
      ? [
          `${commentText(`What \`${name}\` answers, as CSV.`, '  ')}  ${name}Csv(${parameters}): Call<string, ${code}>`,
        ]
      : []),
  ]
}

/** As the runtime makes it (client/src/create-client.ts). */
const iteratorName = (name: string) =>
  name.replace(/^(list|get)?(.*)$/, (_, _verb, rest: string) => `iterate${capital(rest)}`)

function docOf({ summary, description, who, method, path, takesIfMatch }: Operation): string {
  const notes = [
    summary.endsWith('.') ? summary : `${summary}.`,
    description,
    takesIfMatch ? 'Takes `ifMatch` among its options.' : '',
    `\`${method} ${path.startsWith('//') ? path.slice(1) : `/api${path}`}\`${who ? ` (${who})` : ''}`,
  ]
  return notes.filter(Boolean).join('\n\n')
}

/** The rule that client/README.md tells: path parameters in their order, then one object with all fields, then options. */
function parametersText(operation: Operation, shapesFile: Shapes): string {
  const path = operation.pathParameters.map(
    ({ name, schema }) => `${name}: ${typeText(schema, sentWriting, '')}`,
  )
  const input = inputText(operation, shapesFile)
  return [
    ...path,
    ...(input ? [`input${input.required ? '' : '?'}: ${input.type}`] : []),
    'options?: CallOptions',
  ].join(', ')
}

const sentWriting: Writing = { sent: true, names: new Map() }

function inputText(operation: Operation, shapesFile: Shapes): { type: string; required: boolean } | null {
  const { fields, body, operationId } = operation
  const name = `${capital(operationId)}Input`
  const object: Schema = {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, field.schema])),
    required: fields.filter(({ required }) => required).map(({ name }) => name),
  }
  const fieldsRequired = (object.required ?? []).length > 0
  if (!body) {
    if (fields.length === 0) return null
    shapesFile.declare(name, writtenOut(object, sentWriting), '')
    return { type: name, required: fieldsRequired }
  }
  const raw = body.kind === 'text' ? 'string' : body.kind === 'bytes' ? 'FileSource' : null
  if (fields.length === 0) {
    shapesFile.declare(name, raw ?? writtenOut(body.schema, sentWriting), body.schema.description ?? '')
    return { type: name, required: body.required }
  }
  const rest = raw ? `{ body: ${raw} }` : writtenOut(body.schema, sentWriting)
  shapesFile.declare(name, `${writtenOut(object, sentWriting)} & ${rest}`, '')
  return { type: name, required: body.required || fieldsRequired }
}

function tableText(operations: readonly Operation[]): string {
  const lines = byResource(operations).map(
    ([resource, own]) =>
      `  ${resource}: {\n${own.map((operation) => `    ${operation.name}: '${entryText(operation)}',`).join('\n')}\n  },`,
  )
  return `/** What create-client.ts makes the methods of: method, path, and the words that it explains. */
export const table: Readonly<Record<string, Readonly<Record<string, string>>>> = {
${lines.join('\n')}
}
`
}

const byResource = (operations: readonly Operation[]) =>
  [...Map.groupBy(operations, ({ resource }) => resource)].sort(([a], [b]) => (a < b ? -1 : 1))

function entryText({
  method,
  path,
  body,
  fields,
  answer,
  items,
  alsoCsv,
  takesKey,
  session,
  saysClient,
}: Operation): string {
  const headers = fields.flatMap(({ header }) => header ?? [])
  const queries = fields.filter(({ header }) => header === null).map(({ name }) => name)
  const words = [
    method,
    path,
    ...(body ? [body.kind] : []),
    ...(headers.length > 0 ? [`headers=${headers}`] : []),
    ...(queries.length > 0 ? [body ? `query=${queries}` : 'query'] : []),
    ...(answer === 'file' ? ['file'] : answer === null ? ['nothing'] : []),
    ...(items ? ['pages'] : []),
    ...(alsoCsv ? ['csv'] : []),
    ...(takesKey ? ['key'] : []),
    ...(session ? [session] : []),
    ...(saysClient ? ['client'] : []),
  ]
  return words.join(' ')
}
