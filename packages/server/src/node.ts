export {
  toFastifyHook,
  toNodeHandler,
  toNodeMiddleware,
  type FastifyReplyLike,
  type FastifyRequestLike,
  type NodeHandler,
  type NodeMiddleware,
} from './adapters/node.js'
export {
  toExpressGuard,
  toFastifyGuard,
  tokenOf,
  toNodeGuard,
  type ExpressGuard,
  type FastifyGuard,
  type FastifyGuardRequest,
  type GuardRequirements,
  type NodeGuard,
} from './adapters/node-guards.js'
export type { FastifyGuardReply } from './adapters/send-refusal.js'
export {
  oauth1Of,
  toExpressOAuth1Guard,
  toFastifyOAuth1Guard,
  toNodeOAuth1Guard,
  type ExpressOAuth1Guard,
  type FastifyOAuth1Guard,
  type NodeOAuth1Guard,
  type OAuth1Access,
  type OAuth1GuardRequirements,
} from './adapters/oauth1-node-guards.js'
