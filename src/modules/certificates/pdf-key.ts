import { hash } from 'node:crypto'
import type { Config } from '../../platform/config.ts'
import { verifyUrl } from './rules.ts'

/** Raise it where the layout changes: what was stored in an older one is then made anew at the next download. */
const layout = 2

interface Certificate {
  readonly id: string
  readonly code: string
  readonly token: string
}

/** Names what a PDF shows: all of it is in the signed claims and the address. */
export function pdfVersion({ code, token }: Certificate, { publicUrl }: Config): string {
  return hash('sha256', `${layout} ${verifyUrl(publicUrl, code, token)}`, 'hex').slice(0, 32)
}

/** Where the PDF lies in the storage. */
export function pdfKey(certificate: Certificate, config: Config): string {
  return `certificates/${certificate.id}/${pdfVersion(certificate, config)}.pdf`
}
