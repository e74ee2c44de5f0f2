export { toNodeGuard, toNodeMetadataHandler, type NodeGuard, type NodeMetadataHandler } from './guards/node-guard.js'
export { tokenOf } from './guards/accepted-tokens.js'
export { sendResponse } from './guards/send-response.js'
