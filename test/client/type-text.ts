/** The part of JSON Schema that the routes use. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly additionalProperties?: boolean | Schema
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly minProperties?: number
  readonly default?: unknown
}

/**
 * Writes schemas as TypeScript. `sent`: what a caller gives, where an optional field may be undefined. `names`: types that
 * have a name, by their text without comments, so that what looks the same is called the same.
 */
export interface Writing {
  readonly sent: boolean
  readonly names: ReadonlyMap<string, string>
}

const bare: Writing = { sent: false, names: new Map() }
const texts = new WeakMap<Schema, Map<boolean, string>>()

/** What two schemas of one type have in common: their text without names or comments. */
export function signatureOf(schema: Schema, { sent }: { sent: boolean }): string {
  const known = texts.get(schema) ?? new Map<boolean, string>()
  texts.set(schema, known)
  const text = known.get(sent) ?? write(schema, { ...bare, sent }, null)
  known.set(sent, text)
  return text
}

/** The type of a schema: its name where it has one. */
export function typeText(schema: Schema, writing: Writing, indent: string): string {
  return writing.names.get(signatureOf(schema, writing)) ?? write(schema, writing, indent)
}

/** The type of a schema, written out even where it has a name. */
export function writtenOut(schema: Schema, writing: Writing): string {
  return write(schema, writing, '')
}

function write(schema: Schema, writing: Writing, indent: string | null): string {
  const inner = (part: Schema) =>
    indent === null ? write(part, writing, null) : typeText(part, writing, indent)
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? 'unknown'
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.enum) return union(schema.enum.map(literal))
  const options = schema.anyOf ?? schema.oneOf
  if (options) return union(options.map(inner))
  if (schema.allOf) return schema.allOf.map(inner).join(' & ')
  if (schema.type === 'array') return `${inBrackets(schema.items ? inner(schema.items) : 'unknown')}[]`
  if (schema.format === 'binary') return 'FileSource'
  if (schema.type === 'object' || schema.properties) return writeObject(schema, writing, indent)
  return (
    { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' }[
      schema.type ?? ''
    ] ?? 'unknown'
  )
}

function writeObject(schema: Schema, writing: Writing, indent: string | null): string {
  const { properties = {}, required = [], additionalProperties: more, patternProperties } = schema
  const entries = Object.entries(properties)
  const loose = patternProperties
    ? Object.values(patternProperties)[0]
    : typeof more === 'object'
      ? more
      : undefined
  if (entries.length === 0) {
    if (loose || more === true) return `Record<string, ${loose ? inLine(loose, writing, indent) : 'unknown'}>`
    return 'Record<string, never>'
  }
  const next = indent === null ? null : `${indent}  `
  const fields = entries.map(([name, field]) => {
    const optional = !required.includes(name)
    const type = next === null ? write(field, writing, null) : typeText(field, writing, next)
    const undefinedToo = optional && writing.sent ? ' | undefined' : ''
    const comment = next === null ? '' : commentText(fieldComment(field), next)
    return `${comment}${next ?? ''}${propertyName(name)}${optional ? '?' : ''}: ${type}${undefinedToo}`
  })
  return next === null ? `{ ${fields.join('; ')} }` : `{\n${fields.join('\n')}\n${indent}}`
}

const inLine = (schema: Schema, writing: Writing, indent: string | null) =>
  indent === null ? write(schema, writing, null) : typeText(schema, writing, indent)

function fieldComment({ description, default: usual }: Schema): string {
  const said = usual === undefined ? '' : `Default: \`${JSON.stringify(usual)}\`.`
  return [description ?? '', said].filter(Boolean).join(' ')
}

/** A docstring at an indentation, or nothing for no words. */
export function commentText(words: string, indent: string): string {
  if (!words) return ''
  const lines = words.replaceAll('*/', '* /').split('\n')
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`
}

const literal = (value: unknown) =>
  typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value)
const union = (parts: readonly string[]) => [...new Set(parts)].join(' | ')
const inBrackets = (text: string) => (/ [|&] /.test(text) && !text.startsWith('{') ? `(${text})` : text)
const propertyName = (name: string) => (/^[a-zA-Z_$][\w$]*$/.test(name) ? name : `'${name}'`)
