import type { Module } from '../../platform/module.ts'
import { enrollmentData } from './personal-data.ts'
import { enrollmentRoutes } from './routes.ts'

export const enrollments: Module = { name: 'enrollments', routes: enrollmentRoutes, personalData: enrollmentData }
