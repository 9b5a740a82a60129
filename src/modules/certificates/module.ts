import type { Module } from '../../platform/module.ts'
import { certificateRoutes } from './certificate-routes.ts'
import { childOverviewRoutes } from './child-overview-routes.ts'
import { childCertificateRoutes } from './child-routes.ts'
import { downloadRoutes } from './download-routes.ts'
import { certificateJobs } from './jobs.ts'
import { certificatePages } from './pages.ts'
import { certificateData } from './personal-data.ts'
import { certificateSubscribers } from './subscribers.ts'
import { verifyRoutes } from './verify-routes.ts'

export const certificates: Module = {
  name: 'certificates',
  routes(app, deps) {
    certificateRoutes(app, deps)
    downloadRoutes(app, deps)
    childCertificateRoutes(app, deps)
    childOverviewRoutes(app, deps)
    verifyRoutes(app, deps)
  },
  pages: certificatePages,
  subscribers: certificateSubscribers,
  jobs: certificateJobs,
  personalData: certificateData,
}
