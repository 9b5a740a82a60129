interface JsonSchema {
  readonly type?: string
  readonly examples?: readonly unknown[]
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly minimum?: number
  readonly minItems?: number
}

/** An example of what a schema describes, made of the examples its fields give; optional fields that give none are left out. */
export function exampleOf(schema: JsonSchema): unknown {
  if (schema.examples?.length) return schema.examples[0]
  if (schema.default !== undefined) return schema.default
  if (schema.const !== undefined) return schema.const
  if (schema.enum?.length) return schema.enum[0]
  if (schema.anyOf?.length) return exampleOf(schema.anyOf[0] ?? {})
  if (schema.type === 'object') return exampleOfObject(schema)
  if (schema.type === 'array') return schema.items ? [exampleOf(schema.items)] : []
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1
  if (schema.type === 'boolean') return true
  return schema.type === 'string' ? 'text' : null
}

function exampleOfObject({ properties = {}, required = [] }: JsonSchema): Record<string, unknown> {
  const shown = Object.entries(properties).filter(([name, field]) => required.includes(name) || says(field))
  return Object.fromEntries(shown.map(([name, field]) => [name, exampleOf(field)]))
}

function says(schema: JsonSchema): boolean {
  return Boolean(schema.examples?.length || schema.default !== undefined || schema.anyOf?.some(says))
}
