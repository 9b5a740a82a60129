import { Type } from 'typebox'
import { Id } from '../../platform/ids.ts'
import { defineJob } from '../../platform/jobs/jobs.ts'

/** Makes the PDF ahead of the first download. */
export const renderPdf = defineJob('certificates.render-pdf', Type.Object({ certificateId: Id }))

/** Removes a PDF that is not to be given out any more. */
export const discardPdf = defineJob('certificates.discard-pdf', Type.Object({ key: Type.String() }))
