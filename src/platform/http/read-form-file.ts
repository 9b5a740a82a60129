import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { App } from './app.ts'
import { badField, Refusal, refuse, unsupportedMedia } from './refusal.ts'

/** Adds routes that take forms, as streams that the handler reads. All others answer 415 to one, and go without what looks after its files. */
export async function takeForms(app: App, routes: (forms: App) => void): Promise<void> {
  await app.register(async (forms: App) => {
    await forms.register(multipart, { throwFileSizeLimit: true })
    routes(forms)
  })
}

/** The body that the reference shows for a form with one file: `config: { documentedBody: formWithFile('PNG to 5 MB.') }`. */
export function formWithFile(description: string) {
  return {
    type: 'object',
    properties: { file: { type: 'string', format: 'binary', description } },
    required: ['file'],
    additionalProperties: false,
  }
}

/**
 * The one file of a form, its field `file`, whole in memory: for what is small. What is longer is not read to its end.
 * @throws Refusal 413 over `mostBytes`, 415 where it is no form, 400 for other fields, a missing file or a malformed form
 */
export async function readFormFile(
  request: FastifyRequest,
  { mostBytes }: { mostBytes: number },
): Promise<Buffer> {
  if (!request.isMultipart()) throw refuse(unsupportedMedia, 'Send multipart/form-data with a field "file".')
  const limits = { fileSize: mostBytes, files: 1, fields: 1, fieldSize: 1_000, parts: 2 }
  let file: Buffer | null = null
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type !== 'file' || part.fieldname !== 'file')
        throw badField(`/${part.fieldname}`, 'is not a known field')
      file = await part.toBuffer()
    }
  } catch (error) {
    // The parser's own errors for a malformed form are plain ones.
    if (error instanceof Refusal || (error instanceof Error && 'statusCode' in error)) throw error
    throw badField('', 'The form is malformed.')
  }
  if (!file) throw badField('/file', 'is required')
  return file
}
