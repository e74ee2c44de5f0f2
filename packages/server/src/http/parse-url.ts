export { isUrlText, parseUrl, toUrl } from '@latchkey/resource/internals'
