export { rar, type RarOptions } from './features/rar/rar.js'
export type { AuthorizationDetailsType } from './features/rar/authorization-details.js'
