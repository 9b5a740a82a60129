import { handle, type JobHandler } from '../../platform/jobs/jobs.ts'
import { makePdf } from './keep-pdf.ts'
import { discardPdf, renderPdf } from './pdf-jobs.ts'
import { findCertificate } from './queries.ts'

export const certificateJobs: readonly JobHandler[] = [
  handle(renderPdf, async (deps, { certificateId }) => {
    const certificate = await findCertificate(deps.db, certificateId)
    if (certificate && !certificate.revoked_at) await makePdf(deps, certificate)
  }),
  handle(discardPdf, ({ storage }, { key }) => storage.delete(key)),
]
