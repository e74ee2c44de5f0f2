export { isRecord } from '@latchkey/resource/internals'
