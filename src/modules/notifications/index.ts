export { tellPeople } from './tell-people.ts'
export { quoted, type Words } from './words.ts'
