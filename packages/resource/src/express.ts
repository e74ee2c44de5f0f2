export { toExpressGuard, toExpressMetadata, type ExpressMiddleware } from './guards/express-guard.js'
export { tokenOf } from './guards/accepted-tokens.js'
export { sendResponse } from './guards/send-response.js'
