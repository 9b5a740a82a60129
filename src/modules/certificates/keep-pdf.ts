import { Readable } from 'node:stream'
import type { Deps } from '../../platform/deps.ts'
import { pdfKey } from './pdf-key.ts'
import { type CertificateRow, findCertificate } from './queries.ts'

/** The PDF of a certificate: the stored one, or one that is made and stored now. */
export async function openPdf(
  deps: Deps,
  certificate: CertificateRow,
): Promise<{ stream: Readable; bytes: number }> {
  const stored = await deps.storage.open(pdfKey(certificate, deps.config))
  if (stored) return stored
  const pdf = await makePdf(deps, certificate)
  return { stream: Readable.from([pdf]), bytes: pdf.length }
}

/** Makes the PDF and stores it, but for one that was revoked or lost its name while it was made: its removal may be past. */
export async function makePdf(deps: Deps, certificate: CertificateRow): Promise<Buffer> {
  const { config, db, storage } = deps
  // Loaded with the first certificate: what writes it is large.
  const { renderCertificate } = await import('./render-certificate.ts')
  const { pdf, missing } = await renderCertificate(certificate, config)
  if (missing) deps.log.warn({ certificateId: certificate.id }, 'a certificate has letters that no font has')
  const key = pdfKey(certificate, config)
  await storage.put(key, pdf, { contentType: 'application/pdf' })
  const now = await findCertificate(db, certificate.id)
  if (!now || now.revoked_at || pdfKey(now, config) !== key) await storage.delete(key)
  return pdf
}
