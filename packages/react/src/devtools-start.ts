export { startDevtools, type StartDevtoolsOptions } from './devtools/start-devtools.js'
