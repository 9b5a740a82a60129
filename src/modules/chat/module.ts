import type { Module } from '../../platform/module.ts'

export const chat: Module = { name: 'chat' }
