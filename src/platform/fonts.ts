import { join } from 'node:path'

const folder = join(import.meta.dirname, '../../assets/fonts')

/**
 * The fonts that documents embed, as TrueType files. They have the letters of the Latin (with every diacritic), Greek, Cyrillic,
 * Armenian and Georgian scripts and the signs of currencies; a letter of another script is printed as an empty box.
 */
export const fonts = {
  regular: join(folder, 'DejaVuSans.ttf'),
  bold: join(folder, 'DejaVuSans-Bold.ttf'),
} as const
